/* SPDX-License-Identifier: MIT */
/*
 * cancel.c: cancellation of threads.
 *
 * A request sets tcb.cancel and sends SIGCANCEL. Deferred: the system call stub (arch/, syscall_cp)
 * returns -ECANCELED when the request is seen before the call did anything; the handler moves a
 * thread found there to that exit. Otherwise the request waits for the next cancellation point.
 */
#include <pthread.h>
#include <signal.h>
#include <stddef.h>
#include <string.h>
#include <ucontext.h>
#include "../internal/cancel.h"
#include "../internal/pthread_impl.h"
#include "../internal/ret.h"

_Static_assert(offsetof(struct tcb, cancel) == 60 && offsetof(struct tcb, cp) == 64,
	"offsets that arch/x86_64/syscall_cp.S uses");

extern hidden const char __cp_begin[], __cp_end[], __cp_cancel[];

static int enabled(const struct tcb *t)
{
	return t->cancel_off == PTHREAD_CANCEL_ENABLE;
}

static _Noreturn void act(struct tcb *t)
{
	t->cp = 0;
	t->cancel_off = PTHREAD_CANCEL_DISABLE;
	t->cancel_async = 0;
	pthread_exit(PTHREAD_CANCELED);
}

int __cp_enter(void)
{
	struct tcb *t = __self();
	int old = t->cp;

	if (enabled(t)) {
		if (t->cancel)
			act(t);
		t->cp = 1;
	}
	return old;
}

long __cp_leave_raw(int old, long r)
{
	struct tcb *t = __self();

	t->cp = old;
	if ((r == -ECANCELED || r == -EINTR) && t->cancel && enabled(t))
		act(t);
	return r;
}

long __cp_leave(int old, long r)
{
	return __ret(__cp_leave_raw(old, r));
}

void pthread_testcancel(void)
{
	struct tcb *t = __self();

	if (t->cancel && enabled(t))
		act(t);
}

static void on_cancel(int sig, siginfo_t *info, void *context)
{
	struct tcb *t = __self();
	ucontext_t *uc = context;
	uintptr_t pc = uc->uc_mcontext.gregs[REG_RIP];

	(void)info;
	if (!t->cancel || !enabled(t))
		return;
	if (t->cancel_async) {
		uint64_t mask = 1ull << (sig - 1);
		plat_sigprocmask(SIG_UNBLOCK, &mask, 0);
		act(t);
	}
	if (!t->cp)
		return;
	/* Stays blocked in this frame: a handler above a blocked call returns and is asked again. */
	*(uint64_t *)&uc->uc_sigmask |= 1ull << (sig - 1);
	if (pc >= (uintptr_t)__cp_begin && pc < (uintptr_t)__cp_end)
		uc->uc_mcontext.gregs[REG_RIP] = (uintptr_t)__cp_cancel;
	else
		plat_tkill(t->tid, sig);
}

static void install(void)
{
	static volatile int done;
	struct sigaction sa = { .sa_flags = SA_SIGINFO | SA_RESTART | SA_ONSTACK, .sa_sigaction = on_cancel };

	if (done)
		return;
	memset(&sa.sa_mask, -1, 8);
	plat_sigaction(SIGCANCEL, &sa, 0);
	done = 1;
}

int pthread_cancel(pthread_t thread)
{
	struct tcb *t = THREAD(thread);

	if (t->detach == THREAD_GONE)
		return ESRCH;
	install();
	t->cancel = 1;
	if (t == __self()) {
		if (enabled(t) && t->cancel_async)
			act(t);
		return 0;
	}
	return pthread_kill(thread, SIGCANCEL);
}

int pthread_setcancelstate(int new, int *old)
{
	struct tcb *t = __self();

	if ((unsigned)new > PTHREAD_CANCEL_DISABLE)
		return EINVAL;
	if (old)
		*old = t->cancel_off;
	t->cancel_off = new;
	return 0;
}

int pthread_setcanceltype(int new, int *old)
{
	struct tcb *t = __self();

	if ((unsigned)new > PTHREAD_CANCEL_ASYNCHRONOUS)
		return EINVAL;
	if (old)
		*old = t->cancel_async;
	t->cancel_async = new;
	if (new)
		pthread_testcancel();
	return 0;
}

void _pthread_cleanup_push(struct __ptcb *cb, void (*f)(void *), void *arg)
{
	struct tcb *t = __self();

	cb->__f = f;
	cb->__x = arg;
	cb->__next = (struct __ptcb *)t->cleanup;
	t->cleanup = (void *)cb;
}

void _pthread_cleanup_pop(struct __ptcb *cb, int run)
{
	__self()->cleanup = (void *)cb->__next;
	if (run)
		cb->__f(cb->__x);
}
