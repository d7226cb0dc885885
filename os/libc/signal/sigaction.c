/* SPDX-License-Identifier: MIT */
/* sigaction.c: dispositions of signals. */
#include <errno.h>
#include <signal.h>
#include <string.h>
#include "../internal/hidden.h"
#include "../internal/ret.h"
#include "../internal/plat.h"

#define SIGCANCEL 33
#define SIGTIMER 32

static uint64_t interrupting;		/* signals that siginterrupt made interrupt; bit sig - 1 */

int sigaction(int sig, const struct sigaction *restrict new, struct sigaction *restrict old)
{
	int r = sig == SIGCANCEL || sig == SIGTIMER ? -EINVAL : plat_sigaction(sig, new, old);

	return r ? (int)__ret(r) : 0;
}

static void (*set_handler(int sig, void (*handler)(int), int flags))(int)
{
	struct sigaction sa = { .sa_handler = handler, .sa_flags = flags }, old;

	return sigaction(sig, &sa, &old) ? SIG_ERR : old.sa_handler;
}

void (*signal(int sig, void (*handler)(int)))(int)
{
	int restart = sig > 0 && sig < 65 && (interrupting >> (sig - 1) & 1) ? 0 : SA_RESTART;

	return set_handler(sig, handler, restart);
}
weak_alias(signal, bsd_signal);

void (*sysv_signal(int sig, void (*handler)(int)))(int)
{
	return set_handler(sig, handler, SA_RESETHAND | SA_NODEFER);
}

int siginterrupt(int sig, int on)
{
	struct sigaction sa;

	if (sigaction(sig, 0, &sa))
		return -1;
	if (on) {
		sa.sa_flags &= ~SA_RESTART;
		__atomic_fetch_or(&interrupting, 1ull << (sig - 1), __ATOMIC_RELAXED);
	} else {
		sa.sa_flags |= SA_RESTART;
		__atomic_fetch_and(&interrupting, ~(1ull << (sig - 1)), __ATOMIC_RELAXED);
	}
	return sigaction(sig, &sa, 0);
}

int sigignore(int sig)
{
	return set_handler(sig, SIG_IGN, 0) == SIG_ERR ? -1 : 0;
}

void (*sigset(int sig, void (*handler)(int)))(int)
{
	struct sigaction sa = { .sa_handler = handler }, old;
	sigset_t set, was;

	sigemptyset(&set);
	if (sigaddset(&set, sig))
		return SIG_ERR;
	if (sigprocmask(handler == SIG_HOLD ? SIG_BLOCK : SIG_UNBLOCK, &set, &was))
		return SIG_ERR;
	if (sigaction(sig, handler == SIG_HOLD ? 0 : &sa, &old))
		return SIG_ERR;
	return sigismember(&was, sig) == 1 ? SIG_HOLD : old.sa_handler;
}

int __libc_current_sigrtmin(void)
{
	return 35;		/* 32 to 34 are the library's */
}

int __libc_current_sigrtmax(void)
{
	return 64;
}
