/* SPDX-License-Identifier: MIT */
/* perror. */
#include <errno.h>
#include <string.h>
#include <stdio.h>

void perror(const char *s)
{
	const char *e = strerror(errno);
	if (s && *s)
		fprintf(stderr, "%s: %s\n", s, e);
	else
		fprintf(stderr, "%s\n", e);
}
