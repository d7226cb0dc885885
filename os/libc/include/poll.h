/* SPDX-License-Identifier: MIT */
/* poll.h: waiting for descriptors. */
#ifndef _POLL_H
#define _POLL_H

#include <features.h>

#if __VISIBLE_POSIX2024
#define __NEED_sigset_t
#define __NEED_struct_timespec
#endif
#include <bits/alltypes.h>

__BEGIN_DECLS

#define POLLIN 0x001
#define POLLPRI 0x002
#define POLLOUT 0x004
#define POLLERR 0x008
#define POLLHUP 0x010
#define POLLNVAL 0x020
#define POLLRDNORM 0x040
#define POLLRDBAND 0x080
#define POLLWRNORM 0x100
#define POLLWRBAND 0x200

typedef unsigned long nfds_t;
struct pollfd {
	int fd;
	short events;
	short revents;
};

int poll(struct pollfd *, nfds_t, int);

#if __VISIBLE_POSIX2024
int ppoll(struct pollfd *, nfds_t, const struct timespec *, const sigset_t *);
#endif

#if __VISIBLE_MORE
#define POLLMSG 0x400
#define POLLRDHUP 0x2000
#define INFTIM (-1)
#endif

__END_DECLS

#endif
