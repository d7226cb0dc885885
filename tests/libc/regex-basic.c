/* SPDX-License-Identifier: MIT */
/* Basic and extended expressions, back references, classes, newlines, errors. */
#include <assert.h>
#include <locale.h>
#include <regex.h>
#include <string.h>

static int match(const char *re, int flags, const char *s, regmatch_t *m, int eflags)
{
	regex_t r;
	int e = regcomp(&r, re, flags);
	if (e)
		return -e;
	e = regexec(&r, s, 3, m, eflags);
	regfree(&r);
	return e == 0;
}

int main(void)
{
	regmatch_t m[3];
	char err[50];
	assert(setlocale(LC_ALL, "C.UTF-8"));
	assert(match("a\\(b*\\)c\\1", 0, "xabbcbbz", m, 0) == 1 && m[0].rm_so == 1 && m[0].rm_eo == 7);
	assert(m[1].rm_so == 2 && m[1].rm_eo == 4 && m[2].rm_so == -1);
	assert(match("^b$", REG_EXTENDED | REG_NEWLINE, "a\nb\nc", m, 0) == 1 && m[0].rm_so == 2);
	assert(match("^b", REG_EXTENDED, "b", m, REG_NOTBOL) == 0);
	assert(match("[[:upper:]]+[^[:digit:]]", REG_EXTENDED, "xABz9", m, 0) == 1 && m[0].rm_eo == 4);
	assert(match("GRÖSSE", REG_EXTENDED | REG_ICASE, "größe GRÖSSE", m, 0) == 1);
	assert(match("^.$", REG_EXTENDED, "\u00e4", m, 0) == 1 && m[0].rm_eo == 2);
	assert(match("(a|ab)(c|bcd)", REG_EXTENDED, "abcd", m, 0) == 1 && m[0].rm_eo == 4);
	assert(match("a{2,3}b", REG_EXTENDED, "aaaab", m, 0) == 1 && m[0].rm_so == 1);
	assert(match("\\<foo\\>", 0, "a foo b", m, 0) == 1 && match("\\<oo", 0, "foo", m, 0) == 0);
	assert(match("(", REG_EXTENDED, "", m, 0) == -REG_EPAREN && match("[a", 0, "", m, 0) == -REG_EBRACK);
	regex_t r;
	int e = regcomp(&r, "a**[", REG_EXTENDED);
	assert(e && regerror(e, &r, err, sizeof(err)) > 1 && *err);
	return 0;
}
