/* SPDX-License-Identifier: MIT */
/* The start of a test program, and its small helpers. */
#include "calls.h"

struct proc_page *proc_page;
const char *test_name;
int test_failed;

__asm__(".globl _start\n_start:\n\txorl %ebp,%ebp\n\tandq $-16,%rsp\n\tcall test_main\n\thlt\n");

void *memcpy(void *d, const void *s, size_t n)
{
	for (size_t i = 0; i < n; i++)
		((volatile char *)d)[i] = ((const char *)s)[i];
	return d;
}

void *memset(void *d, int c, size_t n)
{
	for (size_t i = 0; i < n; i++)
		((volatile char *)d)[i] = (char)c;
	return d;
}

size_t length(const char *s)
{
	size_t n = 0;

	while (s[n])
		n++;
	return n;
}

void fill(void *d, int c, size_t n) { memset(d, c, n); }
void copy(void *d, const void *s, size_t n) { memcpy(d, s, n); }

int same(const void *a, const void *b, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (((const char *)a)[i] != ((const char *)b)[i])
			return 0;
	return 1;
}

void say(const char *s) { sys(SYS_log, s, length(s)); }

static size_t put(char *d, size_t at, const char *s)
{
	while (*s && at < 250)
		d[at++] = *s++;
	return at;
}

static size_t put_number(char *d, size_t at, long v)
{
	char t[24];
	int i = 24;
	unsigned long u = v < 0 ? -(unsigned long)v : (unsigned long)v;

	do
		t[--i] = (char)('0' + u % 10);
	while ((u /= 10) != 0);
	if (v < 0)
		t[--i] = '-';
	while (i < 24 && at < 250)
		d[at++] = t[i++];
	return at;
}

void say_number(const char *label, long v)
{
	char line[256];
	size_t n = put(line, 0, label);

	n = put_number(line, put(line, n, " "), v);
	sys(SYS_log, line, n);
}

void check_failed(const char *file, int line, const char *what, long v)
{
	char text[256];
	size_t n = put(text, 0, "FAIL ");

	n = put(text, n, test_name);
	n = put(text, n, ": ");
	n = put(text, n, file);
	n = put_number(text, put(text, n, ":"), line);
	n = put(text, put(text, n, ": "), what);
	n = put_number(text, put(text, n, ", got "), v);
	sys(SYS_log, text, n);
	test_failed = 1;
}

long now(void)
{
	const volatile struct time_page *t = (void *)proc_page->time_page;
	uint32_t seq, lo, hi;
	long ns;

	do {
		while ((seq = t->seq) & 1)
			;
		__asm__ volatile("rdtsc" : "=a"(lo), "=d"(hi));
		ns = t->base_ns + (long)(((((uint64_t)hi << 32 | lo) - t->base_tsc) * t->mult) >> t->shift);
	} while (t->seq != seq);
	return ns;
}

void *map(size_t n)
{
	struct vm_map m = { .vm = H_NONE, .mem = H_NONE, .len = n, .prot = 3, .flags = 2 };

	return (void *)sys(SYS_vm_map, &m);
}

static void thread_start(uint64_t *box)
{
	((void (*)(void *))box[0])((void *)box[1]);
	sys(SYS_thread_exit, 0);
}

long thread(void (*fn)(void *), void *arg)
{
	uint64_t *stack = map(65536), *box = stack + 8192 - 16;
	struct thread_args a = { .entry = (uint64_t)thread_start, .sp = (uint64_t)(box - 1), .arg = (uint64_t)box };

	box[0] = (uint64_t)fn;
	box[1] = (uint64_t)arg;
	return sys(SYS_thread_create, &a);
}

long child(int (*fn)(void *), void *arg)
{
	long pid = sys(SYS_proc_fork);

	if (pid == 0)
		sys(SYS_proc_exit, fn(arg) << 8);
	return pid;
}

static long children;		/* the port that hears of their ends */

void supervise(void)
{
	if (children)
		return;
	children = sys(SYS_port_create, 0);
	expect(sys(SYS_proc_supervise, children), 0);
}

int child_status(void)
{
	struct msg m;

	do {
		if (sys(SYS_recv, children, &m, now() + 120000000000) != 0)
			return -1;
		for (uint32_t i = 0; i < m.nh; i++)
			sys(SYS_handle_close, m.h[i]);
	} while (m.kind != MSG_DIED);
	return (int)m.w[1];
}

void power_off(void)
{
	sys(SYS_power, DEV, POWER_OFF);
	for (;;)
		sys(SYS_proc_exit, 1 << 8);
}

void test_main(struct proc_page *page);
void test_main(struct proc_page *page)
{
	char line[128];

	proc_page = page;
	for (int i = 0; i < ntests; i++) {
		test_name = tests[i].name;
		test_failed = 0;
		tests[i].fn();
		if (!test_failed)
			sys(SYS_log, line, put(line, put(line, 0, "ok "), test_name));
	}
	say("END");
	power_off();
}
