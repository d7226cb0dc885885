/* SPDX-License-Identifier: MIT */
/* memfrob, strfry. */
#include <stdlib.h>
#include <string.h>

void *memfrob(void *p, size_t n)
{
	for (char *s = p; n; n--)
		*s++ ^= 42;
	return p;
}

char *strfry(char *s)
{
	size_t n = strlen(s);
	for (size_t i = 1; i < n; i++) {
		size_t k = rand() % (i + 1);
		char t = s[k];
		s[k] = s[i];
		s[i] = t;
	}
	return s;
}
