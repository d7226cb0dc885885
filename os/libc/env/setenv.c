/* SPDX-License-Identifier: MIT */
/* setenv. */
#include <stdlib.h>
#include <string.h>
#include <errno.h>
#include "env.h"

int setenv(const char *name, const char *value, int overwrite)
{
	size_t n, l;
	char *s;
	if (!name || !(n = strchrnul(name, '=') - name) || name[n]) {
		errno = EINVAL;
		return -1;
	}
	if (!overwrite && getenv(name))
		return 0;
	l = strlen(value);
	s = malloc(n + l + 2);
	if (!s)
		return -1;
	memcpy(s, name, n);
	s[n] = '=';
	memcpy(s + n + 1, value, l + 1);
	return __env_put(s, n, s);
}
