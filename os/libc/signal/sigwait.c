/* SPDX-License-Identifier: MIT */
/* sigwait.c: waiting for signals. */
#include <errno.h>
#include <signal.h>
#include <time.h>
#include "../internal/cancel.h"
#include "../internal/plat.h"

int sigsuspend(const sigset_t *mask)
{
	int old = __cp_enter();

	return __cp_leave(old, plat_sigsuspend((const uint64_t *)mask));
}

int sigtimedwait(const sigset_t *restrict set, siginfo_t *restrict info,
	const struct timespec *restrict timeout)
{
	int old = __cp_enter();
	long r;

	/* Interrupted by the handler of a signal outside the set: only EINTR where time runs. */
	r = plat_sigtimedwait((const uint64_t *)set, info, timeout);
	return __cp_leave(old, r);
}

int sigwaitinfo(const sigset_t *restrict set, siginfo_t *restrict info)
{
	return sigtimedwait(set, info, 0);
}

int sigwait(const sigset_t *restrict set, int *restrict sig)
{
	int r;

	do
		r = sigtimedwait(set, 0, 0);
	while (r < 0 && errno == EINTR);
	if (r < 0)
		return errno;
	*sig = r;
	return 0;
}

int sigpause(int sig)
{
	sigset_t mask;

	sigprocmask(SIG_BLOCK, 0, &mask);
	if (sigdelset(&mask, sig))
		return -1;
	return sigsuspend(&mask);
}
