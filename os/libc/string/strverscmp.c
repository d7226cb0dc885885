/* SPDX-License-Identifier: MIT */
/* strverscmp: numbers inside strings count as numbers. */
#include <string.h>

static int digit(char c)
{
	return c - '0' < 10u;
}

/*
 * Where the strings first differ: if the digits around it begin with a zero they are a fraction and
 * compare as text, unless one run of zeros ends before the other; else the longer number is greater.
 */
int strverscmp(const char *a, const char *b)
{
	const unsigned char *l = (const void *)a, *r = (const void *)b;
	size_t i, start = 0, j;
	int zeros = 1;

	for (i = 0; l[i] == r[i]; i++) {
		if (!l[i])
			return 0;
		if (!digit(l[i])) {
			start = i + 1;
			zeros = 1;
		} else if (l[i] != '0') {
			zeros = 0;
		}
	}
	if (l[start] - '1' < 9u && r[start] - '1' < 9u) {
		for (j = i; digit(l[j]); j++)
			if (!digit(r[j]))
				return 1;
		if (digit(r[j]))
			return -1;
	} else if (zeros && start < i && (digit(l[i]) || digit(r[i]))) {
		return (unsigned char)(l[i] - '0') - (unsigned char)(r[i] - '0');
	}
	return l[i] - r[i];
}
