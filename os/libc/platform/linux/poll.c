/* SPDX-License-Identifier: MIT */
/* poll.c: waiting for descriptors, on Linux. */
#include <time.h>
#include "sys.h"

#define SET_BYTES 8

int plat_ppoll(struct pollfd *fds, size_t count, const struct timespec *timeout, const uint64_t *mask)
{
	struct timespec left;	/* the kernel writes the rest back */

	if (timeout)
		left = *timeout;
	return sys_cp(SYS_ppoll, fds, count, timeout ? &left : 0, mask, SET_BYTES);
}

int plat_epoll_create(int flags)
{
	return sys(SYS_epoll_create1, flags);
}

int plat_epoll_ctl(int ep, int op, int fd, struct epoll_event *ev)
{
	return sys(SYS_epoll_ctl, ep, op, fd, ev);
}

int plat_epoll_pwait(int ep, struct epoll_event *evs, int max, int timeout, const uint64_t *mask)
{
	return sys_cp(SYS_epoll_pwait, ep, evs, max, timeout, mask, SET_BYTES);
}

int plat_eventfd(unsigned init, int flags)
{
	return sys(SYS_eventfd2, init, flags);
}

int plat_timerfd_create(int clock, int flags)
{
	return sys(SYS_timerfd_create, clock, flags);
}

int plat_timerfd_settime(int fd, int flags, const struct itimerspec *new, struct itimerspec *old)
{
	return sys(SYS_timerfd_settime, fd, flags, new, old);
}

int plat_timerfd_gettime(int fd, struct itimerspec *cur)
{
	return sys(SYS_timerfd_gettime, fd, cur);
}

int plat_signalfd(int fd, const uint64_t *set, int flags)
{
	return sys(SYS_signalfd4, fd, set, SET_BYTES, flags);
}

int plat_inotify_init(int flags)
{
	return sys(SYS_inotify_init1, flags);
}

int plat_inotify_add_watch(int fd, const char *path, uint32_t mask)
{
	return sys(SYS_inotify_add_watch, fd, path, mask);
}

int plat_inotify_rm_watch(int fd, int wd)
{
	return sys(SYS_inotify_rm_watch, fd, wd);
}
