/* SPDX-License-Identifier: MIT */
/* epoll.c: epoll. */
#include <errno.h>
#include <limits.h>
#include <signal.h>
#include <sys/epoll.h>
#include "../internal/cancel.h"
#include "../internal/ret.h"
#include "../internal/plat.h"

int epoll_create1(int flags)
{
	return __ret(plat_epoll_create(flags));
}

int epoll_create(int size)
{
	return __ret(size <= 0 ? -EINVAL : plat_epoll_create(0));
}

int epoll_ctl(int ep, int op, int fd, struct epoll_event *ev)
{
	return __ret(plat_epoll_ctl(ep, op, fd, ev));
}

int epoll_pwait(int ep, struct epoll_event *evs, int max, int timeout, const sigset_t *mask)
{
	int old = __cp_enter();

	return __cp_leave(old, plat_epoll_pwait(ep, evs, max, timeout, (const uint64_t *)mask));
}

int epoll_pwait2(int ep, struct epoll_event *evs, int max, const struct timespec *wait, const sigset_t *mask)
{
	int ms = -1;

	if (wait) {
		if (wait->tv_sec < 0 || wait->tv_nsec < 0 || wait->tv_nsec >= 1000000000)
			return __ret(-EINVAL);
		/* Rounded up: a short wait is not a poll. */
		long most = INT_MAX / 1000 - 1;
		ms = (wait->tv_sec > most ? most : wait->tv_sec) * 1000 + (wait->tv_nsec + 999999) / 1000000;
	}
	return epoll_pwait(ep, evs, max, ms, mask);
}

int epoll_wait(int ep, struct epoll_event *evs, int max, int timeout)
{
	int old = __cp_enter();

	return __cp_leave(old, plat_epoll_pwait(ep, evs, max, timeout, 0));
}
