/* SPDX-License-Identifier: MIT */
/* strtol_l and its family: integers look alike in all locales. */
#include <stdlib.h>

long strtol_l(const char *restrict s, char **restrict end, int base, locale_t l)
{
	(void)l;
	return strtol(s, end, base);
}

unsigned long strtoul_l(const char *restrict s, char **restrict end, int base, locale_t l)
{
	(void)l;
	return strtoul(s, end, base);
}

long long strtoll_l(const char *restrict s, char **restrict end, int base, locale_t l)
{
	(void)l;
	return strtoll(s, end, base);
}

unsigned long long strtoull_l(const char *restrict s, char **restrict end, int base, locale_t l)
{
	(void)l;
	return strtoull(s, end, base);
}
