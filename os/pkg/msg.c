/* SPDX-License-Identifier: MIT */
/* What pkg says. */
#include <stdarg.h>
#include <stdio.h>

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

	if (k->quiet)
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
