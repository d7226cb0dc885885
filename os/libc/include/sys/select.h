/* SPDX-License-Identifier: MIT */
/* sys/select.h: waiting for descriptors by sets. */
#ifndef _SYS_SELECT_H
#define _SYS_SELECT_H

#include <features.h>

#define __NEED_sigset_t
#define __NEED_struct_timespec
#define __NEED_struct_timeval
#define __NEED_suseconds_t
#define __NEED_time_t
#include <bits/alltypes.h>

__BEGIN_DECLS

#define FD_SETSIZE 1024

typedef struct { unsigned long fds_bits[FD_SETSIZE / 8 / sizeof(long)]; } fd_set;

#define FD_ZERO(s) __builtin_memset((s), 0, sizeof(fd_set))
#define FD_SET(d, s) ((s)->fds_bits[(d) / 64] |= (1UL << ((d) % 64)))
#define FD_CLR(d, s) ((s)->fds_bits[(d) / 64] &= ~(1UL << ((d) % 64)))
#define FD_ISSET(d, s) (!!((s)->fds_bits[(d) / 64] & (1UL << ((d) % 64))))

int select(int, fd_set *__restrict, fd_set *__restrict, fd_set *__restrict,
	struct timeval *__restrict);
int pselect(int, fd_set *__restrict, fd_set *__restrict, fd_set *__restrict,
	const struct timespec *__restrict, const sigset_t *__restrict);

#if __VISIBLE_MORE
typedef unsigned long fd_mask;

#define NFDBITS (8 * (int)sizeof(long))
#endif

__END_DECLS

#endif
