/* SPDX-License-Identifier: MIT */
/* strsep. */
#include <string.h>

char *strsep(char **str, const char *sep)
{
	char *s = *str, *end;
	if (!s)
		return NULL;
	end = s + strcspn(s, sep);
	*str = *end ? end + 1 : NULL;
	*end = 0;
	return s;
}
