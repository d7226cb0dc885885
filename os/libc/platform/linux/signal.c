/* SPDX-License-Identifier: MIT */
/* signal.c: signals, on Linux; converts struct sigaction to the kernel's. */
#include <signal.h>
#include <stdint.h>
#include <string.h>
#include "sys.h"

#define KERNEL_RESTORER 0x04000000
#define SET_BYTES 8

struct ksigaction {
	void (*handler)(int);
	unsigned long flags;
	void (*restorer)(void);
	uint64_t mask;
};

void __restore_rt(void);

int plat_sigaction(int sig, const struct sigaction *new, struct sigaction *old)
{
	struct ksigaction kn, ko;
	int err;

	if (new) {
		kn.handler = new->sa_handler;
		kn.flags = (unsigned)new->sa_flags | KERNEL_RESTORER;
		kn.restorer = __restore_rt;
		memcpy(&kn.mask, &new->sa_mask, SET_BYTES);
	}
	err = sys(SYS_rt_sigaction, sig, new ? &kn : 0, old ? &ko : 0, SET_BYTES);
	if (!err && old) {
		memset(old, 0, sizeof(*old));
		old->sa_handler = ko.handler;
		old->sa_flags = ko.flags & ~KERNEL_RESTORER;
		memcpy(&old->sa_mask, &ko.mask, SET_BYTES);
	}
	return err;
}

int plat_sigprocmask(int how, const uint64_t *new, uint64_t *old)
{
	return sys(SYS_rt_sigprocmask, how, new, old, SET_BYTES);
}

int plat_sigpending(uint64_t *set)
{
	return sys(SYS_rt_sigpending, set, SET_BYTES);
}

int plat_sigsuspend(const uint64_t *set)
{
	return sys_cp(SYS_rt_sigsuspend, set, SET_BYTES);
}

int plat_sigtimedwait(const uint64_t *set, void *info, const struct timespec *timeout)
{
	return sys_cp(SYS_rt_sigtimedwait, set, info, timeout, SET_BYTES);
}

int plat_sigaltstack(const void *new, void *old)
{
	return sys(SYS_sigaltstack, new, old);
}

int plat_kill(int pid, int sig)
{
	return sys(SYS_kill, pid, sig);
}

int plat_sigqueue(int pid, int sig, void *info)
{
	return sys(SYS_rt_sigqueueinfo, pid, sig, info);
}

int plat_tsigqueue(int tid, int sig, void *info)
{
	return sys(SYS_rt_tgsigqueueinfo, sys(SYS_getpid, 0), tid, sig, info);
}

int plat_raise(int sig)
{
	uint64_t all = -1, old;
	int r;

	plat_sigprocmask(SIG_BLOCK, &all, &old);
	r = plat_tkill(plat_gettid(), sig);
	plat_sigprocmask(SIG_SETMASK, &old, 0);
	return r;
}
