/* SPDX-License-Identifier: MIT */
/* The first user instructions: the log, the time page, the numbers of process and thread. */
#include "calls.h"

static void log_line(void)
{
	expect(sys(SYS_log, "hello from user mode", 20), 20);
}

static void first_process_is_one(void)
{
	const struct thread_page *t = (void *)proc_page->thread_page;

	expect(proc_page->pid, 1);
	expect(t->tid, 1);
	check(proc_page->ncpu >= 1);
}

static void clock_runs(void)
{
	long a = now(), b;

	expect(sys(SYS_sleep, a + 20000000), 0);
	b = now();
	check(b >= a + 20000000);
	check(b < a + 2000000000);
}

static void unknown_number(void)
{
	expect(sys(100000), -38);
	expect(sys(-1), -38);
}

static void kernel_pointer_is_refused(void)
{
	expect(sys(SYS_log, 0xffffffff80200000, 16), -14);
	expect(sys(SYS_sysinfo, 0xffff800000000000), -14);
	expect(sys(SYS_log, 0x7ffffffff000 - 8, 16), -14);
}

static void random_differs(void)
{
	uint64_t a[4] = { 0 }, b[4] = { 0 };

	expect(sys(SYS_getrandom, a, 32), 32);
	expect(sys(SYS_getrandom, b, 32), 32);
	check(!same(a, b, 32));
	check(a[0] != 0 && a[3] != 0);
}

static void log_is_read_back(void)
{
	static char buf[65536];
	long n = sys(SYS_log_read, 0, buf, sizeof(buf)), found = 0;

	check(n > 20);
	for (long i = 0; i + 4 < n; i++)
		found |= same(buf + i, "Calx", 4);
	check(found);
}

const struct test tests[] = {
	{ "log_line", log_line },
	{ "first_process_is_one", first_process_is_one },
	{ "clock_runs", clock_runs },
	{ "unknown_number", unknown_number },
	{ "kernel_pointer_is_refused", kernel_pointer_is_refused },
	{ "random_differs", random_differs },
	{ "log_is_read_back", log_is_read_back },
};
const int ntests = sizeof(tests) / sizeof(*tests);
