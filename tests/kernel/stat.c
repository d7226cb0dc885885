/* SPDX-License-Identifier: MIT */
/* SYS_file_stat: a thread of the test is the server of one file; what it lets the kernel keep is never out of date. */
#include "abi/file.h"
#include "calls.h"

#define KEY	5
#define ID	6
#define SET	0x100		/* w1: the value from now on */
#define RUN	3000
#define O_RDWR	2

static long port, mem, file;
static volatile uint32_t asked, dirties, keep = 1, race, done;
static volatile uint64_t value;

static void answer_stat(struct msg *m, uint64_t *st)
{
	asked++;
	if (sys(SYS_mem_size, mem, MEM_LOOK) & MEM_WRITTEN)
		value++;
	fill(st, 0, STAT_SIZE);
	st[0] = value;
	st[STAT_SIZE_WORD] = 12345;	/* the mem knows better */
	if (race) {
		race = 0;
		value++;
		expect(sys(SYS_mem_changed, mem), 0);
	}
	m->w[0] = 0;
	m->w[2] = keep && m->w[1] & STAT_KEEP ? STAT_KEEP : 0;
	m->hflags = MSG_PUT;
	m->r[1] = (struct msg_range){ (uint64_t)st, STAT_SIZE };
}

static void answer(struct msg *m, uint64_t *st)
{
	m->hflags = m->nh = 0;
	if (m->w[0] == F_STAT) {
		answer_stat(m, st);
	} else {
		value = m->w[1];
		m->w[0] = (uint64_t)sys(SYS_mem_changed, mem);
	}
}

static void page(const struct msg *m)
{
	static char buf[4096];

	if (m->w[0] == PAGE_RESERVE)
		expect(sys(SYS_mem_grant, mem, 4), 0);
	else if (m->w[0] == PAGE_IN)
		expect(sys(SYS_mem_supply, mem, m->w[1], buf, 4096), 0);
	else if (m->w[0] == PAGE_DIRTY) {
		value++;
		dirties++;
	}
}

static void server(void *arg)
{
	static uint64_t st[STAT_SIZE / 8];
	uint64_t token = 0;
	struct msg m;

	(void)arg;
	for (;;) {
		if (sys(SYS_reply_recv, port, token, &m) != 0)
			break;
		token = 0;
		if (m.kind == MSG_PAGE)
			page(&m);
		if (m.kind != MSG_CALL)
			continue;
		token = m.token;
		answer(&m, st);
	}
}

static long new_file(long p, long data)
{
	struct file_args a = { .id = ID, .rights = R_ALL, .fflags = O_RDWR, .plane = PLANE_MEM, .data = (handle_t)data };

	return sys(SYS_file_create, p, &a);
}

static void start(void)
{
	if (port == 0) {
		port = sys(SYS_port_create, 0);
		thread(server, 0);
	}
	mem = sys(SYS_mem_pager, port, KEY, 100, 0);
	file = new_file(port, mem);
	check(file >= H_HIGH);
	keep = 1;
	asked = 0;
}

static uint64_t stat_now(uint64_t *size)
{
	uint64_t st[STAT_SIZE / 8];

	expect(sys(SYS_file_stat, file, st), 0);
	if (size)
		*size = st[STAT_SIZE_WORD];
	return st[0];
}

static void set(uint64_t v)
{
	struct msg m = { .w = { SET, v } };

	expect(sys(SYS_call, file, &m), 0);
}

static void an_answer_is_kept_until_it_is_wrong(void)
{
	start();
	set(7);
	expect(stat_now(0), 7);
	expect(stat_now(0), 7);
	expect(asked, 1);
	set(8);
	expect(stat_now(0), 8);
	expect(stat_now(0), 8);
	expect(asked, 2);
}

static void what_the_server_does_not_allow_is_not_kept(void)
{
	start();
	keep = 0;
	stat_now(0);
	stat_now(0);
	expect(asked, 2);
}

static void the_size_is_that_of_now(void)
{
	uint64_t size;

	start();
	stat_now(0);
	stat_now(&size);
	expect(size, 100);
	expect(sys(SYS_mem_size, mem, 50), 50);
	stat_now(&size);
	expect(size, 50);
	expect(asked, 1);
}

/* The first write makes the mem dirty, which is announced; of the others the server hears when it asks. */
static void who_has_written_sees_a_new_time(void)
{
	uint64_t before, size;

	start();
	before = stat_now(0);
	for (int i = 0; i < 100; i++) {
		expect(sys(SYS_write, file, "abc", 3), 3);
		before++;
		expect(stat_now(0), before);
		expect(stat_now(0), before);
		expect(stat_now(&size), before);	/* what is kept by now */
		check(size == (i < 33 ? 100u : 3 * i + 3u));
	}
	asked = 0;
	stat_now(0);
	expect(asked, 0);
}

