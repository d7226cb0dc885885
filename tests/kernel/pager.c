/* SPDX-License-Identifier: MIT */
/* The page cache: a thread of the test is the pager, the others read, write and map. */
#include "calls.h"

#define PAGE	4096ul
#define KEY	777

static long port;
static volatile long mem;
static volatile uint32_t pages_in, reserves, dirties, pressures, aheads, deny_credit, deny_pages;
static volatile uint64_t last_len, last_want;
static unsigned char data[256 * 1024] __attribute__((aligned(4096)));	/* the "disk" */
static volatile uint32_t done;

static void finish(void)
{
	__atomic_add_fetch(&done, 1, __ATOMIC_SEQ_CST);
	sys(SYS_futex_wake, &done, 1, 0);
}

static void wait_done(uint32_t n)
{
	uint32_t v;

	while ((v = __atomic_load_n(&done, __ATOMIC_SEQ_CST)) != n)
		sys(SYS_futex_wait, &done, v, T_FOREVER, 0);
}

static void page_in(uint64_t off, uint64_t len)
{
	pages_in++;
	last_len = len;
	if (deny_pages)
		sys(SYS_mem_fail, mem, off, len, 5);
	else if (off + len <= sizeof(data))
		expect(sys(SYS_mem_supply, mem, off, data + off, len), 0);
	else
		sys(SYS_mem_fail, mem, off, len, 5);
}

static void write_back(void)
{
	struct mem_run runs[16];
	long n = sys(SYS_mem_dirty, mem, runs, 16);

	check(n >= 0);
	for (long i = 0; i < n; i++)
		check(sys(SYS_mem_take, mem, runs[i].off, data + runs[i].off, runs[i].len) >= 0);
}

static void pager(void *arg)
{
	struct msg m;

	(void)arg;
	while (sys(SYS_recv, port, &m, T_FOREVER) == 0 && m.kind == MSG_PAGE) {
		check(m.id == KEY);
		switch (m.w[0]) {
		case PAGE_IN:
			page_in(m.w[1], m.w[2]);
			break;
		case PAGE_RESERVE:
			reserves++;
			last_want = m.w[2];
			if (deny_credit)
				sys(SYS_mem_fail, mem, 0, 0, 28);
			else
				expect(sys(SYS_mem_grant, mem, 2), 0);
			break;
		case PAGE_DIRTY:
			dirties++;
			break;
		case PAGE_AHEAD:
			check(m.w[1] == 8 * PAGE);
			aheads++;
			break;
		case PAGE_PRESSURE:
			pressures++;
			write_back();
			break;
		}
	}
	finish();
}

static void start_pager(void)
{
	if (port != 0)
		return;
	port = sys(SYS_port_create, 0);
	for (size_t i = 0; i < sizeof(data); i++)
		data[i] = (unsigned char)(i * 31 + i / PAGE);
	for (int i = 0; i < 2; i++)
		thread(pager, 0);
}

static void new_mem(uint64_t size)
{
	start_pager();
	if (mem != 0)
		sys(SYS_handle_close, mem);
	mem = sys(SYS_mem_pager, port, KEY, size, 0);
	check(mem >= H_HIGH);
	pages_in = reserves = dirties = 0;
}

static long map_mem(uint64_t n, int prot, int flags)
{
	struct vm_map m = { H_NONE, (handle_t)mem, 0, n, 0, (uint32_t)prot, (uint32_t)flags };

	return sys(SYS_vm_map, &m);
}

static void reads_come_from_the_pager(void)
{
	static unsigned char buf[3 * 4096];

	new_mem(64 * PAGE);
	expect(sys(SYS_mem_read, mem, 5000, buf, sizeof(buf)), sizeof(buf));
	check(same(buf, data + 5000, sizeof(buf)));
	check(pages_in >= 1);
	pages_in = 0;
	expect(sys(SYS_mem_read, mem, 5000, buf, sizeof(buf)), sizeof(buf));
	expect(pages_in, 0);
}

static void sequential_reads_ask_for_more(void)
{
	static unsigned char buf[4096];

	new_mem(64 * PAGE);
	for (uint64_t i = 0; i < 64; i++) {
		expect(sys(SYS_mem_read, mem, i * PAGE, buf, PAGE), PAGE);
		check(same(buf, data + i * PAGE, PAGE));
	}
	expect(pages_in, 4);
}

