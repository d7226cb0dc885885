/* SPDX-License-Identifier: MIT */
/* Signals: delivery, masks, stacks, restart, stop and continue, faults, frames that lie. */
#include "calx.h"

static volatile int caught, order[8];
static volatile uint64_t last_value, last_addr;
static volatile uintptr_t last_sp;

static void count(int s, struct abi_siginfo *si, struct abi_ucontext *uc)
{
	int here;

	(void)uc;
	order[caught & 7] = s;
	caught++;
	last_value = si->u.kill.value;
	last_addr = si->u.fault.addr;
	last_sp = (uintptr_t)&here;
}

static void raise_(int sig, long value)
{
	EQ(sc(thread_signal, TP->tid, sig, value), 0);
}

TEST(handlers_run_and_registers_survive)
{
	uint64_t x[2] = { 0x1122334455667788, 0x99aabbccddeeff00 }, y[2];
	register long keep __asm__("r12") = 1234;

	on_signal(SIGUSR1, count, 0, 0);
	long r = SYS_thread_signal;
	__asm__ volatile("movdqu %2,%%xmm7\n\tsyscall\n\tmovdqu %%xmm7,%1"
		: "+a"(r), "=m"(y), "+m"(x), "+r"(keep)
		: "D"((long)TP->tid), "S"((long)SIGUSR1), "d"(42l) : "rcx", "r11", "xmm7", "memory");
	EQ(r, 0);
	EQ(caught, 1);
	EQ(last_value, 42);
	CHECK(x[0] == y[0] && x[1] == y[1] && keep == 1234);
	EQ(TP->sigmask, 0);
	EQ(sc(thread_signal, 0, SIGUSR1, 7), 0);	/* 0: the caller */
	CHECK(caught == 2 && last_value == 7);
	EQ(sc(thread_signal, 0, 0, 0), 0);
	EQ(sc(thread_signal, 0, ABI_NSIG, 0), -EINVAL);
}

TEST(masks_hold_signals_back)
{
	on_signal(SIGUSR1, count, 0, 0);
	on_signal(SIGUSR2, count, 0, BIT(SIGUSR1));
	set_mask(BIT(SIGUSR1) | BIT(SIGUSR2));
	raise_(SIGUSR1, 0);
	raise_(SIGUSR1, 0);
	raise_(SIGUSR2, 0);
	EQ(caught, 0);
	EQ(sc(sig_pending), BIT(SIGUSR1) | BIT(SIGUSR2));
	EQ(TP->pending, BIT(SIGUSR1) | BIT(SIGUSR2));
	set_mask(0);
	EQ(caught, 2);
	EQ(sc(sig_pending), 0);
	EQ(TP->pending, 0);
}

TEST(realtime_signals_queue)
{
	on_signal(40, count, 0, 0);
	set_mask(BIT(40));
	for (int i = 1; i <= 3; i++)
		raise_(40, i);
	set_mask(0);
	EQ(caught, 3);
	EQ(last_value, 3);
}

TEST(one_shot_handlers_reset)
{
	long pid = fork_();

	if (pid == 0) {
		on_signal(SIGUSR1, count, SA_RESETHAND, 0);
		raise_(SIGUSR1, 0);
		CHECK(caught == 1);
		raise_(SIGUSR1, 0);
		quit(0);
	}
	EQ(wait_for(pid), SIGUSR1);
}

static char alt[8192] __attribute__((aligned(16)));

TEST(alternate_stacks_are_used)
{
	on_signal(SIGUSR1, count, SA_ONSTACK, 0);
	on_signal(SIGUSR2, count, 0, 0);
	TP->alt_base = (uint64_t)alt;
	TP->alt_size = sizeof alt;
	raise_(SIGUSR1, 0);
	CHECK(last_sp > (uintptr_t)alt && last_sp < (uintptr_t)alt + sizeof alt);
	raise_(SIGUSR2, 0);
	CHECK(last_sp < (uintptr_t)alt || last_sp > (uintptr_t)alt + sizeof alt);
}

static void skip(int s, struct abi_siginfo *si, struct abi_ucontext *uc)
{
	count(s, si, uc);
	uc->gregs[16] = uc->gregs[4];		/* rip becomes r12: where to go on */
}

TEST(faults_reach_handlers)
{
	on_signal(SIGSEGV, skip, 0, 0);
	__asm__ volatile("leaq 1f(%%rip),%%r12\n\tmovq %0,%%rax\n\tmovb $1,(%%rax)\n1:"
		: : "r"(0x12345678ul) : "rax", "r12", "memory");
	EQ(caught, 1);
	EQ(last_addr, 0x12345678);
}

