/* SPDX-License-Identifier: MIT */
/* A writer to a pager-backed mem, and its server that takes, drops, cuts and changes pages at the same moment. */
#include "calls.h"

#define PAGE	4096ul
#define ROUNDS	3000
#define N	3000ul		/* bytes of a write */

static long port, mem;
static unsigned char disk[8 * 4096] __attribute__((aligned(4096)));
static unsigned char buf[4096] __attribute__((aligned(4096))), bytes[4096];
static volatile uint32_t go, did, over;

static void pager(void *arg)
{
	struct msg m;

	(void)arg;
	while (sys(SYS_recv, port, &m, T_FOREVER) == 0 && m.kind == MSG_PAGE)
		if (m.w[0] == PAGE_IN && m.w[1] + m.w[2] <= sizeof(disk))
			sys(SYS_mem_supply, mem, m.w[1], disk + m.w[1], m.w[2]);
		else if (m.w[0] == PAGE_IN)
			sys(SYS_mem_fail, mem, m.w[1], m.w[2], 5);
		else if (m.w[0] == PAGE_RESERVE)
			sys(SYS_mem_grant, mem, 8);
}

static void new_mem(uint64_t size)
{
	if (port == 0) {
		port = sys(SYS_port_create, 0);
		thread(pager, 0);
	} else {
		sys(SYS_handle_close, mem);
	}
	mem = sys(SYS_mem_pager, port, 1, size, 0);
	check(mem >= H_HIGH);
}

static void wait_for(volatile uint32_t *v, uint32_t n)
{
	while (__atomic_load_n(v, __ATOMIC_ACQUIRE) < n)
		sys(SYS_yield);
}

static void writer(void *arg)
{
	uint64_t off = (uint64_t)arg;

	for (uint32_t i = 1; ; i++) {
		wait_for(&go, i);
		if (over)
			break;
		fill(bytes, (int)(1 + i % 200), N);
		expect(sys(SYS_mem_write, mem, off, bytes, N), N);
		__atomic_store_n(&did, i, __ATOMIC_RELEASE);
	}
	__atomic_store_n(&did, UINT32_MAX, __ATOMIC_RELEASE);
}

/*
 * Each round: one write of N bytes at off beside mine(), then after(the byte that was written). On a host with
 * few processors a round takes long: it may be fewer.
 */
static void race(uint64_t off, void (*mine)(void), void (*after)(int c))
{
	long end = now() + 2000000000;
	uint32_t i;

	go = did = over = 0;
	thread(writer, (void *)off);
	for (i = 1; i <= ROUNDS && now() < end; i++) {
		__atomic_store_n(&go, i, __ATOMIC_RELEASE);
		mine();
		wait_for(&did, i);
		after((int)(1 + i % 200));
	}
	over = 1;
	__atomic_store_n(&go, i, __ATOMIC_RELEASE);
	wait_for(&did, UINT32_MAX);
}

static int are(const unsigned char *p, size_t n, int c)
{
	for (size_t i = 0; i < n; i++)
		if (p[i] != c)
			return 0;
	return 1;
}

static int cached(uint64_t off, uint64_t n, int c)
{
	return sys(SYS_mem_read, mem, off, buf, n) == (long)n && are(buf, n, c);
}

static void take(void)
{
	sys(SYS_mem_take, mem, PAGE, disk + PAGE, PAGE);
}

static void on_disk(int c)
{
	take();
	check(are(disk + PAGE, N, c));
}

static void what_is_written_while_it_is_taken_is_dirty(void)
{
	new_mem(sizeof(disk));
	race(PAGE, take, on_disk);
}

static void take_and_drop(void)
{
	take();
	expect(sys(SYS_mem_drop, mem, 0, sizeof(disk)), 0);
}

static void same_after_drop(int c)
{
	check(cached(PAGE, N, c));
}

static void what_is_dropped_comes_back(void)
{
	new_mem(sizeof(disk));
	race(PAGE, take_and_drop, same_after_drop);
}

static void drop_dirty(void)
{
	fill(disk + PAGE, 255, PAGE);
	expect(sys(SYS_mem_drop, mem, PAGE, MEM_DIRTY_TOO | PAGE), 0);
}

static void dropped_or_written(int c)
{
	check(cached(PAGE, N, 255) || cached(PAGE, N, c));
	check(cached(PAGE + N, PAGE - N, 255));
}

static void a_write_comes_before_or_after_a_drop(void)
{
	new_mem(sizeof(disk));
	race(PAGE, drop_dirty, dropped_or_written);
}

static void shrink(void)
{
	long size = sys(SYS_mem_size, mem, 1);

	check(size == 1 || size == N);	/* a write may come before it is asked for */
}

static void short_or_whole(int c)
{
	uint64_t size = (uint64_t)sys(SYS_mem_size, mem, -1);

	check(size == 1 || (size == N && cached(1, N - 1, c)));
}

static void a_write_comes_before_or_after_a_cut(void)
{
	fill(disk, 0, sizeof(disk));
	new_mem(0);
	race(0, shrink, short_or_whole);
}

static void change(void)
{
	fill(disk + PAGE + N, 254, 500);
	expect(sys(SYS_mem_supply, mem, PAGE + N, disk + PAGE + N, MEM_PATCH | 500), 0);
}

static void changed_and_written(int c)
{
	check(cached(PAGE, N, c) && cached(PAGE + N, 500, 254));
	expect(sys(SYS_mem_supply, mem, PAGE + N, 0, MEM_PATCH | 500), 0);
	check(cached(PAGE + N, 500, 0));
}

static void a_page_is_changed_beside_a_write(void)
{
	fill(disk, 0, sizeof(disk));
	new_mem(sizeof(disk));
	check(cached(PAGE, PAGE, 0));
	race(PAGE, change, changed_and_written);
}

static void only_grows(void)
{
	sys(SYS_mem_size, mem, MEM_GROW | PAGE);
}

static void grown(int c)
{
	expect(sys(SYS_mem_size, mem, -1), 3 * PAGE + N);
	check(cached(3 * PAGE, N, c));
	expect(sys(SYS_mem_size, mem, 0), 0);
}

static void who_grows_never_shrinks(void)
{
	new_mem(0);
	race(3 * PAGE, only_grows, grown);
	expect(sys(SYS_mem_size, mem, MEM_GROW | (1ul << 50)), -22);
}

const struct test tests[] = {
	{ "what_is_written_while_it_is_taken_is_dirty", what_is_written_while_it_is_taken_is_dirty },
	{ "what_is_dropped_comes_back", what_is_dropped_comes_back },
	{ "a_write_comes_before_or_after_a_drop", a_write_comes_before_or_after_a_drop },
	{ "a_write_comes_before_or_after_a_cut", a_write_comes_before_or_after_a_cut },
	{ "a_page_is_changed_beside_a_write", a_page_is_changed_beside_a_write },
	{ "who_grows_never_shrinks", who_grows_never_shrinks },
};
const int ntests = sizeof(tests) / sizeof(*tests);