/* Once, and not of readers of other pages. */
/* However long the range: the kernel does not go through what is not there. */
static void what_is_supplied_has_an_end(void)
{
	const uint64_t most = 1ull << 61;
	unsigned char c;

	new_mem(4 * PAGE);
	expect(sys(SYS_mem_supply, mem, 0, data, 4 * PAGE), 0);
	expect(sys(SYS_mem_supply, mem, 0, data, most), -22);	/* EINVAL */
	expect(sys(SYS_mem_supply, mem, 2 * PAGE + 7, 0, MEM_PATCH | most), 0);
	expect(sys(SYS_mem_read, mem, 2 * PAGE + 6, &c, 1), 1);
	check(c == data[2 * PAGE + 6]);
	expect(sys(SYS_mem_read, mem, 2 * PAGE + 7, &c, 1), 1);
	check(c == 0);
	expect(sys(SYS_mem_read, mem, 3 * PAGE + 9, &c, 1), 1);
	check(c == 0);
}

static void a_marked_page_tells_of_its_first_reader(void)
{
	unsigned char c;

	new_mem(64 * PAGE);
	aheads = 0;
	expect(sys(SYS_mem_supply, mem, 8 * PAGE, data + 8 * PAGE, (4 * PAGE) | MEM_MARK), 0);
	expect(sys(SYS_mem_read, mem, 9 * PAGE, &c, 1), 1);
	expect(sys(SYS_mem_read, mem, 30 * PAGE, &c, 1), 1);
	expect(aheads, 0);
	expect(sys(SYS_mem_read, mem, 8 * PAGE + 5, &c, 1), 1);
	check(c == data[8 * PAGE + 5]);
	expect(sys(SYS_mem_read, mem, 8 * PAGE, &c, 1), 1);
	for (int i = 0; i < 1000 && aheads == 0; i++)
		sys(SYS_sleep, now() + 1000000);
	expect(aheads, 1);
}

static void failed_pages_are_errors(void)
{
	char c;

	new_mem(64 * PAGE);
	deny_pages = 1;
	expect(sys(SYS_mem_read, mem, 0, &c, 1), -5);
	deny_pages = 0;
	expect(sys(SYS_mem_read, mem, 0, &c, 1), 1);
}

static void maps_fault_in(void)
{
	unsigned char *p;
	int bad = 0;

	new_mem(64 * PAGE);
	p = (unsigned char *)map_mem(64 * PAGE, 1, 1);
	for (size_t i = 0; i < 64 * PAGE; i += 777)
		bad |= p[i] != data[i];
	check(!bad);
	expect(sys(SYS_vm_unmap, H_NONE, p, 64 * PAGE), 0);
	p = (unsigned char *)map_mem(64 * PAGE, 3, 2);
	for (size_t i = 0; i < 64 * PAGE; i += PAGE)
		p[i] = 1;
	expect(sys(SYS_vm_unmap, H_NONE, p, 64 * PAGE), 0);
	expect(reserves, 0);
	expect(dirties, 0);
}

static void writes_take_credit_and_tell_dirt(void)
{
	struct mem_run runs[4];
	static char buf[3 * 4096], back[3 * 4096];

	new_mem(16 * PAGE);
	fill(buf, 'w', sizeof(buf));
	expect(sys(SYS_mem_write, mem, PAGE, buf, sizeof(buf)), sizeof(buf));
	check(reserves >= 2);
	sys(SYS_sleep, now() + 20000000);
	expect(dirties, 1);
	expect(sys(SYS_mem_dirty, mem, runs, 4), 1);
	check(runs[0].off == PAGE && runs[0].len == 3 * PAGE);
	expect(sys(SYS_mem_take, mem, PAGE, back, sizeof(back)), sizeof(back));
	check(same(buf, back, sizeof(buf)));
	expect(sys(SYS_mem_dirty, mem, runs, 4), 0);
	expect(sys(SYS_mem_take, mem, PAGE, back, sizeof(back)), 0);
	expect(sys(SYS_mem_redirty, mem, PAGE, PAGE), 0);
	expect(sys(SYS_mem_dirty, mem, runs, 4), 1);
	check(runs[0].len == PAGE);
	expect(sys(SYS_mem_grant, mem, 10), 0);
	check(sys(SYS_mem_grant, mem, -100) >= 10);
	expect(sys(SYS_mem_grant, mem, -100), 0);
}