TEST(faults_without_handler_kill)
{
	long pid = fork_();

	if (pid == 0) {
		*(volatile char *)16 = 1;
		quit(0);
	}
	EQ(wait_for(pid), SIGSEGV);
	pid = fork_();
	if (pid == 0) {
		__asm__ volatile("cli");
		quit(0);
	}
	EQ(wait_for(pid), SIGSEGV);
	pid = fork_();
	if (pid == 0) {
		__asm__ volatile("ud2");
		quit(0);
	}
	EQ(wait_for(pid), 4);
}

/* A child sends signals, at least five, till *done or, with `then`, writes to the pipe after five. */
static long annoy(volatile uint32_t *done, handle_t then)
{
	long me = page->pid, pid = fork_();

	if (pid)
		return pid;
	handle_t h = proc_of(me);
	for (int i = 0; i < 5 || !*done; i++) {
		if (i == 5 && then >= 0)
			sc(write, then, "x", 1);
		else if (i < 5 || then < 0)
			sc(proc_signal, h, SIGUSR1, 0);
		msleep(5);
	}
	quit(0);
}

static void interrupted(uint32_t flags, long want)
{
	volatile uint32_t *done = shared(4096);
	handle_t p[2];
	char c;

	EQ(sc(pipe, p, 0), 0);
	on_signal(SIGUSR1, count, flags, 0);
	long pid = annoy(done, want == 1 ? p[1] : H_NONE);
	EQ(sc(read, p[0], &c, 1), want);
	set_mask(BIT(SIGUSR1));
	*done = 1;
	CHECK(caught >= 1);
	EQ(wait_for(pid), 0);
}

TEST(reads_are_interrupted) { interrupted(0, -EINTR); }
TEST(reads_restart) { interrupted(SA_RESTART, 1); }

TEST(sleeps_are_interrupted)
{
	volatile uint32_t *done = shared(4096);

	on_signal(SIGUSR1, count, SA_RESTART, 0);
	long pid = annoy(done, H_NONE);
	EQ(sc(sleep, now() + 100000 * MS), -EINTR);
	set_mask(BIT(SIGUSR1));
	*done = 1;
	EQ(wait_for(pid), 0);
}

TEST(suspend_swaps_the_mask)
{
	on_signal(SIGUSR1, count, 0, 0);
	set_mask(BIT(SIGUSR1));
	raise_(SIGUSR1, 0);
	EQ(sc(sig_suspend, 0), -EINTR);
	EQ(caught, 1);
	EQ(TP->sigmask, BIT(SIGUSR1));
	/* poll does the same with its mask */
	uint64_t none = 0;
	raise_(SIGUSR1, 0);
	EQ(sc(poll, 0, 0, T_FOREVER, &none), -EINTR);
	EQ(caught, 2);
	EQ(TP->sigmask, BIT(SIGUSR1));
}

TEST(sig_wait_takes_signals)
{
	struct abi_siginfo si;

	set_mask(BIT(SIGUSR1) | BIT(SIGCHLD));
	EQ(sc(sig_wait, BIT(SIGUSR1), &si, now() + 5 * MS), -EAGAIN);
	raise_(SIGUSR1, 99);
	EQ(sc(sig_wait, BIT(SIGUSR1), &si, 0), SIGUSR1);
	EQ(si.u.kill.value, 99);
	/* A signal that is ignored by default still waits when blocked. */
	long me = page->pid, pid = fork_();
	if (pid == 0) {
		msleep(10);
		kill_(me, SIGCHLD);
		quit(0);
	}
	EQ(sc(sig_wait, BIT(SIGCHLD), &si, T_FOREVER), SIGCHLD);
	EQ(wait_for(pid), 0);
}

static void wait_state(handle_t h, uint32_t state)
{
	struct proc_info info;

	for (int i = 0; i < 10000; i++) {
		EQ(sc(proc_info, h, &info), 0);
		if (info.state == state)
			return;
		msleep(1);
	}
	EQ(info.state, state);
}

