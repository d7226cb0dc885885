/* SPDX-License-Identifier: MIT */
/* getprogname, setprogname. */
#include <stdlib.h>
#include <string.h>

extern char *__progname;

const char *getprogname(void)
{
	return __progname;
}

void setprogname(const char *name)
{
	const char *p = strrchr(name, '/');
	__progname = (char *)(p ? p + 1 : name);
}