static void full_disk_is_said_to_the_writer(void)
{
	char c = 'x';

	new_mem(16 * PAGE);
	deny_credit = 1;
	expect(sys(SYS_mem_write, mem, 0, &c, 1), -28);
	deny_credit = 0;
	expect(sys(SYS_mem_write, mem, 0, &c, 1), 1);
}

static void writes_past_the_end_extend(void)
{
	static char buf[2 * 4096];

	new_mem(10);
	fill(buf, 'e', sizeof(buf));
	expect(sys(SYS_mem_write, mem, PAGE + 100, buf, sizeof(buf)), sizeof(buf));
	expect(sys(SYS_mem_size, mem, -1), PAGE + 100 + sizeof(buf));
	expect(pages_in, 0);
	expect(sys(SYS_mem_read, mem, PAGE, buf, 200), 200);
	check(buf[99] == 0 && buf[100] == 'e');
}

static void shared_writes_are_seen_and_protected_again(void)
{
	struct mem_run runs[4];
	static unsigned char back[4096];
	unsigned char *p;

	new_mem(16 * PAGE);
	p = (unsigned char *)map_mem(16 * PAGE, 3, 1);
	check(p[3 * PAGE] == data[3 * PAGE]);
	p[3 * PAGE] = 'A';
	expect(sys(SYS_mem_dirty, mem, runs, 4), 1);
	check(runs[0].off == 3 * PAGE && runs[0].len == PAGE);
	expect(sys(SYS_mem_take, mem, 3 * PAGE, back, PAGE), PAGE);
	check(back[0] == 'A');
	expect(sys(SYS_mem_dirty, mem, runs, 4), 0);
	p[3 * PAGE] = 'B';
	expect(sys(SYS_mem_dirty, mem, runs, 4), 1);
	pressures = 0;
	expect(sys(SYS_vm_sync, p, 16 * PAGE, 4), 0);
	check(pressures >= 1);
	check(data[3 * PAGE] == 'B');
	expect(sys(SYS_mem_dirty, mem, runs, 4), 0);
	expect(sys(SYS_mem_drop, mem, 0, 16 * PAGE), 0);
	data[3 * PAGE] = 'C';
	check(p[3 * PAGE] == 'C');
	expect(sys(SYS_vm_unmap, H_NONE, p, 16 * PAGE), 0);
}

__attribute__((naked)) static void sig_entry(void)
{
	__asm__("movq %%rcx, %%rdi\n\tmovl %0, %%eax\n\tsyscall\n\tud2" : : "i"(SYS_sig_return));
}

/* The page for the frame comes from the pager, others run meanwhile: the interrupted registers are still there. */
static void frames_wait_for_their_pages(void)
{
	struct thread_page *tp = (struct thread_page *)proc_page->thread_page;
	uint64_t in[4] = { 1, 2, 3, ~0ul }, out[4];
	long r;

	new_mem(8 * PAGE);
	proc_page->sig_entry = (uint64_t)sig_entry;
	proc_page->act[10] = (struct abi_sigact){ (uint64_t)sig_entry, 0, 0x08000000 /* SA_ONSTACK */, 0 };
	tp->alt_base = (uint64_t)map_mem(8 * PAGE, 3, 1);
	tp->alt_size = 8 * PAGE;
	__asm__ volatile("vmovdqu %2, %%ymm0\n\txorl %%edx, %%edx\n\txorl %%r10d, %%r10d\n\tsyscall\n\tvmovdqu %%ymm0, %1"
			 : "=a"(r), "=m"(out) : "m"(in), "a"((long)SYS_thread_signal), "D"((long)tp->tid), "S"(10l)
			 : "rcx", "rdx", "r10", "r11", "xmm0", "memory");
	expect(r, 0);
	check(pages_in != 0);
	check(same(in, out, sizeof(in)));
	tp->alt_size = 0;
}

static void reader(void *arg)
{
	static unsigned char bufs[8][4096];
	unsigned char *b = bufs[(long)arg];
	int bad = 0;

	for (uint64_t i = 0; i < 64; i++) {
		uint64_t at = (i * 13 + (uint64_t)(long)arg * 5) % 64;

		expect(sys(SYS_mem_read, mem, at * PAGE, b, PAGE), PAGE);
		bad |= !same(b, data + at * PAGE, PAGE);
		if (i % 8 == 0)
			sys(SYS_mem_drop, mem, 0, 64 * PAGE);
	}
	check(!bad);
	finish();
}

