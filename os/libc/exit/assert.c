/* SPDX-License-Identifier: MIT */
/* __assert_fail. */
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>

extern char *__progname;

void __assert_fail(const char *expr, const char *file, int line, const char *func)
{
	fflush(NULL);
	dprintf(2, "%s: %s:%d: %s: Assertion `%s' failed.\n", __progname, file, line, func, expr);
	abort();
}
