/* SPDX-License-Identifier: MIT */
/* dirname. */
#include <libgen.h>
#include <string.h>

char *dirname(char *s)
{
	size_t n = s ? strlen(s) : 0;
	while (n > 1 && s[n - 1] == '/')
		n--;
	while (n && s[n - 1] != '/')
		n--;
	if (!n)
		return ".";
	while (n > 1 && s[n - 1] == '/')
		n--;
	s[n] = 0;
	return s;
}
