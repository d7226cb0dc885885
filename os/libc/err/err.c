/* SPDX-License-Identifier: MIT */
/* err, warn and their kin: "program: text: error\n" on standard error, as in BSD. */
#include <err.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

extern char *__progname;

/* code < 0: without the error's text. */
static void
say(int code, const char *fmt, va_list ap)
{
	flockfile(stderr);
	fprintf(stderr, "%s: ", __progname);
	if (fmt)
		vfprintf(stderr, fmt, ap);
	if (code >= 0)
		fprintf(stderr, "%s%s", fmt ? ": " : "", strerror(code));
	fputc('\n', stderr);
	funlockfile(stderr);
}

void vwarn(const char *fmt, va_list ap) { say(errno, fmt, ap); }
void vwarnx(const char *fmt, va_list ap) { say(-1, fmt, ap); }
void vwarnc(int code, const char *fmt, va_list ap) { say(code, fmt, ap); }

void
verr(int status, const char *fmt, va_list ap)
{
	say(errno, fmt, ap);
	exit(status);
}

void
verrx(int status, const char *fmt, va_list ap)
{
	say(-1, fmt, ap);
	exit(status);
}

void
verrc(int status, int code, const char *fmt, va_list ap)
{
	say(code, fmt, ap);
	exit(status);
}

void
warn(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vwarn(fmt, ap);
	va_end(ap);
}

void
warnx(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vwarnx(fmt, ap);
	va_end(ap);
}

void
warnc(int code, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vwarnc(code, fmt, ap);
	va_end(ap);
}

void
err(int status, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	verr(status, fmt, ap);
}

void
errx(int status, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	verrx(status, fmt, ap);
}

void
errc(int status, int code, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	verrc(status, code, fmt, ap);
}
