/* SPDX-License-Identifier: MIT */
/* target.c: the process that is debugged: its threads, events, breakpoints. */
#include <err.h>
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include "gdbserver.h"

#define THREADS	512
#define BREAKS	512
#define INT3	0xcc

handle_t target = H_NONE;
uint32_t target_pid, current_tid;

/* A thread that was seen to stop; `ev` waits to be told when `pending`. */
static struct task {
	uint32_t tid;
	int stopped, pending;
	int step, signo, planned;
	struct debug_event ev;
} tasks[THREADS];

static int just_attached;	/* all threads were asked to stop; nothing has been told */

static struct { uint64_t addr; uint8_t was; int used; } breaks[BREAKS];

/* The kernel's signals as gdb numbers them, from 1 on. */
static const uint8_t gdb_numbers[32] = { 0, 1, 2, 3, 4, 5, 6, 10, 8, 9, 30, 11, 31, 13, 14, 15, 0, 20, 19, 17, 18, 21, 22,
	16, 24, 25, 26, 27, 28, 23, 32, 12 };

int to_gdb(int signo)
{
	if (signo < 32)
		return gdb_numbers[signo];
	return signo == 32 ? 77 : signo < 64 ? signo + 12 : 78;
}

int from_gdb(int n)
{
	for (int s = 1; s < 32; s++)
		if (n && gdb_numbers[s] == n)
			return s;
	return n == 77 ? 32 : n == 78 ? 64 : n >= 45 && n < 76 ? n - 12 : 0;
}

static struct task *task_of(uint32_t tid, int make)
{
	struct task *room = NULL;

	for (int i = 0; i < THREADS; i++) {
		if (tasks[i].tid == tid)
			return &tasks[i];
		if (!room && !tasks[i].tid)
			room = &tasks[i];
	}
	if (!make || !room)
		return NULL;
	memset(room, 0, sizeof(*room));
	room->tid = tid;
	return room;
}

int target_attach(uint32_t pid)
{
	int64_t d = debug_attach(pid, DEBUG_EXECS | DEBUG_THREADS | DEBUG_HALT);

	if (d < 0)
		return (int)d;
	target = (handle_t)d;
	target_pid = pid;
	just_attached = 1;
	return 0;
}

/* The child waits for a byte; then its exec is the first event that is told. */
int target_start(char **argv)
{
	int p[2], err;
	char go;
	pid_t pid;
	struct debug_event ev;

	if (pipe(p) < 0 || (pid = fork()) < 0)
		return -errno;
	if (pid == 0) {
		close(p[1]);
		if (read(p[0], &go, 1) != 1)
			_exit(1);
		close(p[0]);
		execvp(argv[0], argv);
		warn("%s", argv[0]);
		_exit(127);
	}
	close(p[0]);
	err = (int)debug_attach((uint32_t)pid, DEBUG_EXECS | DEBUG_THREADS);
	if (err < 0)
		return err;
	target = err;
	target_pid = (uint32_t)pid;
	if (write(p[1], "", 1) != 1)
		return -errno;
	close(p[1]);
	while (debug_next(target, &ev, T_FOREVER) == 0 && ev.kind != DEBUG_EV_EXIT) {
		if (ev.kind == DEBUG_EV_EXEC) {
			struct task *t = task_of(ev.tid, 1);
			t->ev = ev;
			t->stopped = t->pending = 1;
			return 0;
		}
		debug_do(target, DEBUG_CONT, 0, 0, 0, 0);
	}
	return -ENOEXEC;
}

/* -- memory and breakpoints -- */

static int raw_write(uint64_t addr, const void *buf, size_t n)
{
	return debug_do(target, DEBUG_WRITE, 0, addr, (uint64_t)buf, n) == (int64_t)n ? 0 : -1;
}

int target_read(uint64_t addr, void *buf, size_t n)
{
	int64_t got = debug_read(target, addr, buf, n);

	for (int i = 0; i < BREAKS && got > 0; i++)
		if (breaks[i].used && breaks[i].addr - addr < (uint64_t)got)
			((uint8_t *)buf)[breaks[i].addr - addr] = breaks[i].was;
	return got < 0 ? -1 : (int)got;
}

