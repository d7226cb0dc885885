/* SPDX-License-Identifier: MIT */
/* Extended regular expressions against short texts: whether and where they match. */
#include <regex.h>
#include <stdio.h>
#include "random.h"

/* A small expression: atoms with repetition, alternatives in groups. */
static char *expr(char *p, int depth)
{
	for (int n = 1 + random_below(3); n; n--) {
		switch (random_below(depth ? 7 : 5)) {
		case 0: *p++ = '.'; break;
		case 1: p = stpcpy(p, random_below(2) ? "[ab]" : "[^a]"); break;
		case 5: case 6:
			*p++ = '(';
			p = expr(p, depth - 1);
			if (random_below(2)) {
				*p++ = '|';
				p = expr(p, depth - 1);
			}
			*p++ = ')';
			break;
		default: *p++ = 'a' + random_below(3);
		}
		if (!random_below(3))
			*p++ = "*+?"[random_below(3)];
	}
	*p = 0;
	return p;
}

int main(int argc, char **argv)
{
	random_init(argc, argv);
	for (int i = 0; i < 500; i++) {
		char re[400], s[20];
		regex_t r;
		regmatch_t m[1];
		expr(re, 1);
		if (regcomp(&r, re, REG_EXTENDED)) {
			printf("%s: bad\n", re);
			continue;
		}
		for (int k = 0; k < 5; k++) {
			int n = random_below(10);
			for (int j = 0; j < n; j++)
				s[j] = 'a' + random_below(4);
			s[n] = 0;
			int e = regexec(&r, s, 1, m, 0);
			printf("%s %s: %d", re, s, e);
			if (!e)
				printf(" %d-%d", (int)m[0].rm_so, (int)m[0].rm_eo);
			putchar('\n');
		}
		regfree(&r);
	}
	return 0;
}
