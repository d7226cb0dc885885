/* SPDX-License-Identifier: MIT */
/* sys/time.h: time of day and interval timers. */
#ifndef _SYS_TIME_H
#define _SYS_TIME_H

#include <features.h>

#define __NEED_struct_timeval
#define __NEED_suseconds_t
#define __NEED_time_t
#include <bits/alltypes.h>

#include <sys/select.h>

__BEGIN_DECLS

#define ITIMER_REAL 0
#define ITIMER_VIRTUAL 1
#define ITIMER_PROF 2

struct itimerval {
	struct timeval it_interval;
	struct timeval it_value;
};

int gettimeofday(struct timeval *__restrict, void *__restrict);
int getitimer(int, struct itimerval *);
int setitimer(int, const struct itimerval *__restrict, struct itimerval *__restrict);
int utimes(const char *, const struct timeval[2]);

#if __VISIBLE_MORE
struct timezone {
	int tz_minuteswest;
	int tz_dsttime;
};

int settimeofday(const struct timeval *, const struct timezone *);
int adjtime(const struct timeval *, struct timeval *);
int futimes(int, const struct timeval[2]);
int lutimes(const char *, const struct timeval[2]);
int futimesat(int, const char *, const struct timeval[2]);

#define timerisset(t) ((t)->tv_sec || (t)->tv_usec)
#define timerclear(t) ((t)->tv_sec = (t)->tv_usec = 0)
#define timercmp(s, t, op) ((s)->tv_sec == (t)->tv_sec ? \
	(s)->tv_usec op (t)->tv_usec : (s)->tv_sec op (t)->tv_sec)
#define timeradd(s, t, a) (void)((a)->tv_sec = (s)->tv_sec + (t)->tv_sec, \
	((a)->tv_usec = (s)->tv_usec + (t)->tv_usec) >= 1000000 && \
	((a)->tv_usec -= 1000000, (a)->tv_sec++))
#define timersub(s, t, a) (void)((a)->tv_sec = (s)->tv_sec - (t)->tv_sec, \
	((a)->tv_usec = (s)->tv_usec - (t)->tv_usec) < 0 && \
	((a)->tv_usec += 1000000, (a)->tv_sec--))
#define TIMEVAL_TO_TIMESPEC(tv, ts) \
	((ts)->tv_sec = (tv)->tv_sec, (ts)->tv_nsec = (tv)->tv_usec * 1000, (void)0)
#define TIMESPEC_TO_TIMEVAL(tv, ts) \
	((tv)->tv_sec = (ts)->tv_sec, (tv)->tv_usec = (ts)->tv_nsec / 1000, (void)0)
#define timespecclear(t) ((t)->tv_sec = 0, (t)->tv_nsec = 0)
#define timespecisset(t) ((t)->tv_sec || (t)->tv_nsec)
#define timespeccmp(s, t, op) ((s)->tv_sec == (t)->tv_sec ? \
	(s)->tv_nsec op (t)->tv_nsec : (s)->tv_sec op (t)->tv_sec)
#define timespecadd(s, t, a) (void)((a)->tv_sec = (s)->tv_sec + (t)->tv_sec, \
	((a)->tv_nsec = (s)->tv_nsec + (t)->tv_nsec) >= 1000000000L && \
	((a)->tv_nsec -= 1000000000L, (a)->tv_sec++))
#define timespecsub(s, t, a) (void)((a)->tv_sec = (s)->tv_sec - (t)->tv_sec, \
	((a)->tv_nsec = (s)->tv_nsec - (t)->tv_nsec) < 0 && \
	((a)->tv_nsec += 1000000000L, (a)->tv_sec--))
#endif

__END_DECLS

#endif