static void many_readers(void)
{
	new_mem(64 * PAGE);
	done = 0;
	for (long i = 0; i < 8; i++)
		thread(reader, (void *)i);
	wait_done(8);
}

static void hup_when_nobody_else_holds_it(void)
{
	struct handle_info info;
	long p, dup;

	new_mem(16 * PAGE);
	expect(sys(SYS_handle_info, mem, &info), 0);
	check(info.ready & EV_HUP);
	p = map_mem(PAGE, 1, 1);
	expect(sys(SYS_handle_info, mem, &info), 0);
	check(!(info.ready & EV_HUP));
	expect(sys(SYS_vm_unmap, H_NONE, p, PAGE), 0);
	dup = sys(SYS_handle_dup, mem, H_HIGH, 0);
	expect(sys(SYS_handle_info, mem, &info), 0);
	check(!(info.ready & EV_HUP));
	expect(sys(SYS_handle_close, dup), 0);
	expect(sys(SYS_handle_info, mem, &info), 0);
	check(info.ready & EV_HUP);
}

/* More clean cache than there is memory: it is given back without anyone noticing. */
static void cache_gives_way(void)
{
	struct sys_info s;
	uint64_t pages;
	static unsigned char buf[4096];
	int bad = 0;

	sys(SYS_sysinfo, &s);
	pages = s.mem_total / PAGE + 1000;
	if (pages > 100000)
		return;
	new_mem(pages * PAGE);
	for (uint64_t i = 0; i < pages; i++) {
		data[8] = (unsigned char)i;
		expect(sys(SYS_mem_supply, mem, i * PAGE, data, PAGE), 0);
		if (test_failed)
			return;
	}
	for (uint64_t i = pages - 100; i < pages; i++) {
		bad |= sys(SYS_mem_read, mem, i * PAGE, buf, PAGE) != (long)PAGE;
		bad |= buf[8] != (unsigned char)i;
	}
	check(!bad);
}

/*
 * A mem of half as much again as there is memory, mapped by another process, which writes and reads all
 * of it. The pager keeps a byte a page, of which it makes the page again.
 */
#define BIG_MAX		40000ul
#define BIG_DIRTY	1024ul	/* pages that may be dirty */
#define BIG_BUF		16ul

static long big_port, big_mem;
static uint64_t big_pages, big_credit;
static unsigned char big_disk[BIG_MAX];
static unsigned char big_buf[BIG_BUF * 4096] __attribute__((aligned(4096)));
static volatile uint32_t big_bad;

static void big_page(unsigned char *page, uint64_t index, unsigned char v)
{
	for (size_t i = 0; i < PAGE; i += 8)
		*(uint64_t *)(page + i) = index * 0x9e3779b97f4a7c15ul + v;
}

static void big_in(uint64_t off, uint64_t len)
{
	for (uint64_t at = off; at < off + len; at += PAGE) {
		big_page(big_buf, at / PAGE, big_disk[at / PAGE]);
		sys(SYS_mem_supply, big_mem, at, big_buf, PAGE);
	}
}

static void big_take(uint64_t off, uint64_t len)
{
	for (uint64_t at = off; at < off + len; at += BIG_BUF * PAGE) {
		uint64_t n = off + len - at < BIG_BUF * PAGE ? off + len - at : BIG_BUF * PAGE;
		long got = sys(SYS_mem_take, big_mem, at, big_buf, n);

		for (long i = 0; i < got; i += (long)PAGE) {
			uint64_t index = (at + (uint64_t)i) / PAGE;

			big_disk[index] = (unsigned char)(*(uint64_t *)(big_buf + i) - index * 0x9e3779b97f4a7c15ul);
			big_bad |= *(uint64_t *)(big_buf + i + PAGE - 8) != *(uint64_t *)(big_buf + i);
			big_credit -= big_credit != 0;
		}
	}
}

static void big_clean(void)
{
	struct mem_run runs[32];
	long n;

	while ((n = sys(SYS_mem_dirty, big_mem, runs, 32)) > 0)
		for (long i = 0; i < n; i++)
			big_take(runs[i].off, runs[i].len);
}

