/* SPDX-License-Identifier: MIT */
/*
 * System calls with wild arguments, from forked children with several threads, for fuzz_seconds.
 * The first process supervises; what counts is that the machine lives and ends the test, and that
 * memory comes back.
 */
#include "calx.h"

static char area[65536] __attribute__((aligned(4096)));
static volatile uint64_t seed;

static uint64_t next(uint64_t *s)
{
	*s ^= *s << 13;
	*s ^= *s >> 7;
	*s ^= *s << 17;
	return *s;
}

static uint64_t wild(uint64_t *s)
{
	static const uint64_t odd[] = { 0, 1, 2, 3, 8, 16, 64, 511, 4095, 4096, 4097, 65536, 1ull << 20,
	    (1ull << 20) + 1, (1ull << 20) + 2, (1ull << 20) + 3, (1ull << 20) + 4, (1ull << 20) + 5,
	    0x7fffffff, 0x80000000, 0xffffffff, 0x7ffffffff000, 0x7fffffffffff,
	    0x800000000000, 0xffff800000000000, 0xffffffff80200000, ~0ull, ~0ull - 4095, 1ull << 63 };
	uint64_t r = next(s);

	switch (r % 8) {
	case 0: return odd[(r >> 8) % (sizeof odd / sizeof *odd)];
	case 1: return (uint64_t)area + (r >> 8) % sizeof area;
	case 2: return ((uint64_t)area + (r >> 8) % sizeof area) & ~7ull;
	case 3: return (r >> 8) % 8;
	case 4: return H_HIGH + (r >> 8) % 24;
	case 5: return (r >> 8) % 4096;
	case 6: return (uint64_t)area & -4096ull;
	}
	return next(s);
}

/* What would only end the child, hang it, or the machine on purpose. */
static bool tame(uint64_t nr)
{
	return nr == SYS_power || nr == SYS_proc_exit || nr == SYS_thread_exit || nr == SYS_log ||
	    nr == SYS_proc_fork || nr == SYS_dev_io || nr == SYS_dev_mem || nr == SYS_clock_set;
}

/* A deadline argument must pass soon: of these calls it is the third (or as said). */
static void bound(uint64_t nr, uint64_t *a)
{
	int64_t soon = now() + MS;

	if (nr == SYS_recv || nr == SYS_poll || nr == SYS_futex_wait || nr == SYS_sig_wait)
		a[2] = (uint64_t)soon;
	else if (nr == SYS_futex_wait_wall)
		a[2] = 1;
	else if (nr == SYS_sleep_wall)
		a[0] = 1;
	else if (nr == SYS_evq_wait)
		a[3] = (uint64_t)soon;
	else if (nr == SYS_sleep)
		a[0] = (uint64_t)soon;
}

static void fill(uint64_t *s)
{
	for (int i = 0; i < 64; i++)
		((uint64_t *)area)[next(s) % (sizeof area / 8)] = wild(s);
	/* messages that carry handles and ranges */
	struct msg *m = (struct msg *)(area + next(s) % 256 * 8);
	m->nh = (uint32_t)(next(s) % 5);
	for (int i = 0; i < 4; i++)
		m->h[i] = (handle_t)wild(s);
	m->hflags = (uint32_t)(next(s) & 0x111);
	struct vm_map *v = (struct vm_map *)(area + 8192);
	v->vm = H_NONE;
	v->mem = next(s) & 1 ? H_NONE : (handle_t)wild(s);
	v->len = next(s) % 65536;
	v->flags &= ~0x10u;
}

static void storm(void *arg)
{
	uint64_t s = (uint64_t)arg * 0x9e3779b97f4a7c15u + seed, a[6];
	long end = now() + 300 * MS;

	while (now() < end) {
		uint64_t nr = next(&s) % (SYS_COUNT + 2);
		if (tame(nr))
			continue;
		if (next(&s) % 16 == 0)
			fill(&s);
		for (int i = 0; i < 6; i++)
			a[i] = wild(&s);
		bound(nr, a);
		sys6((long)nr, (long)a[0], (long)a[1], (long)a[2], (long)a[3], (long)a[4], (long)a[5]);
	}
}

static void child_main(void)
{
	static struct join j[3];
	handle_t p[2];

	/* Some of everything at low and high numbers. */
	sc(pipe, p, O_NONBLOCK);
	sc(pair, p, O_NONBLOCK | PAIR_RECORDS);
	handle_t port = (handle_t)sc(port_create);
	handle_t mem = (handle_t)sc(mem_create, 100000, 0);
	sc(mem_pager, port, 5, 100000, 0);
	sc(timer_create, 0);
	sc(evq_create, 0);
	sc(vm_create);
	file_on(port, 9, PLANE_MEM, mem, 0);
	handle_t f = file_on(port, 9, PLANE_NONE, H_NONE, 1);
	sc(handle_dup, f, 5, 0);
	handle_t t = (handle_t)sc(timer_create, 0);
	sc(timer_signal, t, SIGKILL, 0);
	sc(timer_set, t, now() + 600 * MS, 0, 0);
	uint64_t s = seed;
	fill(&s);
	for (long i = 1; i <= 3; i++)
		thread(storm, (void *)i, &j[i - 1]);
	storm(0);
	quit(0);
}

/* Children may wait for themselves for ever: they have 700 ms. */
static void wait_a_little(const long *pid)
{
	for (int i = 0; i < 70 && !(has_ended(pid[0]) && has_ended(pid[1])); i++)
		msleep(10);
}

TEST(wild_arguments_do_no_harm)
{
	struct sys_info before = { 0 }, after;
	long end = now() + fuzz_seconds * 1000 * MS, runs = 0;

	for (; now() < end; runs++) {
		long pid[2];
		if (runs == 3)
			sc(sysinfo, &before);
		for (int k = 0; k < 2; k++) {
			do
				seed = (uint64_t)rnd() << 32 | rnd();
			while (!seed);
			pid[k] = fork_();
			if (pid[k] == 0)
				child_main();
		}
		wait_a_little(pid);
		for (int k = 0; k < 2; k++) {
			handle_t h = proc_of(pid[k]);
			sc(proc_signal, h, SIGKILL, 0);
			sc(handle_close, h);
			CHECK(wait_for(pid[k]) >= 0);
		}
	}
	EQ(sc(sysinfo, &after), 0);
	if (runs > 6)
		CHECK(after.mem_free + (16 << 20) > before.mem_free);
}