TEST(stop_and_continue)
{
	volatile uint32_t *n = shared(4096);
	long pid = fork_();

	if (pid == 0)
		for (;;) {
			++*n;
			msleep(1);
		}
	handle_t h = proc_of(pid);
	EQ(sc(proc_signal, h, SIGSTOP, 0), 0);
	wait_state(h, 1);
	msleep(20);
	uint32_t was = *n;
	msleep(30);
	CHECK(*n == was);
	EQ(sc(proc_signal, h, SIGCONT, 0), 0);
	for (int i = 0; i < 10000 && *n == was; i++)
		msleep(1);
	CHECK(*n > was);
	EQ(sc(proc_signal, h, SIGSTOP, 0), 0);
	wait_state(h, 1);
	EQ(sc(proc_signal, h, SIGKILL, 0), 0);
	EQ(wait_for(pid), SIGKILL);
	EQ(sc(proc_signal, h, SIGCONT, 0), -ESRCH);
}

TEST(timers_send_signals)
{
	handle_t t = (handle_t)sc(timer_create, 0);

	on_signal(SIGALRM, count, 0, 0);
	EQ(sc(timer_signal, t, SIGALRM, 5), 0);
	EQ(sc(timer_set, t, now() + 5 * MS, 5 * MS, 0), 0);
	EQ(sc(sleep, now() + 100000 * MS), -EINTR);
	EQ(sc(timer_set, t, 0, 0, 0), 0);
	CHECK(caught >= 1);
}

static void lie(int s, struct abi_siginfo *si, struct abi_ucontext *uc)
{
	(void)s, (void)si;
	uint8_t *p = (uint8_t *)uc;
	for (unsigned i = 0; i < sizeof(struct abi_sigframe); i++)
		if (rnd() % 4 == 0)
			p[i] = (uint8_t)rnd();
	if (rnd() % 2)
		uc->fpstate = 0;
	for (unsigned i = 0; uc->fpstate && i < 600 && rnd() % 2; i++)
		((uint8_t *)(p + sizeof(struct abi_sigframe)))[i] = (uint8_t)rnd();
}

static void lie_flags(int s, struct abi_siginfo *si, struct abi_ucontext *uc)
{
	(void)s, (void)si;
	uc->gregs[17] |= 0x3000 | 0x100 << 12;		/* IOPL, virtual mode */
	uc->gregs[18] = 0x10 << 16 | 8;			/* the kernel's segments */
}

TEST(frames_that_lie_gain_nothing)
{
	on_signal(SIGUSR1, lie_flags, 0, 0);
	raise_(SIGUSR1, 0);
	uint64_t fl;
	uint16_t cs;
	__asm__ volatile("pushfq\n\tpopq %0\n\tmov %%cs,%1" : "=r"(fl), "=r"(cs));
	CHECK((fl & 0x3000) == 0 && (cs & 3) == 3);
	for (int i = 0; i < 100; i++) {
		long pid = fork_();
		if (pid == 0) {
			on_signal(SIGUSR1, lie, 0, 0);
			raise_(SIGUSR1, 0);
			quit(0);
		}
		msleep(2);
		handle_t h = proc_of(pid);
		sc(proc_signal, h, SIGKILL, 0);
		sc(handle_close, h);
		CHECK(wait_for(pid) >= 0);
	}
}

static volatile uint32_t ready, taker;
static void note_thread(int s, struct abi_siginfo *si, struct abi_ucontext *uc)
{
	(void)s, (void)si, (void)uc;
	taker = 1;
	sc(futex_wake, &taker, 10, 0);
}

/* A thread that lets the signal in, sleeping; the first one blocks it. */
static void open_thread(void *arg)
{
	(void)arg;
	ready = 1;
	sc(futex_wake, &ready, 1, 0);
	for (;;)
		sc(sleep, T_FOREVER);
}

TEST(signals_go_to_a_thread_that_lets_them_in)
{
	static struct join j;
	struct vm_map a = { .vm = H_NONE, .mem = H_NONE, .len = 65536, .prot = 3, .flags = 2 };
	long stack = sc(vm_map, &a);

	on_signal(SIGUSR1, note_thread, 0, 0);
	set_mask(BIT(SIGUSR1));
	struct thread_args t = { .entry = (uint64_t)open_thread, .sp = (uint64_t)stack + 65528, .arg = 0,
	    .sigmask = 0, .tid_addr = (uint64_t)&j.tid };
	CHECK(sc(thread_create, &t) > 0);
	while (!ready)
		sc(futex_wait, &ready, 0, T_FOREVER, 0);
	EQ(sc(proc_signal, H_NONE, SIGUSR1, 0), 0);
	while (!taker)
		sc(futex_wait, &taker, 0, T_FOREVER, 0);
	EQ(sc(sig_pending), 0);
}
