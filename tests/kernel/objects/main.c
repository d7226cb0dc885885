/* SPDX-License-Identifier: MIT */
/*
 * The first process of the test machine: runs each test in a forked child, supervises all
 * descendants, and prints one line a test to the kernel's log. The command line says which:
 * "test=NAME" only that; "fuzz=SECONDS". It ends the machine by QEMU's debug exit device: 0 is all well.
 */
#include "calx.h"

struct proc_page *page;
int fuzz_seconds = 5;
static handle_t super;			/* supervisor's port */
static handle_t service;		/* file on it: children ask for handles and ends */

/*
 * What is known of the processes, by number. How one ended stays known: who made it may ask late. Its
 * handle is closed when RECENT others have ended after it.
 */
#define PIDS 131072			/* as many as the kernel has numbers */
#define RECENT 1024
static enum { UNKNOWN, ALIVE, ENDED } state[PIDS];
static handle_t procs[PIDS];		/* 0: none */
static int32_t status[PIDS];		/* of an ENDED one */
static uint64_t waiter[PIDS];		/* token of who waits for its end; 0: nobody */
static uint32_t recent[RECENT], nended, highest;

enum { ASK_PROC = 1, ASK_WAIT = 2, ASK_STATUS = 3 };

size_t slen(const char *s)
{
	size_t n = 0;

	while (s[n])
		n++;
	return n;
}

void say(const char *text)
{
	sc(log, text, slen(text));
}

void put_num(char *to, long v)
{
	char tmp[24];
	int n = 0;

	if (v < 0) {
		*to++ = '-';
		v = -v;
	}
	do
		tmp[n++] = (char)('0' + v % 10);
	while (v /= 10);
	while (n)
		*to++ = tmp[--n];
	*to = '\0';
}

static char *cat(char *to, const char *s)
{
	while (*s)
		*to++ = *s++;
	*to = '\0';
	return to;
}

static char *cat_num(char *to, long v)
{
	put_num(to, v);
	return to + slen(to);
}

void fail(const char *file, int line, const char *what, long value)
{
	char text[256], *p = cat(text, "# ");

	p = cat(p, file);
	p = cat(p, ":");
	p = cat_num(p, line);
	p = cat(p, ": ");
	for (int i = 0; what[i] && i < 120; i++)
		*p++ = what[i];
	p = cat(p, " = ");
	cat_num(p, value);
	say(text);
	sc(proc_exit, 1 << 8);
	for (;;)
		;
}

uint32_t rnd(void)
{
	static uint64_t s;

	if (!s)
		sc(getrandom, &s, sizeof s);
	s ^= s << 13;
	s ^= s >> 7;
	s ^= s << 17;
	return (uint32_t)(s >> 16);
}

/* --- the service, in the first process --- */

static void answer(uint64_t token, int64_t r, handle_t h)
{
	struct msg m = { .w = { (uint64_t)r } };

	if (h >= 0) {
		m.nh = 1;
		m.h[0] = h;
	}
	sc(reply, token, &m);
}

static void serve(const struct msg *m)
{
	uint64_t pid = m->w[1];

	if (pid >= PIDS || state[pid] == UNKNOWN)
		answer(m->token, -ESRCH, H_NONE);
	else if (m->w[0] == ASK_PROC)
		answer(m->token, procs[pid] ? 0 : -ESRCH, procs[pid] ? procs[pid] : H_NONE);
	else if (state[pid] == ENDED)
		answer(m->token, status[pid], H_NONE);
	else if (m->w[0] == ASK_STATUS)
		answer(m->token, -1, H_NONE);
	else
		waiter[pid] = m->token;
}

static void born(uint32_t pid)
{
	state[pid] = ALIVE;
	if (pid > highest)
		highest = pid;
}

static void forget(uint32_t pid)
{
	if (procs[pid])
		sc(handle_close, procs[pid]);
	procs[pid] = 0;
}

static void ended(uint32_t pid, int32_t s)
{
	state[pid] = ENDED;
	status[pid] = s;
	if (waiter[pid])
		answer(waiter[pid], s, H_NONE);
	waiter[pid] = 0;
	forget(recent[nended % RECENT]);
	recent[nended++ % RECENT] = pid;
}

