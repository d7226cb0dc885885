/* SPDX-License-Identifier: MIT */
/* utime.h: times of files, the old way. */
#ifndef _UTIME_H
#define _UTIME_H

#include <features.h>

#define __NEED_time_t
#include <bits/alltypes.h>

__BEGIN_DECLS

struct utimbuf {
	time_t actime;
	time_t modtime;
};

int utime(const char *, const struct utimbuf *);

__END_DECLS

#endif
