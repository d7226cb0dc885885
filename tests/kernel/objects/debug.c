/* SPDX-License-Identifier: MIT */
/* Debug objects: stops, registers, memory, steps, system calls, forks, crashes. */
#include "abi/debug.h"
#include "calx.h"

static struct debug_event ev;

static void next(handle_t d, uint32_t kind)
{
	EQ(sc(debug_wait, d, &ev, now() + 5000 * MS), 0);
	EQ(ev.kind, kind);
}

static volatile int goal = 1;
static void __attribute__((noinline)) work(volatile int *p)
{
	(*p)++;
	__asm__ volatile("nop");
}

/* A child that counts till it is told to stop; its pid. */
static long counter(volatile int *shared_count)
{
	long pid = fork_();

	if (pid == 0) {
		while (goal)
			work(shared_count);
		quit(7);
	}
	return pid;
}

TEST(a_debugger_stops_reads_and_writes)
{
	volatile int *n = shared(4096);
	long pid = counter(n);
	handle_t p = proc_of(pid), d;
	struct debug_thread t;
	struct debug_regs r;
	char fp[4096];
	int zero = 0, seen;

	EQ(sc(debug_open, p, 1 << 20), -EINVAL);
	d = (handle_t)sc(debug_open, p, 0);
	CHECK(d >= 0);
	EQ(sc(debug_open, p, 0), -EBUSY);
	EQ(sc(debug_wait, d, &ev, 0), -ETIMEDOUT);
	while (!*n)
		sc(yield);
	EQ(sc(debug, d, DEBUG_GETREGS, pid, &r), -EBUSY);
	EQ(sc(debug, d, DEBUG_STOP, 0), 0);
	next(d, DEBUG_EV_STOP);
	EQ(ev.tid, pid);
	seen = *n;
	msleep(20);
	EQ(*n, seen);
	EQ(sc(debug, d, DEBUG_LIST, 0, &t, 1), 1);
	EQ(t.state, DEBUG_STOPPED);
	EQ(sc(debug, d, DEBUG_GETREGS, pid, &r), 0);
	CHECK(r.rip > 0x400000 && r.rip < 0x500000);
	CHECK(sc(debug, d, DEBUG_GETFP, pid, fp, sizeof fp) >= 512);
	EQ(sc(debug, d, DEBUG_READ, 0, &goal, &seen, sizeof seen), sizeof seen);
	EQ(seen, 1);
	EQ(sc(debug, d, DEBUG_READ, 0, 8, &seen, sizeof seen), -EFAULT);
	EQ(sc(debug, d, DEBUG_WRITE, 0, &goal, &zero, sizeof zero), sizeof zero);
	EQ(goal, 1);
	EQ(sc(debug, d, DEBUG_CONT, pid, 0, 0), 0);
	next(d, DEBUG_EV_EXIT);
	EQ(ev.result, 7 << 8);
	EQ(sc(debug_wait, d, &ev, 0), -ESRCH);
	EQ(wait_for(pid), 7 << 8);
}

/* What it interrupted goes on: no result of the kernel's own comes out of the system call. */
TEST(a_debugger_that_lets_go_at_once_is_not_noticed)
{
	handle_t port = (handle_t)sc(port_create);
	struct msg m;
	long pid = fork_();

	if (pid == 0)
		quit(sc(recv, port, &m, T_FOREVER) == 0 ? 0 : 1);
	handle_t p = proc_of(pid);
	msleep(5);
	for (int i = 0; i < 400; i++) {
		handle_t d = (handle_t)sc(debug_open, p, DEBUG_HALT);
		CHECK(d >= 0);
		EQ(sc(handle_close, d), 0);
		if (i % 4 == 0)
			msleep(1);
	}
	EQ(sc(proc_signal, p, SIGKILL, 0), 0);
	EQ(wait_for(pid), SIGKILL);
}

TEST(breakpoints_and_steps)
{
	volatile int *n = shared(4096);
	long pid = counter(n);
	handle_t d = (handle_t)sc(debug_open, proc_of(pid), DEBUG_HALT | DEBUG_KILL);
	uint8_t was, int3 = 0xcc;
	struct debug_regs r;

	next(d, DEBUG_EV_STOP);
	EQ(sc(debug, d, DEBUG_READ, 0, work, &was, 1), 1);
	EQ(sc(debug, d, DEBUG_WRITE, 0, work, &int3, 1), 1);
	CHECK(*(uint8_t *)work == was);
	EQ(sc(debug, d, DEBUG_CONT, 0, 0, 0), 0);
	for (int i = 0; i < 3; i++) {
		next(d, DEBUG_EV_SIGNAL);
		EQ(ev.info.signo, 5);
		EQ(sc(debug, d, DEBUG_GETREGS, pid, &r), 0);
		EQ(r.rip, (long)work + 1);
		r.rip--;
		EQ(sc(debug, d, DEBUG_SETREGS, pid, &r), 0);
		EQ(sc(debug, d, DEBUG_WRITE, 0, work, &was, 1), 1);
		EQ(sc(debug, d, DEBUG_CONT, pid, DEBUG_C_STEP | DEBUG_C_SIGNAL, 0), 0);
		next(d, DEBUG_EV_STEP);
		EQ(sc(debug, d, DEBUG_GETREGS, pid, &r), 0);
		CHECK(r.rip > (uint64_t)work && r.rip < (uint64_t)work + 16);
		CHECK(!(r.eflags & 0x100));
		EQ(sc(debug, d, DEBUG_WRITE, 0, work, &int3, 1), 1);
		EQ(sc(debug, d, DEBUG_CONT, pid, 0, 0), 0);
	}
	sc(handle_close, d);
	EQ(wait_for(pid), SIGKILL);
}

