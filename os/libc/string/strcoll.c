/* SPDX-License-Identifier: MIT */
/* strcoll, strxfrm and their _l forms: the order of all locales is that of the bytes. */
#include <string.h>

int strcoll(const char *a, const char *b)
{
	return strcmp(a, b);
}

int strcoll_l(const char *a, const char *b, locale_t l)
{
	(void)l;
	return strcmp(a, b);
}

size_t strxfrm(char *restrict d, const char *restrict s, size_t n)
{
	size_t l = strlen(s);
	if (n > l)
		memcpy(d, s, l + 1);
	return l;
}

size_t strxfrm_l(char *restrict d, const char *restrict s, size_t n, locale_t l)
{
	(void)l;
	return strxfrm(d, s, n);
}