static void event(const struct msg *m)
{
	if (m->kind == MSG_BORN) {
		born((uint32_t)m->w[0]);
		procs[m->w[0]] = m->h[0];
	} else if (m->kind == MSG_DIED) {
		ended((uint32_t)m->w[0], (int32_t)m->w[1] & 0xffff);
	} else if (m->kind == MSG_CALL) {
		serve(m);
	} else if (m->kind == MSG_CANCEL) {
		answer(m->token, -EINTR, H_NONE);
	}
}

/* Serves until the process has ended or the time is over: its wait status, -1: killed. */
static int64_t run_until(uint32_t pid, int64_t deadline)
{
	struct msg m;

	while (state[pid] != ENDED) {
		if (sc(recv, super, &m, deadline) == -ETIMEDOUT) {
			sc(proc_signal, procs[pid], SIGKILL, 0);
			return -1;
		}
		event(&m);
	}
	return status[pid];
}

static bool same(const char *a, const char *b)
{
	while (*a && *a == *b)
		a++, b++;
	return *a == *b;
}

/* What only the first process may hold: the supervisor's port, and the handles of all others and of itself. */
static void drop_rights(void)
{
	sc(handle_close, super);
	for (uint32_t i = 0; i <= highest; i++)
		forget(i);
}

static bool run(const struct test *t)
{
	char text[128], *p;
	long pid;

	pid = sc(proc_fork);
	if (pid == 0) {
		drop_rights();
		t->fn();
		quit(0);
	}
	if (pid < 0)
		return false;
	born((uint32_t)pid);
	int64_t s = run_until((uint32_t)pid, now() + (60 + fuzz_seconds) * 1000 * MS);
	p = cat(text, s == 0 ? "ok " : "FAIL ");
	p = cat(p, t->name);
	if (s != 0) {
		p = cat(p, s < 0 ? ": took too long" : ": wait status ");
		if (s > 0)
			cat_num(p, s);
	}
	say(text);
	return s == 0;
}

extern const struct test __start_tests[], __stop_tests[];

/* The value of "name=" on the command line, cut at a space; "" without. */
static void option(const char *line, const char *name, char *to)
{
	size_t n = slen(name);

	*to = '\0';
	for (const char *p = line; *p; p++) {
		size_t i = 0;
		while (i < n && p[i] == name[i])
			i++;
		if (i == n && (p == line || p[-1] == ' ')) {
			for (p += n; *p && *p != ' ';)
				*to++ = *p++;
			*to = '\0';
			return;
		}
	}
}

_Noreturn static void end(int code)
{
	sc(dev_io, H_HIGH, DEV_OUT32, 0xf4, code);
	sc(power, H_HIGH, POWER_OFF);
	for (;;)
		sc(yield);
}

static void setup(void)
{
	char line[1024], word[1024];
	long n = sc(dev_info, H_HIGH, DEV_CMDLINE, line, sizeof line - 1);

	line[n > 0 ? n : 0] = '\0';
	option(line, "fuzz=", word);
	for (char *q = word; *q; q++)
		fuzz_seconds = (q == word ? 0 : fuzz_seconds * 10) + (*q - '0');
	super = (handle_t)sc(port_create);
	service = file_on(super, 1, PLANE_NONE, H_NONE, 0);
	EQ(sc(proc_supervise, super), 0);
}

_Noreturn void start(struct proc_page *pp)
{
	char line[1024], only[1024];
	int failed = 0;

	page = pp;
	setup();
	long n = sc(dev_info, H_HIGH, DEV_CMDLINE, line, sizeof line - 1);
	line[n > 0 ? n : 0] = '\0';
	option(line, "test=", only);
	for (const struct test *t = __start_tests; t < __stop_tests; t++) {
		if (!only[0] || same(only, t->name))
			failed += !run(t);
	}
	say("END");
	end(failed ? 1 : 0);
}

__asm__(".globl _start\n_start:\n\txorl %ebp,%ebp\n\tandq $-16,%rsp\n\tcall start\n");

/* --- for the tests --- */

void quit(int code)
{
	sc(proc_exit, (code & 0xff) << 8);
	for (;;)
		;
}

long now(void)
{
	volatile struct time_page *t = (volatile struct time_page *)page->time_page;
	uint32_t seq;
	int64_t ns;

	do {
		uint32_t lo, hi;
		seq = t->seq;
		__asm__ volatile("rdtsc" : "=a"(lo), "=d"(hi));
		uint64_t tsc = (uint64_t)hi << 32 | lo;
		ns = t->base_ns + (int64_t)((unsigned __int128)(tsc - t->base_tsc) * t->mult >> t->shift);
	} while (seq & 1 || seq != t->seq);
	return ns;
}