TEST(system_calls_are_told_with_their_results)
{
	long pid = fork_();

	if (pid == 0) {
		msleep(50);
		EQ(sc(handle_close, 12345), -9);
		quit(3);
	}
	handle_t d = (handle_t)sc(debug_open, proc_of(pid), DEBUG_SYSCALLS);
	CHECK(d >= 0);
	for (;;) {
		EQ(sc(debug_wait, d, &ev, now() + 5000 * MS), 0);
		if (ev.kind == DEBUG_EV_ENTRY && ev.nr == SYS_handle_close)
			break;
		sc(debug, d, DEBUG_CONT, 0, 0, 0);
	}
	EQ(ev.arg[0], 12345);
	sc(debug, d, DEBUG_CONT, 0, 0, 0);
	next(d, DEBUG_EV_RETURN);
	EQ(ev.nr, SYS_handle_close);
	EQ(ev.result, -EBADF);
	EQ(sc(debug, d, DEBUG_OPTIONS, 0, 0), DEBUG_SYSCALLS);
	sc(debug, d, DEBUG_CONT, 0, 0, 0);
	next(d, DEBUG_EV_EXIT);
	EQ(wait_for(pid), 3 << 8);
}

static volatile int caught;
static void on_usr(int s, struct abi_siginfo *si, struct abi_ucontext *uc)
{
	(void)si, (void)uc;
	caught = s;
}

TEST(signals_pass_the_debugger)
{
	long pid = fork_();

	if (pid == 0) {
		on_signal(SIGUSR1, on_usr, 0, 0);
		on_signal(SIGUSR2, on_usr, 0, 0);
		while (!caught)
			sc(sleep, T_FOREVER);
		quit(caught);
	}
	handle_t d = (handle_t)sc(debug_open, proc_of(pid), 0);
	msleep(20);
	kill_(pid, SIGUSR1);
	next(d, DEBUG_EV_SIGNAL);
	EQ(sc(debug, d, DEBUG_CONT, 0, DEBUG_C_SIGNAL, 0), 0);
	kill_(pid, SIGUSR1);
	next(d, DEBUG_EV_SIGNAL);
	EQ(sc(debug, d, DEBUG_CONT, 0, DEBUG_C_SIGNAL, SIGUSR2), 0);
	next(d, DEBUG_EV_EXIT);
	EQ(ev.result, SIGUSR2 << 8);
	EQ(wait_for(pid), SIGUSR2 << 8);
}

TEST(children_come_with_a_handle)
{
	long pid = fork_();

	if (pid == 0) {
		msleep(50);
		long child = fork_();
		if (child == 0)
			quit(4);
		quit(wait_for(child) >> 8);
	}
	handle_t d = (handle_t)sc(debug_open, proc_of(pid), DEBUG_FORKS), c;
	next(d, DEBUG_EV_FORK);
	long child = (long)ev.arg[0];
	CHECK(child != pid && ev.h >= 0);
	c = ev.h;
	next(c, DEBUG_EV_STOP);
	EQ(ev.pid, child);
	EQ(sc(debug, c, DEBUG_CONT, 0, 0, 0), 0);
	next(c, DEBUG_EV_EXIT);
	EQ(ev.result, 4 << 8);
	sc(handle_close, c);
	next(d, DEBUG_EV_EXIT);
	EQ(wait_for(pid), 4 << 8);
}

TEST(a_crash_waits_to_be_looked_at)
{
	handle_t port = (handle_t)sc(port_create, 0);
	struct debug_info info;
	struct debug_regs r;
	struct msg m;
	long pid;

	EQ(sc(crash_port, port), 0);
	pid = fork_();
	if (pid == 0) {
		*(volatile int *)8 = 1;
		quit(0);
	}
	EQ(sc(recv, port, &m, now() + 5000 * MS), 0);
	EQ(m.kind, MSG_CRASH);
	EQ(m.w[0], pid);
	EQ(m.w[2], SIGSEGV);
	EQ(m.w[4], 8);
	EQ(m.nh, 1);
	EQ(sc(debug, m.h[0], DEBUG_INFO, 0, &info), 0);
	EQ(info.crash_tid, pid);
	EQ(sc(debug, m.h[0], DEBUG_GETREGS, pid, &r), 0);
	EQ(r.rip, m.w[3]);
	EQ(sc(debug, m.h[0], DEBUG_CORED, 0), 0);
	sc(handle_close, m.h[0]);
	EQ(wait_for(pid), SIGSEGV | 0x80);
	EQ(sc(crash_port, H_NONE), 0);
}
