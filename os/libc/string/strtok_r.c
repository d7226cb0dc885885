/* SPDX-License-Identifier: MIT */
/* strtok_r. */
#include <string.h>

char *strtok_r(char *restrict s, const char *restrict sep, char **restrict rest)
{
	if (!s && !(s = *rest))
		return NULL;
	s += strspn(s, sep);
	if (!*s)
		return *rest = NULL;
	*rest = s + strcspn(s, sep);
	if (**rest)
		*(*rest)++ = 0;
	else
		*rest = NULL;
	return s;
}
