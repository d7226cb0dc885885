/* SPDX-License-Identifier: MIT */
/* sys/times.h: the times of a process. */
#ifndef _SYS_TIMES_H
#define _SYS_TIMES_H

#include <features.h>

#define __NEED_clock_t
#include <bits/alltypes.h>

__BEGIN_DECLS

struct tms {
	clock_t tms_utime;
	clock_t tms_stime;
	clock_t tms_cutime;
	clock_t tms_cstime;
};

clock_t times(struct tms *);

__END_DECLS

#endif