int target_write(uint64_t addr, const void *buf, size_t n)
{
	static const uint8_t int3 = INT3;

	if (raw_write(addr, buf, n))
		return -1;
	for (int i = 0; i < BREAKS; i++)
		if (breaks[i].used && breaks[i].addr - addr < n) {
			breaks[i].was = ((const uint8_t *)buf)[breaks[i].addr - addr];
			raw_write(breaks[i].addr, &int3, 1);
		}
	return 0;
}

static int break_at(uint64_t addr)
{
	for (int i = 0; i < BREAKS; i++)
		if (breaks[i].used && breaks[i].addr == addr)
			return i;
	return -1;
}

int break_set(uint64_t addr)
{
	static const uint8_t int3 = INT3;
	int i = 0;

	if (break_at(addr) >= 0)
		return 0;
	while (i < BREAKS && breaks[i].used)
		i++;
	if (i == BREAKS || debug_read_all(target, addr, &breaks[i].was, 1) || raw_write(addr, &int3, 1))
		return -1;
	breaks[i].addr = addr;
	breaks[i].used = 1;
	return 0;
}

int break_clear(uint64_t addr)
{
	int i = break_at(addr);

	if (i < 0)
		return 0;
	breaks[i].used = 0;
	return raw_write(addr, &breaks[i].was, 1);
}

/* -- events -- */

/* A breakpoint of ours was hit: the thread is put back on it. */
static int on_break(const struct debug_event *ev)
{
	struct debug_regs r;

	if (ev->kind != DEBUG_EV_SIGNAL || ev->info.signo != SIGTRAP ||
	    debug_do(target, DEBUG_GETREGS, ev->tid, (uint64_t)&r, 0, 0) < 0 || break_at(r.rip - 1) < 0)
		return 0;
	r.rip--;
	debug_do(target, DEBUG_SETREGS, ev->tid, (uint64_t)&r, 0, 0);
	return 1;
}

static int running(void)
{
	struct debug_thread list[THREADS];
	int64_t n = debug_do(target, DEBUG_LIST, 0, (uint64_t)list, THREADS, 0);
	int run = 0;

	for (int64_t i = 0; i < n && i < THREADS; i++) {
		struct task *t = task_of(list[i].tid, 1);
		if (t && !t->stopped && list[i].state == DEBUG_RUNS)
			run = 1;
	}
	return run;
}

/* Takes note of an event. 1: it is worth telling. */
static int take(const struct debug_event *ev)
{
	struct task *t = task_of(ev->tid, ev->kind != DEBUG_EV_THREAD_END);

	if (ev->kind == DEBUG_EV_THREAD_END) {
		if (t)
			t->tid = 0;
		return 0;
	}
	if (!t)
		return 0;
	t->ev = *ev;
	t->stopped = ev->kind != DEBUG_EV_EXIT;
	t->pending = ev->kind == DEBUG_EV_SIGNAL || ev->kind == DEBUG_EV_STEP || ev->kind == DEBUG_EV_EXEC ||
		     ev->kind == DEBUG_EV_EXIT;
	return t->pending;
}

static struct task *pending(void)
{
	for (int i = 0; i < THREADS; i++)
		if (tasks[i].tid && tasks[i].pending)
			return &tasks[i];
	return NULL;
}

/* All others stop too; what they have to tell meanwhile waits. */
static void stop_all(void)
{
	struct debug_event ev;

	debug_do(target, DEBUG_STOP, 0, 0, 0, 0);
	for (int tries = 0; tries < 200 && running(); tries++) {
		struct pollfd p = { .fd = target, .events = POLLIN };
		if (poll(&p, 1, 20) > 0 && debug_next(target, &ev, 0) == 0)
			take(&ev);
	}
	while (debug_next(target, &ev, 0) == 0)
		take(&ev);
}

