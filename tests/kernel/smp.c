/* SPDX-License-Identifier: MIT */
/* Threads and processes that disturb each other, on however many CPUs there are. */
#include "calls.h"

#define PAGE	4096ul
#define NTHREAD	8

static volatile uint32_t counter, done;

static void wait_done(uint32_t n)
{
	uint32_t v;

	while ((v = __atomic_load_n(&done, __ATOMIC_SEQ_CST)) != n)
		sys(SYS_futex_wait, &done, v, T_FOREVER, 0);
}

static void finish(void)
{
	__atomic_add_fetch(&done, 1, __ATOMIC_SEQ_CST);
	sys(SYS_futex_wake, &done, 1, 0);
}

static void count(void *arg)
{
	(void)arg;
	for (int i = 0; i < 2000; i++) {
		__atomic_add_fetch(&counter, 1, __ATOMIC_SEQ_CST);
		if (i % 100 == 0)
			sys(SYS_yield);
	}
	finish();
}

static void threads_run(void)
{
	counter = done = 0;
	for (int i = 0; i < NTHREAD; i++)
		check(thread(count, 0) > 1);
	wait_done(NTHREAD);
	expect(counter, NTHREAD * 2000);
}

/* Each thread maps, writes, checks, unmaps: the others' TLBs must not keep old entries. */
static void churn(void *arg)
{
	long me = (long)arg;

	for (int i = 0; i < 25; i++) {
		size_t n = (size_t)(1 + (i * 7 + me) % 20) * PAGE;
		volatile unsigned char *p = map(n);
		int bad = 0;

		for (size_t k = 0; k < n; k += PAGE) {
			bad |= p[k] != 0;
			p[k] = (unsigned char)(me + 1);
		}
		for (size_t k = 0; k < n; k += PAGE)
			bad |= p[k] != (unsigned char)(me + 1);
		check(!bad);
		sys(SYS_vm_unmap, H_NONE, p, n);
	}
	finish();
}

static void mappings_of_threads_are_apart(void)
{
	done = 0;
	for (long i = 0; i < 4; i++)
		thread(churn, (void *)i);
	wait_done(4);
}

static int forked(void *p)
{
	volatile int *v = p;

	for (int i = 0; i < 50; i++)
		v[i * 1024]++;
	for (int i = 0; i < 50; i++)
		if (v[i * 1024] != 2)
			return 1;
	return 0;
}

static volatile int stop_writing;

/* Writes a page that fork keeps making read-only: nothing may be lost. */
static void writer(void *arg)
{
	volatile unsigned long *p = arg;
	unsigned long n = 0;

	while (!stop_writing) {
		p[0] = ++n;
		if (p[0] != n)
			check_failed("writer", 0, "a write was lost", (long)n);
	}
	finish();
}

static void fork_while_threads_write(void)
{
	volatile int *v = map(64 * PAGE);
	unsigned long *w = map(2 * PAGE);

	supervise();
	done = 0;
	stop_writing = 0;
	for (int i = 0; i < 50; i++)
		v[i * 1024] = 1;
	thread(writer, w);
	thread(writer, w + 512);
	for (int i = 0; i < 30; i++)
		check(child(forked, (void *)v) > 1);
	for (int i = 0; i < 30; i++)
		expect(child_status(), 0);
	stop_writing = 1;
	wait_done(2);
	for (int i = 0; i < 50; i++)
		expect(v[i * 1024], 1);
}

static long server_port, server_file;

static void serve(void *arg)
{
	struct msg m;

	(void)arg;
	for (fill(&m, 0, sizeof(m)); sys(SYS_recv, server_port, &m, T_FOREVER) == 0; ) {
		uint64_t token = m.token, w = m.w[1];

		fill(&m, 0, sizeof(m));
		m.w[0] = w + 1;
		sys(SYS_reply, token, &m);
		if (w == 1u << 30)
			break;
	}
	finish();
}

static void call_many(void *arg)
{
	struct msg m;

	for (long i = 0; i < 500; i++) {
		fill(&m, 0, sizeof(m));
		m.w[1] = (uint64_t)((long)arg * 1000 + i);
		expect(sys(SYS_call, server_file, &m), (long)arg * 1000 + i + 1);
	}
	finish();
}

static void many_clients_one_port(void)
{
	struct file_args a = { .id = 5, .rights = R_ALL, .fflags = 2 };

	server_port = sys(SYS_port_create, 0);
	server_file = sys(SYS_file_create, server_port, &a);
	check(server_port > 0 && server_file > 0);
	done = 0;
	for (int i = 0; i < 2; i++)
		thread(serve, 0);
	for (long i = 0; i < 6; i++)
		thread(call_many, (void *)i);
	wait_done(6);
	for (int i = 0; i < 2; i++) {
		struct msg m;

		fill(&m, 0, sizeof(m));
		m.w[1] = 1u << 30;
		sys(SYS_call, server_file, &m);
	}
	wait_done(8);
}

static void sleeper(void *arg)
{
	long until = now() + 1000000 * (1 + (long)arg * 3 % 17);

	expect(sys(SYS_sleep, until), 0);
	check(now() >= until);
	finish();
}

