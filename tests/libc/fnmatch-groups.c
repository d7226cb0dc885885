/* SPDX-License-Identifier: MIT */
/* Extended patterns: groups with alternatives, repeated, negated, nested, empty. */
#include <assert.h>
#include <fnmatch.h>

static int is(const char *pattern, const char *s)
{
	return fnmatch(pattern, s, FNM_EXTMATCH) == 0;
}

int main(void)
{
	assert(is("@(foo|bar).c", "bar.c") && !is("@(foo|bar).c", "foobar.c"));
	assert(is("*(ab)", "") && is("*(ab)", "abab") && !is("+(ab)", "") && !is("+(ab)", "aba"));
	assert(is("?(a)b", "b") && is("?(a)b", "ab") && !is("?(a)b", "aab"));
	assert(is("!(*.c)", "x.h") && !is("!(*.c)", "x.c") && is("!(a)", "") && !is("!(a)", "a"));
	assert(is("+(*)c", "/c") && is("@(*)+(**)@(*|x)", "") && is("x+(@(1|2)|!(*))", "x12"));
	assert(is("*(a|b)c\\(", "abbac(") && fnmatch("@(a)", "@(a)", 0) == 0);
	return 0;
}
