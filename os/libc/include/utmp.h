/* SPDX-License-Identifier: MIT */
/* utmp.h: who is logged in. */
#ifndef _UTMP_H
#define _UTMP_H

#include <features.h>

#define __NEED_time_t
#include <bits/alltypes.h>

#include <utmpx.h>

__BEGIN_DECLS

#define ut_time ut_tv.tv_sec
#define ut_name ut_user
#define utmp utmpx
#define UT_NAMESIZE 32
#define UT_LINESIZE 32
#define UT_HOSTSIZE 256
#define UTMP_FILE "/var/run/utmp"
#define WTMP_FILE "/var/log/wtmp"

struct lastlog {
	time_t ll_time;
	char ll_line[UT_LINESIZE];
	char ll_host[UT_HOSTSIZE];
};

void endutent(void);
struct utmp *getutent(void);
struct utmp *getutid(const struct utmp *);
struct utmp *getutline(const struct utmp *);
struct utmp *pututline(const struct utmp *);
void setutent(void);
void updwtmp(const char *, const struct utmp *);
int utmpname(const char *);
int login_tty(int);
void login(const struct utmp *);
int logout(const char *);
void logwtmp(const char *, const char *, const char *);

__END_DECLS

#endif
