/* SPDX-License-Identifier: MIT */
/* basename, dirname. */
#include <libgen.h>
#include <string.h>

char *basename(char *s)
{
	if (!s || !*s)
		return ".";
	size_t n = strlen(s);
	while (n > 1 && s[n - 1] == '/')
		s[--n] = 0;
	char *p = strrchr(s, '/');
	return p && p[1] ? p + 1 : s;
}

char *__xpg_basename(char *s)
{
	return basename(s);
}
