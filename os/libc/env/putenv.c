/* SPDX-License-Identifier: MIT */
/* putenv: the caller's own string becomes part of the environment. */
#include <stdlib.h>
#include <string.h>
#include "env.h"

int putenv(char *s)
{
	size_t n = strchrnul(s, '=') - s;
	if (!n || !s[n]) {
		__env_remove(s, n);
		return 0;
	}
	return __env_put(s, n, NULL);
}
