/* SPDX-License-Identifier: MIT */
/* sys/timeb.h: the oldest time of day. */
#ifndef _SYS_TIMEB_H
#define _SYS_TIMEB_H

#include <features.h>

#define __NEED_time_t
#include <bits/alltypes.h>

__BEGIN_DECLS

struct timeb {
	time_t time;
	unsigned short millitm;
	short timezone, dstflag;
};

int ftime(struct timeb *);

__END_DECLS

#endif
