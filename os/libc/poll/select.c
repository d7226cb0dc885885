/* SPDX-License-Identifier: MIT */
/* select.c: select, pselect on poll. */
#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/select.h>
#include <time.h>
#include "../internal/cancel.h"
#include "../internal/ret.h"
#include "../internal/plat.h"

#define READ_BITS (POLLIN | POLLRDNORM | POLLHUP | POLLERR)
#define WRITE_BITS (POLLOUT | POLLWRNORM | POLLERR)

static size_t collect(struct pollfd *p, int n, const fd_set *r, const fd_set *w, const fd_set *e)
{
	size_t count = 0;

	for (int fd = 0; fd < n; fd++) {
		short ev = (r && FD_ISSET(fd, r) ? POLLIN : 0) | (w && FD_ISSET(fd, w) ? POLLOUT : 0)
			| (e && FD_ISSET(fd, e) ? POLLPRI : 0);
		if (!ev)
			continue;
		if (p)
			p[count] = (struct pollfd){ .fd = fd, .events = ev };
		count++;
	}
	return count;
}

static int spread(const struct pollfd *p, size_t count, fd_set *r, fd_set *w, fd_set *e)
{
	int bits = 0;

	for (size_t i = 0; i < count; i++) {
		if (r && (p[i].events & POLLIN) && (p[i].revents & READ_BITS))
			FD_SET(p[i].fd, r), bits++;
		if (w && (p[i].events & POLLOUT) && (p[i].revents & WRITE_BITS))
			FD_SET(p[i].fd, w), bits++;
		if (e && (p[i].events & POLLPRI) && (p[i].revents & POLLPRI))
			FD_SET(p[i].fd, e), bits++;
	}
	return bits;
}

static void clear(fd_set *s, int n)
{
	/* Only whole words below n belong to the caller when n is small; the type says FD_SETSIZE. */
	for (int fd = 0; s && fd < n; fd++)
		FD_CLR(fd, s);
}

static long do_select(int n, fd_set *r, fd_set *w, fd_set *e, const struct timespec *ts, const uint64_t *mask)
{
	struct pollfd few[32], *p = few;
	size_t count;
	long ret;

	if (n < 0 || n > FD_SETSIZE)
		return -EINVAL;
	count = collect(0, n, r, w, e);
	if (count > sizeof(few) / sizeof(*few) && !(p = malloc(count * sizeof(*p))))
		return -ENOMEM;
	collect(p, n, r, w, e);
	ret = plat_ppoll(p, count, ts, mask);
	for (size_t i = 0; ret > 0 && i < count; i++)
		if (p[i].revents & POLLNVAL)
			ret = -EBADF;
	if (ret >= 0) {
		clear(r, n);
		clear(w, n);
		clear(e, n);
		ret = spread(p, count, r, w, e);
	}
	if (p != few)
		free(p);
	return ret;
}

int pselect(int n, fd_set *restrict r, fd_set *restrict w, fd_set *restrict e,
	const struct timespec *restrict timeout, const sigset_t *restrict mask)
{
	int old = __cp_enter();

	return __cp_leave(old, do_select(n, r, w, e, timeout, (const uint64_t *)mask));
}

int select(int n, fd_set *restrict r, fd_set *restrict w, fd_set *restrict e,
	struct timeval *restrict timeout)
{
	struct timespec ts;
	int old;

	if (timeout) {
		if (timeout->tv_sec < 0 || timeout->tv_usec < 0)
			return __ret(-EINVAL);
		ts.tv_sec = timeout->tv_sec + timeout->tv_usec / 1000000;
		ts.tv_nsec = timeout->tv_usec % 1000000 * 1000;
	}
	old = __cp_enter();
	return __cp_leave(old, do_select(n, r, w, e, timeout ? &ts : 0, 0));
}
