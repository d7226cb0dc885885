/* SPDX-License-Identifier: MIT */
/* What pkg says. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "pkg.h"

static void
vcomplain(const char *fmt, va_list ap)
{
	fflush(stdout);
	fputs("pkg: ", stderr);
	vfprintf(stderr, fmt, ap);
	fputc('\n', stderr);
}

void
complain(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vcomplain(fmt, ap);
	va_end(ap);
}

int
fail(enum status status, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vcomplain(fmt, ap);
	va_end(ap);
	return -(int)status;
}

void
say(const struct pkg *k, const char *fmt, ...)
{
	va_list ap;

	if (k->quiet || k->json)
		return;
	va_start(ap, fmt);
	vprintf(fmt, ap);
	va_end(ap);
	putchar('\n');
	fflush(stdout);
}

const char *
human(uint64_t bytes, char buf[16])
{
	static const char unit[] = "BkMGT";
	double v = (double)bytes;
	int u = 0;

	while (v >= 1000 && unit[u + 1]) {
		v /= 1000;
		u++;
	}
	snprintf(buf, 16, u && v < 10 ? "%.1f %c%s" : "%.0f %c%s", v, unit[u], u ? "B" : "");
	return buf;
}

const char *
colour(const struct pkg *k, enum colour c)
{
	static const char *const sgr[] = { "\033[0m", "\033[1m", "\033[31m", "\033[32m", "\033[33m" };
	static int on = -1;

	if (on < 0)
		on = isatty(STDOUT_FILENO) && !getenv("NO_COLOR") &&
			strcmp(getenv("TERM") ? getenv("TERM") : "dumb", "dumb") != 0;
	return on && !k->json ? sgr[c] : "";
}