static void many_sleepers(void)
{
	done = 0;
	for (long i = 0; i < 30; i++)
		thread(sleeper, (void *)i);
	wait_done(30);
}

static volatile int hogs_stop;

static void hog(void *arg)
{
	(void)arg;
	while (!hogs_stop)
		;
	finish();
}

/* More busy threads than CPUs, and still this one gets its turns. */
static void busy_threads_are_preempted(void)
{
	long end = now() + 20000000000;
	int turns = 0;

	done = 0;
	hogs_stop = 0;
	for (int i = 0; i < 6; i++)
		thread(hog, 0);
	while (now() < end && turns < 5) {
		sys(SYS_sleep, now() + 1000000);
		turns++;
	}
	hogs_stop = 1;
	wait_done(6);
	check(turns >= 5);
}

static handle_t ping[2], pong[2];
static volatile long hog_turns;

static void counting_hog(void *arg)
{
	(void)arg;
	while (!hogs_stop)
		hog_turns++;
	finish();
}

static void echo(void *arg)
{
	char c;

	(void)arg;
	while (sys(SYS_read, ping[0], &c, 1) == 1 && c != 'q')
		sys(SYS_write, pong[1], &c, 1);
	finish();
}

/* Two threads that wake each other all the time leave something to one that only computes. */
static void busy_pair_starves_nobody(void)
{
	uint64_t one = 1, all = ~0ul;
	long end, seen, moved = 0;
	char c = 'x';

	done = hogs_stop = 0;
	sys(SYS_thread_affinity, 0, &one, 0);
	sys(SYS_pipe, ping, 0);
	sys(SYS_pipe, pong, 0);
	thread(counting_hog, 0);
	thread(echo, 0);
	sys(SYS_sleep, now() + 50000000);
	seen = hog_turns;
	for (end = now() + 20000000000; now() < end && (moved <= 10 || hog_turns <= seen + 1000); ) {
		sys(SYS_write, ping[1], &c, 1);
		sys(SYS_read, pong[0], &c, 1);
		moved++;
	}
	check(hog_turns > seen + 1000);
	check(moved > 10);
	hogs_stop = 1;
	c = 'q';
	sys(SYS_write, ping[1], &c, 1);
	wait_done(2);
	sys(SYS_thread_affinity, 0, &all, 0);
}

static void hog_times(void *arg)
{
	long t = sys(SYS_thread_times, 0), end = now() + 20000000;

	(void)arg;
	while (now() < end)
		;
	check(sys(SYS_thread_times, 0) > t);
	finish();
}

static void affinity_is_kept(void)
{
	uint64_t set, get = 0;

	for (uint32_t i = 0; i < proc_page->ncpu; i++) {
		set = 1ul << i;
		expect(sys(SYS_thread_affinity, 0, &set, &get), 0);
		expect(get, set);
		sys(SYS_sleep, now() + 1000000);
	}
	set = 0;
	expect(sys(SYS_thread_affinity, 0, &set, 0), -22);
	set = ~0ul;
	expect(sys(SYS_thread_affinity, 0, &set, &get), 0);
	expect(get, (1ul << proc_page->ncpu) - 1);
	done = 0;
	thread(hog_times, 0);
	wait_done(1);
}

static int exit_with_threads(void *arg)
{
	(void)arg;
	hogs_stop = 0;
	for (int i = 0; i < 4; i++)
		thread(hog, 0);
	return 3;
}

static void exit_ends_busy_threads(void)
{
	for (int i = 0; i < 5; i++) {
		check(child(exit_with_threads, 0) > 1);
		expect(child_status(), 3 << 8);
	}
}

/* Registers of the vector unit survive switches. */
static void vectors(void *arg)
{
	unsigned long in[2] = { (unsigned long)arg * 3 + 1, ~(unsigned long)arg }, out[2];

	for (int i = 0; i < 300; i++) {
		__asm__ volatile("movdqu %0,%%xmm5" : : "m"(in) : "xmm5");
		sys(SYS_yield);
		__asm__ volatile("movdqu %%xmm5,%0" : "=m"(out));
		check(in[0] == out[0] && in[1] == out[1]);
	}
	finish();
}

static void vector_registers_are_kept(void)
{
	done = 0;
	for (long i = 0; i < NTHREAD; i++)
		thread(vectors, (void *)i);
	wait_done(NTHREAD);
}

const struct test tests[] = {
	{ "threads_run", threads_run },
	{ "mappings_of_threads_are_apart", mappings_of_threads_are_apart },
	{ "fork_while_threads_write", fork_while_threads_write },
	{ "many_clients_one_port", many_clients_one_port },
	{ "many_sleepers", many_sleepers },
	{ "busy_threads_are_preempted", busy_threads_are_preempted },
	{ "busy_pair_starves_nobody", busy_pair_starves_nobody },
	{ "affinity_is_kept", affinity_is_kept },
	{ "exit_ends_busy_threads", exit_ends_busy_threads },
	{ "vector_registers_are_kept", vector_registers_are_kept },
};
const int ntests = sizeof(tests) / sizeof(*tests);