static void big_pager(void *arg)
{
	struct msg m;

	(void)arg;
	while (sys(SYS_recv, big_port, &m, T_FOREVER) == 0 && m.kind == MSG_PAGE)
		if (m.w[0] == PAGE_IN) {
			big_in(m.w[1], m.w[2]);
		} else if (m.w[0] == PAGE_PRESSURE) {
			big_clean();
		} else if (m.w[0] == PAGE_RESERVE) {
			if (big_credit >= BIG_DIRTY)
				big_clean();
			sys(SYS_mem_grant, big_mem, 64);
			big_credit += 64;
		}
	finish();
}

static int big_user(void *arg)
{
	struct vm_map map = { H_NONE, (handle_t)big_mem, 0, big_pages * PAGE, 0, 3, 1 };
	unsigned char *p = (unsigned char *)sys(SYS_vm_map, &map);

	(void)arg;
	if ((long)p < 0 && (long)p > -4096)
		return 2;
	for (int round = 0; round < 2; round++) {
		for (uint64_t i = 0; i < big_pages; i++)
			big_page(p + i * PAGE, i, (unsigned char)(i % 251 + (uint64_t)round));
		for (uint64_t i = 0; i < big_pages; i++)
			if (*(uint64_t *)(p + i * PAGE + 8) != i * 0x9e3779b97f4a7c15ul + i % 251 + (uint64_t)round)
				return 3;
	}
	return 0;
}

static void mapped_mem_larger_than_memory(void)
{
	long super = sys(SYS_port_create, 0);
	struct sys_info s;
	struct msg m;

	sys(SYS_sysinfo, &s);
	big_pages = s.mem_total / PAGE * 3 / 2;
	if (big_pages > BIG_MAX)
		return;
	big_port = sys(SYS_port_create, 0);
	big_mem = sys(SYS_mem_pager, big_port, 1, big_pages * PAGE, 0);
	thread(big_pager, 0);
	expect(sys(SYS_proc_supervise, super), 0);
	check(child(big_user, 0) > 1);
	do
		expect(sys(SYS_recv, super, &m, T_FOREVER), 0);
	while (m.kind != MSG_DIED && !test_failed);
	expect(m.w[1], 0);
	check(!big_bad);
	sys(SYS_handle_close, big_mem);
}

static long lonely;

static int dying_server(void *arg)
{
	struct msg m;

	(void)arg;
	sys(SYS_recv, lonely, &m, T_FOREVER);
	return 0;
}

static void dead_pager_is_an_error(void)
{
	long m;
	char c;

	lonely = sys(SYS_port_create, 0);
	m = sys(SYS_mem_pager, lonely, 1, 4 * PAGE, 0);
	check(child(dying_server, 0) > 1);
	expect(sys(SYS_handle_close, lonely), 0);
	expect(sys(SYS_mem_read, m, 0, &c, 1), -5);
	expect(sys(SYS_mem_read, m, PAGE, &c, 1), -5);
	sys(SYS_handle_close, m);
}

const struct test tests[] = {
	{ "reads_come_from_the_pager", reads_come_from_the_pager },
	{ "sequential_reads_ask_for_more", sequential_reads_ask_for_more },
	{ "what_is_supplied_has_an_end", what_is_supplied_has_an_end },
	{ "a_marked_page_tells_of_its_first_reader", a_marked_page_tells_of_its_first_reader },
	{ "failed_pages_are_errors", failed_pages_are_errors },
	{ "maps_fault_in", maps_fault_in },
	{ "writes_take_credit_and_tell_dirt", writes_take_credit_and_tell_dirt },
	{ "full_disk_is_said_to_the_writer", full_disk_is_said_to_the_writer },
	{ "writes_past_the_end_extend", writes_past_the_end_extend },
	{ "shared_writes_are_seen_and_protected_again", shared_writes_are_seen_and_protected_again },
	{ "frames_wait_for_their_pages", frames_wait_for_their_pages },
	{ "many_readers", many_readers },
	{ "hup_when_nobody_else_holds_it", hup_when_nobody_else_holds_it },
	{ "cache_gives_way", cache_gives_way },
	{ "mapped_mem_larger_than_memory", mapped_mem_larger_than_memory },
	{ "dead_pager_is_an_error", dead_pager_is_an_error },
};
const int ntests = sizeof(tests) / sizeof(*tests);
