/* SPDX-License-Identifier: MIT */
/* The [test] of onig: a named group, a look-behind and a character of two bytes. */
#include <oniguruma.h>
#include <string.h>

static int
find(const char *pattern, const char *s, OnigRegion *r)
{
	OnigRegex re;
	OnigErrorInfo e;
	const UChar *p = (const UChar *)pattern, *t = (const UChar *)s, *end = t + strlen(s);

	if (onig_new(&re, p, p + strlen(pattern), ONIG_OPTION_DEFAULT, ONIG_ENCODING_UTF8, ONIG_SYNTAX_DEFAULT, &e))
		return -100;
	return onig_search(re, t, end, t, end, r, ONIG_OPTION_NONE);
}

int
main(void)
{
	OnigRegion *r = onig_region_new();

	if (find("(?<n>\\d+)(?=x)", "ab 12 345x", r) != 6 || r->end[1] != 9)
		return 1;
	if (find("(?<=\xc3\xa9)c", "ec \xc3\xa9" "c", r) != 5)
		return 2;
	return find("(", "", r) == -100 ? 0 : 3;
}
