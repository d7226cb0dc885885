/* SPDX-License-Identifier: MIT */
/* getenv. */
#include <stdlib.h>
#include <string.h>

extern char **__environ;

char *getenv(const char *name)
{
	size_t n = strchrnul(name, '=') - name;
	if (!n || name[n] || !__environ)
		return NULL;
	for (char **e = __environ; *e; e++)
		if (!strncmp(name, *e, n) && (*e)[n] == '=')
			return *e + n + 1;
	return NULL;
}
