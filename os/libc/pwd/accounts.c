/* SPDX-License-Identifier: MIT */
/* Cutting lines of the account files (accounts.h). */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "accounts.h"

static int
cut(char *line, char **field, int n)
{
	int i;

	for (i = 0; i < n; i++) {
		field[i] = line;
		line = strchr(line, ':');
		if (!line)
			return i == n - 1;
		*line++ = '\0';
	}
	return 0;
}

int
__next_account(FILE *f, char *buf, size_t size, char **field, int n)
{
	for (;;) {
		off_t at = ftello(f);
		size_t len;

		if (size < 2)
			return ERANGE;
		if (!fgets(buf, size > 1 << 20 ? 1 << 20 : (int)size, f))
			return ferror(f) ? EIO : ENOENT;
		len = strlen(buf);
		if (!len || (buf[len - 1] != '\n' && !feof(f))) {
			fseeko(f, at, SEEK_SET);
			return ERANGE;
		}
		if (buf[len - 1] == '\n')
			buf[--len] = '\0';
		if (len && *buf != '#' && cut(buf, field, n))
			return 0;
	}
}

int
__account_id(const char *s, unsigned *id)
{
	unsigned long v = 0;

	if (!*s)
		return -1;
	for (; *s; s++) {
		if (*s < '0' || *s > '9')
			return -1;
		v = v * 10 + (unsigned)(*s - '0');
		if (v > 0xffffffffu)
			return -1;
	}
	*id = (unsigned)v;
	return 0;
}