static void tell(struct task *t, struct stop *s)
{
	const struct debug_event *ev = &t->ev;

	memset(s, 0, sizeof(*s));
	s->tid = current_tid = ev->tid;
	s->signo = to_gdb(SIGTRAP);
	t->pending = 0;
	if (ev->kind == DEBUG_EV_EXIT) {
		int st = (int)ev->result;
		s->exited = WIFSIGNALED(st) ? 2 : 1;
		s->status = WIFSIGNALED(st) ? to_gdb(WTERMSIG(st)) : WEXITSTATUS(st);
		return;
	}
	if (ev->kind == DEBUG_EV_SIGNAL) {
		s->breakpoint = on_break(ev);
		s->signo = to_gdb(ev->info.signo);
	}
	s->executed = ev->kind == DEBUG_EV_EXEC;
	if (s->executed)
		memset(breaks, 0, sizeof(breaks));
}

/* A thread that stopped for ^C or at attach stands for the process. */
static void tell_stopped(struct stop *s)
{
	uint32_t tid;

	memset(s, 0, sizeof(*s));
	s->signo = to_gdb(SIGINT);
	if (!target_threads(&tid, 1))
		tid = target_pid;
	s->tid = current_tid = tid;
}

/* Reads one event. New threads are no news: they run on. */
static void next_event(void)
{
	struct debug_event ev;

	if (debug_next(target, &ev, 0) || take(&ev) || ev.kind != DEBUG_EV_THREAD)
		return;
	task_of(ev.tid, 1)->stopped = 0;
	debug_do(target, DEBUG_CONT, ev.tid, 0, 0, 0);
}

int target_wait(struct stop *s)
{
	int interrupted = just_attached;

	just_attached = 0;
	while (!pending() && !interrupted) {
		struct pollfd p[2] = { { .fd = target, .events = POLLIN }, { .fd = packet_fd(), .events = POLLIN } };
		if (poll(p, 2, -1) < 0 && errno != EINTR)
			return -1;
		if (p[0].revents)
			next_event();
		if (!pending() && p[1].revents)
			interrupted = packet_interrupted();
		if (p[0].revents & POLLHUP)
			break;
	}
	struct task *t = pending();
	if (t && t->ev.kind == DEBUG_EV_EXIT) {
		tell(t, s);
		return 0;
	}
	stop_all();
	t = pending();
	if (t)
		tell(t, s);
	else
		tell_stopped(s);
	return 0;
}

void target_plan(uint32_t tid, int step, int signo)
{
	running();		/* every thread gets a task */
	for (int i = 0; i < THREADS; i++) {
		struct task *t = &tasks[i];
		if (!t->tid || (tid && t->tid != tid) || (!tid && t->planned))
			continue;
		t->planned = 1;
		t->step = step;
		t->signo = signo;
	}
}

void target_resume(void)
{
	for (int i = 0; i < THREADS; i++) {
		struct task *t = &tasks[i];
		int planned = t->planned;
		t->planned = 0;
		if (!t->tid || !planned || pending())
			continue;
		t->stopped = 0;
		debug_do(target, DEBUG_CONT, t->tid, DEBUG_C_SIGNAL | (t->step ? DEBUG_C_STEP : 0),
			 (uint64_t)from_gdb(t->signo), 0);
	}
}

size_t target_threads(uint32_t *tids, size_t max)
{
	struct debug_thread list[THREADS];
	int64_t n = debug_do(target, DEBUG_LIST, 0, (uint64_t)list, THREADS, 0);
	size_t k = 0;

	for (int64_t i = 0; i < n && i < THREADS && k < max; i++)
		tids[k++] = list[i].tid;
	return k;
}

void target_detach(void)
{
	for (int i = 0; i < BREAKS; i++)
		if (breaks[i].used)
			break_clear(breaks[i].addr);
	sys_handle_close(target);
	target = H_NONE;
}

void target_kill(void)
{
	debug_do(target, DEBUG_SIGNAL, 0, SIGKILL, 0, 0);
	sys_handle_close(target);
	target = H_NONE;
}
