/* SPDX-License-Identifier: MIT */
/* Signals: handlers, masks, pending ones, siginfo, an own stack, jumps out, waiting, timers. */
#include <assert.h>
#include <errno.h>
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

static volatile sig_atomic_t got, value, on_stack, ticks;
static char stack[65536];
static sigjmp_buf env;

static void simple(int sig)
{
	got = sig;
}

static void info(int sig, siginfo_t *si, void *uc)
{
	char here;

	(void)uc;
	got = sig;
	value = si->si_value.sival_int;
	on_stack = &here >= stack && &here < stack + sizeof(stack);
}

static void fault(int sig, siginfo_t *si, void *uc)
{
	(void)uc;
	assert(sig == SIGSEGV && si->si_addr == (void *)16);
	siglongjmp(env, 1);
}

static void tick(int sig)
{
	(void)sig;
	ticks++;
}

static pthread_t caller;

static void who(int sig)
{
	(void)sig;
	caller = pthread_self();
}

/* What raise sends reaches the thread that calls it. */
static void *raises(void *arg)
{
	assert(signal(SIGUSR2, who) != SIG_ERR && raise(SIGUSR2) == 0 && pthread_equal(caller, pthread_self()));
	return arg;
}

/* A handler may set actions whatever it interrupts. */
static void tick_sets(int sig)
{
	signal(SIGUSR2, who);
	tick(sig);
}

static void set(int sig, void (*fn)(int, siginfo_t *, void *), int flags)
{
	struct sigaction sa = { .sa_sigaction = fn, .sa_flags = flags | SA_SIGINFO };

	assert(sigaction(sig, &sa, 0) == 0);
}

int main(void)
{
	struct itimerval it = { { 0, 2000 }, { 0, 2000 } };
	stack_t ss = { .ss_sp = stack, .ss_size = sizeof(stack) };
	sigset_t mask, pending, old;
	siginfo_t si;
	int sig;

	assert(signal(SIGUSR1, simple) == SIG_DFL && raise(SIGUSR1) == 0 && got == SIGUSR1);
	assert(signal(SIGKILL, simple) == SIG_ERR && errno == EINVAL);
	sigemptyset(&mask);
	sigaddset(&mask, SIGUSR1);
	assert(pthread_sigmask(SIG_BLOCK, &mask, &old) == 0 && !sigismember(&old, SIGUSR1));
	got = 0;
	kill(getpid(), SIGUSR1);
	assert(!got && sigpending(&pending) == 0 && sigismember(&pending, SIGUSR1) == 1);
	assert(sigwait(&mask, &sig) == 0 && sig == SIGUSR1);
	assert(sigtimedwait(&mask, &si, &(struct timespec){0, 1000000}) == -1 && errno == EAGAIN);
	raise(SIGUSR1);
	assert(sigsuspend(&old) == -1 && errno == EINTR && got == SIGUSR1);
	assert(sigprocmask(SIG_SETMASK, &old, 0) == 0);
	assert(sigaltstack(&ss, 0) == 0);
	set(SIGRTMIN, info, SA_ONSTACK);
	assert(sigqueue(getpid(), SIGRTMIN, (union sigval){ .sival_int = 77 }) == 0);
	assert(got == SIGRTMIN && value == 77 && on_stack);
	set(SIGSEGV, fault, SA_ONSTACK);
	for (volatile int i = 0; i < 3; i++)
		if (!sigsetjmp(env, 1))
			*(volatile int *)16 = 1;
	signal(SIGALRM, tick);
	assert(setitimer(ITIMER_REAL, &it, 0) == 0);
	while (ticks < 5)
		pause();
	signal(SIGALRM, tick_sets);
	for (ticks = 0; ticks < 20;)
		signal(SIGUSR2, simple);
	memset(&it, 0, sizeof(it));
	assert(setitimer(ITIMER_REAL, &it, 0) == 0);
	assert(pthread_create(&caller, 0, raises, 0) == 0 && pthread_join(caller, 0) == 0);
	return 0;
}
