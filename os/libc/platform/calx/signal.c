/* SPDX-License-Identifier: MIT */
/*
 * signal.c: signals. Dispositions and masks lie in pages that the kernel reads when it delivers.
 *
 * handlers[] is what libc calls; the copy in the proc page tells the kernel only default, ignore or
 * handle. It is written first, so a handler entered by the kernel is always there.
 */
#include <signal.h>
#include <string.h>
#include <time.h>
#include "calx.h"

#define BIT(sig) (1ull << ((sig) - 1))
#define UNBLOCKABLE (BIT(SIGKILL) | BIT(SIGSTOP))

static void (*volatile handlers[ABI_NSIG])(int, siginfo_t *, void *);

hidden _Noreturn void __sig_dispatch(int sig, siginfo_t *info, void *uc, struct abi_sigframe *frame)
{
	void (*h)(int, siginfo_t *, void *) = handlers[sig];

	if (h)
		h(sig, info, uc);
	for (;;)
		sys(SYS_sig_return, frame);
}

int plat_sigaction(int sig, const struct sigaction *new, struct sigaction *old)
{
	struct abi_sigact *a;

	if (sig < 1 || sig >= ABI_NSIG || (new && (BIT(sig) & UNBLOCKABLE)))
		return -EINVAL;
	__calx_lock();
	a = &__calx.pp->act[sig];
	if (old) {
		memset(old, 0, sizeof(*old));
		old->sa_handler = (void (*)(int))a->handler;
		old->sa_mask.__bits[0] = a->mask;
		old->sa_flags = a->flags;
	}
	if (new) {
		if (new->sa_handler != SIG_DFL && new->sa_handler != SIG_IGN)
			handlers[sig] = new->sa_sigaction;
		a->mask = new->sa_mask.__bits[0] & ~UNBLOCKABLE;
		a->flags = new->sa_flags;
		__atomic_store_n(&a->handler, (uint64_t)new->sa_handler, __ATOMIC_RELEASE);
	}
	__calx_unlock();
	return 0;
}

static __attribute__((noinline)) uint64_t let_through(uint64_t old)
{
	sys(SYS_sig_check);
	return old;
}

uint64_t __calx_page_mask(volatile struct thread_page *p, uint64_t mask)
{
	uint64_t old = p->sigmask;

	mask &= ~UNBLOCKABLE;
	/* The kernel sets pending and then reads the mask; we do it the other way round. */
	__atomic_exchange_n(&p->sigmask, mask, __ATOMIC_SEQ_CST);
	return p->pending & ~mask ? let_through(old) : old;
}

uint64_t __calx_set_mask(uint64_t mask)
{
	return __calx_page_mask(__calx_thread_page(), mask);
}

int plat_sigprocmask(int how, const uint64_t *new, uint64_t *old)
{
	uint64_t mask = __calx_thread_page()->sigmask, was = mask;

	if (new) {
		switch (how) {
		case SIG_BLOCK: mask |= *new; break;
		case SIG_UNBLOCK: mask &= ~*new; break;
		case SIG_SETMASK: mask = *new; break;
		default: return -EINVAL;
		}
		__calx_set_mask(mask);
	}
	if (old)
		*old = was;
	return 0;
}

int plat_sigpending(uint64_t *set)
{
	*set = __calx_thread_page()->pending & __calx_thread_page()->sigmask;
	return 0;
}

int plat_sigsuspend(const uint64_t *set)
{
	return sys_cp(SYS_sig_suspend, *set & ~UNBLOCKABLE);
}

int plat_sigtimedwait(const uint64_t *set, void *info, const struct timespec *timeout)
{
	struct abi_siginfo si;
	long sig;

	if (timeout && (timeout->tv_nsec < 0 || timeout->tv_nsec >= 1000000000))
		return -EINVAL;
	sig = sys_cp(SYS_sig_wait, *set & ~UNBLOCKABLE, &si, __calx_deadline(timeout));
	if (sig > 0 && info)
		memcpy(info, &si, sizeof(si));
	return sig == -ETIMEDOUT ? -EAGAIN : sig;
}

int plat_sigaltstack(const void *new_, void *old_)
{
	struct thread_page *p = __calx_thread_page();
	const stack_t *new = new_;
	stack_t *old = old_;
	uint64_t sp = (uint64_t)__builtin_frame_address(0);
	int on = p->alt_size && sp - p->alt_base < p->alt_size;

	if (old) {
		old->ss_sp = (void *)p->alt_base;
		old->ss_size = p->alt_size;
		old->ss_flags = !p->alt_size ? SS_DISABLE : on ? SS_ONSTACK : 0;
	}
	if (!new)
		return 0;
	if (on)
		return -EPERM;
	if (new->ss_flags & ~SS_DISABLE)
		return -EINVAL;
	if (!(new->ss_flags & SS_DISABLE) && new->ss_size < MINSIGSTKSZ)
		return -ENOMEM;
	p->alt_size = 0;
	p->alt_base = new->ss_flags & SS_DISABLE ? 0 : (uint64_t)new->ss_sp;
	p->alt_size = new->ss_flags & SS_DISABLE ? 0 : new->ss_size;
	return 0;
}

static int send(int pid, int sig, int code, uint64_t value)
{
	struct msg m = { .w = { P_KILL, (int64_t)pid, sig, (int64_t)code, value } };
	struct abi_siginfo si = { .signo = sig, .code = code, .u.kill = { plat_getpid(), plat_getuid(), value } };
	long r;

	if (sig < 0 || sig >= ABI_NSIG)
		return -EINVAL;
	if (pid == plat_getpid())
		return sys(SYS_proc_signal, H_NONE, sig, &si);
	r = __procd_call(&m);
	return r < 0 ? r : 0;
}

int plat_kill(int pid, int sig)
{
	return send(pid, sig, SI_USER, 0);
}

int plat_sigqueue(int pid, int sig, void *info)
{
	siginfo_t *si = info;

	return send(pid, sig, si->si_code, (uint64_t)si->si_value.sival_ptr);
}

/* The kernel fills in who sent it. */
int plat_tsigqueue(int tid, int sig, void *info)
{
	siginfo_t *si = info;

	return sys(SYS_thread_signal, tid, sig, si->si_value.sival_ptr, si->si_code);
}
