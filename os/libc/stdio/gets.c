/* SPDX-License-Identifier: MIT */
/* gets, for old objects only. */
#include <stdio.h>

char *gets(char *s)
{
	char *p = s;
	int c = EOF;
	flockfile(stdin);
	while ((c = getc_unlocked(stdin)) != EOF && c != '\n')
		*p++ = c;
	if (c == EOF && (p == s || !feof(stdin)))
		s = NULL;
	*p = 0;
	funlockfile(stdin);
	return s;
}
