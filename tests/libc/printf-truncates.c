/* SPDX-License-Identifier: MIT */
/* snprintf tells the whole length and always ends the string. */
#include <assert.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int main(void)
{
	char s[8] = "zzzzzzz", *p;
	assert(snprintf(s, 4, "%s-%d", "abc", 12) == 6 && !strcmp(s, "abc") && s[4] == 'z');
	assert(snprintf(NULL, 0, "%1000d", 1) == 1000);
	assert(snprintf(s, sizeof(s), "%*d%*d", INT_MAX, 1, INT_MAX, 1) == -1 && errno == EOVERFLOW);
	assert(asprintf(&p, "%500s|", "x") == 501 && p[499] == 'x' && p[500] == '|');
	free(p);
	return 0;
}
