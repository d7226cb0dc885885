/* SPDX-License-Identifier: MIT */
/* poll.c: waiting for descriptors: poll on handles, epoll on event queues. */
#include <fcntl.h>
#include <poll.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/signalfd.h>
#include <sys/timerfd.h>
#include <time.h>
#include "calx.h"

int plat_ppoll(struct pollfd *fds, size_t count, const struct timespec *timeout, const uint64_t *mask)
{
	int64_t deadline = __calx_deadline(timeout);

	if (timeout && (timeout->tv_sec < 0 || (unsigned long)timeout->tv_nsec >= 1000000000))
		return -EINVAL;
	if (count > 65536)
		return -EINVAL;
	return sys_cp(SYS_poll, fds, count, deadline, mask);
}

int plat_epoll_create(int flags)
{
	if (flags & ~EPOLL_CLOEXEC)
		return -EINVAL;
	return sys(SYS_evq_create, H_PUT_LOW | (flags ? H_CLOEXEC : 0));
}

/* Files of bytes are always ready: who waits for events is told so, as on Linux. */
static int has_events(int fd)
{
	struct handle_info hi;

	return sys(SYS_handle_info, fd, &hi) < 0 || hi.kind != OBJ_FILE || hi.plane != PLANE_MEM;
}

int plat_epoll_ctl(int ep, int op, int fd, struct epoll_event *ev)
{
	uint32_t events = 0, flags = 0;
	uint64_t key = 0;
	long r;

	if (op != EPOLL_CTL_DEL) {
		if (!ev)
			return -EFAULT;
		key = ev->data.u64;
		events = (ev->events & 0xffff) | EV_ERR | EV_HUP;
		flags = (ev->events & EPOLLET ? BIND_EDGE : 0) | (ev->events & EPOLLONESHOT ? BIND_ONESHOT : 0);
	}
	if (op != EPOLL_CTL_ADD && op != EPOLL_CTL_MOD && op != EPOLL_CTL_DEL)
		return -EINVAL;
	if (fd == ep)
		return -EINVAL;
	if (op == EPOLL_CTL_ADD && !has_events(fd))
		return -EPERM;
	/* 1: there was one already, and it is changed now. */
	r = sys(SYS_bind, fd, ep, key, events, flags);
	if (r > 0)
		return op == EPOLL_CTL_ADD ? -EEXIST : 0;
	return r;
}

int plat_epoll_pwait(int ep, struct epoll_event *evs, int max, int timeout, const uint64_t *mask)
{
	struct abi_event got[64];
	struct timespec ts = { .tv_sec = timeout / 1000, .tv_nsec = timeout % 1000 * 1000000 };
	int64_t deadline = __calx_deadline(timeout < 0 ? 0 : &ts);
	long n;

	if (max <= 0)
		return -EINVAL;
	n = sys_cp(SYS_evq_wait, ep, got, max < 64 ? max : 64, deadline, mask);
	if (n == -ETIMEDOUT)
		return 0;
	for (long i = 0; i < n; i++) {
		evs[i].events = got[i].events;
		evs[i].data.u64 = got[i].key;
	}
	return n;
}

int plat_eventfd(unsigned init, int flags)
{
	if (flags & ~(EFD_SEMAPHORE | EFD_CLOEXEC | EFD_NONBLOCK))
		return -EINVAL;
	return sys(SYS_counter_create, init, (flags & (EFD_CLOEXEC | EFD_NONBLOCK))
		| (flags & EFD_SEMAPHORE ? COUNTER_SEMAPHORE : 0));
}

int plat_timerfd_create(int clock, int flags)
{
	int fd;

	if (clock != CLOCK_REALTIME && clock != CLOCK_MONOTONIC && clock != CLOCK_BOOTTIME)
		return -EINVAL;
	if (flags & ~(TFD_CLOEXEC | TFD_NONBLOCK))
		return -EINVAL;
	fd = sys(SYS_timer_create, H_PUT_LOW | (flags & TFD_CLOEXEC ? H_CLOEXEC : 0),
		clock == CLOCK_REALTIME ? TIMER_WALL : TIMER_MONOTONIC);
	if (fd >= 0 && flags & TFD_NONBLOCK)
		sys(SYS_file_flags, fd, O_NONBLOCK, O_NONBLOCK);
	return fd;
}

static struct timespec to_timespec(int64_t ns)
{
	return (struct timespec){ .tv_sec = ns / 1000000000, .tv_nsec = ns % 1000000000 };
}

static void fill_old(const int64_t was[2], struct itimerspec *old)
{
	int64_t left = was[0] ? was[0] - __calx_mono() : 0;

	old->it_value = to_timespec(was[0] && left <= 0 ? 1 : left);
	old->it_interval = to_timespec(was[1]);
}

int plat_timerfd_settime(int fd, int flags, const struct itimerspec *new, struct itimerspec *old)
{
	const struct timespec *v = &new->it_value;
	int64_t was[2] = {0}, interval;
	long r;

	if (__calx_bad_timespec(v) || __calx_bad_timespec(&new->it_interval))
		return -EINVAL;
	interval = __calx_ns(&new->it_interval);
	if (!v->tv_sec && !v->tv_nsec)
		r = sys(SYS_timer_set, fd, 0, interval, was);
	else if (!(flags & TFD_TIMER_ABSTIME))
		r = sys(SYS_timer_set, fd, __calx_deadline(v), interval, was);
	else if ((r = sys(SYS_timer_get, fd, was)) >= 0)
		r = sys(r == TIMER_WALL ? SYS_timer_set_wall : SYS_timer_set, fd, __calx_wall(v), interval, was);
	if (r >= 0 && old)
		fill_old(was, old);
	return r < 0 ? r : 0;
}

int plat_timerfd_gettime(int fd, struct itimerspec *cur)
{
	int64_t was[2];
	long r = sys(SYS_timer_get, fd, was);

	if (r < 0)
		return r;
	fill_old(was, cur);
	return 0;
}

int plat_signalfd(int fd, const uint64_t *set, int flags)
{
	if (flags & ~(SFD_CLOEXEC | SFD_NONBLOCK))
		return -EINVAL;
	return sys(SYS_sigfile, fd, *set, flags);
}
