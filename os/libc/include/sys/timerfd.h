/* SPDX-License-Identifier: MIT */
/* sys/timerfd.h: a timer as a descriptor. */
#ifndef _SYS_TIMERFD_H
#define _SYS_TIMERFD_H

#include <features.h>

#define __NEED_struct_itimerspec
#include <bits/alltypes.h>

#include <time.h>
#include <fcntl.h>

__BEGIN_DECLS

#define TFD_NONBLOCK O_NONBLOCK
#define TFD_CLOEXEC O_CLOEXEC
#define TFD_TIMER_ABSTIME 1
#define TFD_TIMER_CANCEL_ON_SET 2

int timerfd_create(int, int);
int timerfd_settime(int, int, const struct itimerspec *, struct itimerspec *);
int timerfd_gettime(int, struct itimerspec *);

__END_DECLS

#endif