void *shared(size_t n)
{
	struct vm_map a = { .vm = H_NONE, .mem = H_NONE, .len = n, .prot = 3, .flags = 1 };
	long r = sc(vm_map, &a);

	CHECK(r > 0);
	return (void *)r;
}

long fork_(void)
{
	long pid = sc(proc_fork);

	CHECK(pid >= 0);
	return pid;
}

handle_t proc_of(long pid)
{
	struct msg m;

	msg(&m, ASK_PROC, (uint64_t)pid);
	EQ(sc(call, service, &m), 0);
	CHECK(m.nh == 1);
	return m.h[0];
}

int wait_for(long pid)
{
	struct msg m;

	msg(&m, ASK_WAIT, (uint64_t)pid);
	return (int)sc(call, service, &m);
}

bool has_ended(long pid)
{
	struct msg m;

	msg(&m, ASK_STATUS, (uint64_t)pid);
	return sc(call, service, &m) >= 0;
}

void kill_(long pid, int sig)
{
	handle_t h = proc_of(pid);

	EQ(sc(proc_signal, h, sig, 0), 0);
	sc(handle_close, h);
}

void msleep(long ms)
{
	sc(sleep, now() + ms * MS);
}

struct msg *msg(struct msg *m, uint64_t w0, uint64_t w1)
{
	*m = (struct msg){ .w = { w0, w1 } };
	return m;
}

handle_t file_on(handle_t port, uint64_t id, uint32_t plane, handle_t data, uint32_t flags)
{
	struct file_args a = { .id = id, .rights = R_ALL, .fflags = O_RDWR, .plane = plane,
	    .data = data, .flags = flags };
	long h = sc(file_create, port, &a);

	CHECK(h >= H_HIGH);
	return (handle_t)h;
}

static handler_fn *handlers[ABI_NSIG];

__attribute__((used)) void sig_dispatch(int signo, struct abi_siginfo *si, struct abi_ucontext *uc)
{
	handlers[signo](signo, si, uc);
}

__attribute__((naked)) static void sig_entry(void)
{
	__asm__("movq %%rcx,%%rbx\n\tcall sig_dispatch\n\tmovq %%rbx,%%rdi\n\tmovl %0,%%eax\n\t"
		"syscall\n\tud2" : : "i"(SYS_sig_return));
}

void on_signal(int signo, handler_fn *fn, uint32_t flags, uint64_t mask)
{
	handlers[signo] = fn;
	page->sig_entry = (uint64_t)sig_entry;
	page->act[signo] = (struct abi_sigact){ (uint64_t)fn, mask, flags, 0 };
}

void set_mask(uint64_t m)
{
	__atomic_store_n(&TP->sigmask, m, __ATOMIC_SEQ_CST);
	if (TP->pending & ~m)
		sc(sig_check);
}

struct start { void (*fn)(void *); void *arg; struct join *j; };

static void thread_main(struct start *s)
{
	s->fn(s->arg);
	sc(thread_exit, &s->j->tid);
	for (;;)
		;
}

long thread(void (*fn)(void *), void *arg, struct join *j)
{
	struct vm_map a = { .vm = H_NONE, .mem = H_NONE, .len = 65536, .prot = 3, .flags = 2 };
	long stack = sc(vm_map, &a);
	CHECK(stack > 0);
	struct start *s = (struct start *)(stack + 65536 - 64);
	*s = (struct start){ fn, arg, j };
	struct thread_args t = { .entry = (uint64_t)thread_main, .sp = (uint64_t)s - 8,
	    .arg = (uint64_t)s, .sigmask = ~0ull, .tid_addr = (uint64_t)&j->tid };
	return sc(thread_create, &t);
}

void join(struct join *j)
{
	uint32_t tid;

	while ((tid = j->tid) != 0)
		sc(futex_wait, &j->tid, tid, T_FOREVER, 0);
}

void *memcpy(void *d, const void *s, size_t n)
{
	for (size_t i = 0; i < n; i++)
		((char *)d)[i] = ((const char *)s)[i];
	return d;
}

void *memset(void *d, int c, size_t n)
{
	for (size_t i = 0; i < n; i++)
		((char *)d)[i] = (char)c;
	return d;
}

int memcmp(const void *a, const void *b, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (((const unsigned char *)a)[i] != ((const unsigned char *)b)[i])
			return ((const unsigned char *)a)[i] - ((const unsigned char *)b)[i];
	return 0;
}
