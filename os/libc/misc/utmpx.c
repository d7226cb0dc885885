/* SPDX-License-Identifier: MIT */
/* The records of who is logged in: none are kept, every search ends at once. */
#include <errno.h>
#include <stddef.h>
#include <utmpx.h>

void setutxent(void)
{
}

void endutxent(void)
{
}

struct utmpx *getutxent(void)
{
	return NULL;
}

struct utmpx *getutxid(const struct utmpx *u)
{
	(void)u;
	return NULL;
}

struct utmpx *getutxline(const struct utmpx *u)
{
	(void)u;
	return NULL;
}

struct utmpx *pututxline(const struct utmpx *u)
{
	(void)u;
	errno = ENOTSUP;
	return NULL;
}

void updwtmpx(const char *file, const struct utmpx *u)
{
	(void)file;
	(void)u;
}

int utmpxname(const char *file)
{
	(void)file;
	errno = ENOTSUP;
	return -1;
}

#define ALIAS(new, old) extern __typeof(old) new __attribute__((__weak__, __alias__(#old)))
ALIAS(setutent, setutxent);
ALIAS(endutent, endutxent);
ALIAS(getutent, getutxent);
ALIAS(getutid, getutxid);
ALIAS(getutline, getutxline);
ALIAS(pututline, pututxline);
ALIAS(updwtmp, updwtmpx);
ALIAS(utmpname, utmpxname);
