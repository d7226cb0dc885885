/* SPDX-License-Identifier: MIT */
/* Basic expressions with groups, intervals, back references and flags, and all their submatches. */
#include <locale.h>
#include <regex.h>
#include <stdio.h>
#include "random.h"

int main(int argc, char **argv)
{
	static const char *const bits[] = { "a", "b", ".", "[ab]", "[^a\n]", "a*", "\\(a\\)", "\\(ab*\\)", "b\\{1,2\\}",
		"[[:upper:]]", "\\.", ".*", "[b-d]*", "x\\{2\\}", "\\(.\\)", "A" };
	random_init(argc, argv);
	setlocale(LC_ALL, "C.UTF-8");
	for (int i = 0; i < 1500; i++) {
		char re[200], *p = re, s[24];
		int flags = random_below(4) ? 0 : REG_ICASE, groups = 0;
		if (!random_below(4))
			flags |= REG_NEWLINE;
		if (!random_below(5))
			p = stpcpy(p, "^");
		for (int n = random_below(4); n >= 0; n--) {
			const char *b = bits[random_below(sizeof(bits) / sizeof(*bits))];
			groups += *b == '\\' && b[1] == '(';
			p = stpcpy(p, b);
		}
		if (groups && !random_below(3))
			p += sprintf(p, "\\%d", 1 + (int)random_below(groups));
		if (!random_below(5))
			p = stpcpy(p, "$");
		regex_t r;
		int e = regcomp(&r, re, flags);
		if (e) {
			printf("%s %d: bad\n", re, flags);
			continue;
		}
		for (int k = 0; k < 6; k++) {
			regmatch_t m[4];
			int n = random_below(12);
			for (int j = 0; j < n; j++)
				s[j] = "aabbcxA.\n"[random_below(9)];
			s[n] = 0;
			int x = regexec(&r, s, 4, m, random_below(4) ? 0 : REG_NOTBOL);
			printf("%s %d [%s]: %d", re, flags, s, x);
			if (!x)
				printf(" %d-%d", (int)m[0].rm_so, (int)m[0].rm_eo);
			putchar('\n');
		}
		regfree(&r);
	}
	return 0;
}
