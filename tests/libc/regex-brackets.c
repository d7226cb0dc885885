/* SPDX-License-Identifier: MIT */
/* Bracket expressions: collating symbols, equivalence classes, ranges of them, and what is refused. */
#include <regex.h>
#include <stdio.h>

static const struct { const char *re, *text; int flags, want; } cases[] = {
	{ "^[[=d=]]..$", "dog", 0, 0 },
	{ "^[[=d=]].[[=G=][=g=]]$", "dog", 0, 0 },
	{ "^[[.d.][.D.]]o.$", "dog", 0, 0 },
	{ "^[[.a.]-c]$", "b", 0, 0 },
	{ "^[[.a.]-[.c.]]$", "d", 0, REG_NOMATCH },
	{ "^[a-[.c.]]$", "c", 0, 0 },
	{ "^[[.-.]a]$", "-", 0, 0 },
	{ "^[[.].]]$", "]", 0, 0 },
	{ "^[^[.x.]]$", "x", 0, REG_NOMATCH },
	{ "^[[=a=]]$", "A", REG_ICASE, 0 },
	{ "^[[=a=][:digit:]-]+$", "a1-", REG_EXTENDED, 0 },
	{ "^[[-a]$", "]", 0, 0 },
	{ "^[[-a]$", "_", 0, 0 },
	{ "^[.=]$", "=", 0, 0 },
	{ "[[.nothing.]]", "n", 0, REG_ECOLLATE },
	{ "[[=a=]-c]", "b", 0, REG_ERANGE },
	{ "[[.c.]-a]", "b", 0, REG_ERANGE },
	{ "[[.a", "a", 0, REG_EBRACK },
	{ "[[=", "a", 0, REG_EBRACK },
	{ "[a-", "a", 0, REG_EBRACK },
};

int main(void)
{
	for (unsigned i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		regex_t re;
		int got = regcomp(&re, cases[i].re, cases[i].flags);

		if (!got) {
			got = regexec(&re, cases[i].text, 0, NULL, 0);
			regfree(&re);
		}
		if (got != cases[i].want)
			printf("%s of %s: %d instead of %d\n", cases[i].re, cases[i].text, got, cases[i].want);
	}
	return 0;
}
