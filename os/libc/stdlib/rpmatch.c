/* SPDX-License-Identifier: MIT */
/* rpmatch: is an answer yes (1), no (0) or neither (-1)? */
#include <langinfo.h>
#include <regex.h>
#include <stdlib.h>

static int matches(const char *s, nl_item item)
{
	regex_t re;
	int r;

	if (regcomp(&re, nl_langinfo(item), REG_EXTENDED | REG_NOSUB))
		return 0;
	r = regexec(&re, s, 0, NULL, 0) == 0;
	regfree(&re);
	return r;
}

int rpmatch(const char *s)
{
	return matches(s, YESEXPR) ? 1 : matches(s, NOEXPR) ? 0 : -1;
}