static void a_write_that_was_announced_is_not_found_again(void)
{
	static char text[200];
	uint64_t before;

	start();
	before = stat_now(0);
	expect(sys(SYS_write, file, text, sizeof(text)), sizeof(text));
	expect(stat_now(0), before + 1);
	expect(sys(SYS_mem_size, mem, MEM_LOOK), sizeof(text));
}

static void an_answer_under_way_may_be_void_already(void)
{
	start();
	set(20);
	race = 1;
	stat_now(0);
	expect(stat_now(0), 21);
	expect(asked, 2);
}

/* Whoever may read a file can make one of his own that shows the same pages. */
static void a_server_speaks_for_its_own_files_only(void)
{
	long other = sys(SYS_port_create, 0), fake;

	start();
	set(30);
	stat_now(0);
	fake = new_file(other, file);
	check(fake >= H_HIGH);
	expect(sys(SYS_handle_close, other), 0);
	uint64_t st[STAT_SIZE / 8];
	expect(sys(SYS_file_stat, fake, st), -EDEADSERVER);
	expect(stat_now(0), 30);
	expect(sys(SYS_handle_close, fake), 0);
}

static void odd_arguments_are_refused(void)
{
	handle_t ends[2];
	uint64_t st[STAT_SIZE / 8];

	start();
	expect(sys(SYS_file_stat, 9999, st), -9);
	expect(sys(SYS_file_stat, port, st), -22);
	expect(sys(SYS_file_stat, file, 8), -14);
	stat_now(0);
	expect(sys(SYS_file_stat, file, 8), -14);
	expect(sys(SYS_pipe, ends, 0), 0);
	expect(sys(SYS_file_stat, ends[0], st), -25);
	expect(sys(SYS_mem_changed, file), -22);
	long h = sys(SYS_handle_restrict, file, R_READ | R_WRITE);
	expect(sys(SYS_file_stat, h, st), -13);
}

static void a_new_server_is_asked(void)
{
	struct port_item it;
	int n = 0;

	start();
	stat_now(0);
	for (uint32_t flags = INHERIT_BEGIN; sys(SYS_port_inherit, port, flags, &it) == 1; flags = 0) {
		check(sys(SYS_adopt, it.h, it.kind == OBJ_MEM ? KEY : ID) >= 0);
		n++;
	}
	check(n >= 2);
	stat_now(0);
	expect(asked, 2);
}

static void reader(void *arg)
{
	uint64_t last = 0;

	(void)arg;
	while (!done) {
		uint64_t v = stat_now(0);

		check(v >= last);
		last = v;
	}
	__atomic_add_fetch(&done, 1, __ATOMIC_SEQ_CST);
	sys(SYS_futex_wake, &done, 1, 0);
}

/* Values only grow: by the server's word, and by writes after the page was taken. */
static void nobody_sees_what_was(void)
{
	static char buf[4096];
	uint32_t v;

	start();
	set(1000);
	done = 0;
	for (int i = 0; i < 2; i++)
		thread(reader, 0);
	for (uint64_t i = 1; i < RUN && !test_failed; i++) {
		uint64_t was = value;

		if (i % 2) {
			set(was + 1);
		} else {
			expect(sys(SYS_write, file, "a", 1), 1);
			expect(sys(SYS_seek, file, 0, 0), 0);
		}
		check(stat_now(0) > was);
		if (i % 2 == 0)
			expect(sys(SYS_mem_take, mem, 0, buf, 4096), 4096);
	}
	__atomic_store_n(&done, 1, __ATOMIC_SEQ_CST);
	while ((v = __atomic_load_n(&done, __ATOMIC_SEQ_CST)) != 3)
		sys(SYS_futex_wait, &done, v, T_FOREVER, 0);
}

#define T(f) { #f, f }
const struct test tests[] = {
	T(an_answer_is_kept_until_it_is_wrong), T(what_the_server_does_not_allow_is_not_kept), T(the_size_is_that_of_now),
	T(who_has_written_sees_a_new_time), T(an_answer_under_way_may_be_void_already),
	T(a_write_that_was_announced_is_not_found_again),
	T(a_server_speaks_for_its_own_files_only), T(odd_arguments_are_refused), T(a_new_server_is_asked),
	T(nobody_sees_what_was),
};
const int ntests = sizeof(tests) / sizeof(tests[0]);
