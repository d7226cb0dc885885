/* SPDX-License-Identifier: MIT */
/* time.h: clocks and the calendar. */
#ifndef _TIME_H
#define _TIME_H

#include <features.h>

#define __NEED_NULL
#define __NEED_clock_t
#define __NEED_size_t
#define __NEED_time_t
#if __VISIBLE_C11
#define __NEED_struct_timespec
#endif
#if __VISIBLE_POSIX
#define __NEED_clockid_t
#define __NEED_locale_t
#define __NEED_pid_t
#define __NEED_struct_itimerspec
#define __NEED_timer_t
#endif
#include <bits/alltypes.h>

__BEGIN_DECLS

#define CLOCKS_PER_SEC 1000000L

struct tm {
	int tm_sec;
	int tm_min;
	int tm_hour;
	int tm_mday;
	int tm_mon;
	int tm_year;
	int tm_wday;
	int tm_yday;
	int tm_isdst;
	long tm_gmtoff;
	const char *tm_zone;
};

clock_t clock(void);
time_t time(time_t *);
double difftime(time_t, time_t);
time_t mktime(struct tm *);
size_t strftime(char *__restrict, size_t, const char *__restrict, const struct tm *__restrict);
struct tm *gmtime(const time_t *);
struct tm *localtime(const time_t *);
char *asctime(const struct tm *);
char *ctime(const time_t *);

#if __VISIBLE_C11
#define TIME_UTC 1

int timespec_get(struct timespec *, int);
#endif

#if __VISIBLE_C23
#define TIME_MONOTONIC 2

time_t timegm(struct tm *);
int timespec_getres(struct timespec *, int);
#endif

#if __VISIBLE_POSIX || __VISIBLE_C23
struct tm *gmtime_r(const time_t *__restrict, struct tm *__restrict);
struct tm *localtime_r(const time_t *__restrict, struct tm *__restrict);
#endif

#if __VISIBLE_POSIX
#define CLOCK_REALTIME 0
#define CLOCK_MONOTONIC 1
#define CLOCK_PROCESS_CPUTIME_ID 2
#define CLOCK_THREAD_CPUTIME_ID 3
#define TIMER_ABSTIME 1

struct sigevent;

size_t strftime_l(char *__restrict, size_t, const char *__restrict, const struct tm *__restrict,
	locale_t);
char *asctime_r(const struct tm *__restrict, char *__restrict);
char *ctime_r(const time_t *, char *);
void tzset(void);

extern char *tzname[2];

int nanosleep(const struct timespec *, struct timespec *);
int clock_getres(clockid_t, struct timespec *);
int clock_gettime(clockid_t, struct timespec *);
int clock_settime(clockid_t, const struct timespec *);
int clock_nanosleep(clockid_t, int, const struct timespec *, struct timespec *);
int clock_getcpuclockid(pid_t, clockid_t *);
int timer_create(clockid_t, struct sigevent *__restrict, timer_t *__restrict);
int timer_delete(timer_t);
int timer_settime(timer_t, int, const struct itimerspec *__restrict,
	struct itimerspec *__restrict);
int timer_gettime(timer_t, struct itimerspec *);
int timer_getoverrun(timer_t);
#endif

#if __VISIBLE_XSI
char *strptime(const char *__restrict, const char *__restrict, struct tm *__restrict);
struct tm *getdate(const char *);

extern int getdate_err;
extern int daylight;
extern long timezone;
#endif

#if __VISIBLE_MORE
#define CLOCK_MONOTONIC_RAW 4
#define CLOCK_REALTIME_COARSE 5
#define CLOCK_MONOTONIC_COARSE 6
#define CLOCK_BOOTTIME 7
#define CLOCK_REALTIME_ALARM 8
#define CLOCK_BOOTTIME_ALARM 9
#define CLOCK_TAI 11

time_t timelocal(struct tm *);
int stime(const time_t *);
char *strptime_l(const char *__restrict, const char *__restrict, struct tm *__restrict, locale_t);
int dysize(int);
#endif

__END_DECLS

#endif
