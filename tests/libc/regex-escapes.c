/* SPDX-License-Identifier: MIT */
/* An escaped letter that means nothing special is the letter; \x takes a number or is an x. */
#include <regex.h>
#include <stdio.h>

static void match(const char *pattern, const char *text, int want)
{
	regex_t re;
	int err = regcomp(&re, pattern, REG_EXTENDED | REG_NOSUB);

	if (err || regexec(&re, text, 0, 0, 0) != want)
		printf("%s on %s: %s\n", pattern, text, err ? "does not compile" : want ? "matches" : "does not match");
	if (!err)
		regfree(&re);
}

int main(void)
{
	match("^\\x$", "x", 0);
	match("^\\xy$", "xy", 0);
	match("^a\\x[bc]$", "axc", 0);
	match("^\\x41$", "A", 0);
	match("^\\x{263a}$", "A", REG_NOMATCH);
	match("^\\y\\0$", "y0", 0);
	return 0;
}
