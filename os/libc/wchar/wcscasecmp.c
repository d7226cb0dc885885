/* SPDX-License-Identifier: MIT */
/* wcscasecmp, wcsncasecmp and their _l forms. */
#include <wchar.h>
#include <wctype.h>

int wcsncasecmp(const wchar_t *a, const wchar_t *b, size_t n)
{
	for (; n; a++, b++, n--) {
		wint_t x = towlower(*a), y = towlower(*b);
		if (x != y)
			return x < y ? -1 : 1;
		if (!x)
			break;
	}
	return 0;
}

int wcscasecmp(const wchar_t *a, const wchar_t *b)
{
	return wcsncasecmp(a, b, -1);
}

int wcscasecmp_l(const wchar_t *a, const wchar_t *b, locale_t l)
{
	(void)l;
	return wcscasecmp(a, b);
}

int wcsncasecmp_l(const wchar_t *a, const wchar_t *b, size_t n, locale_t l)
{
	(void)l;
	return wcsncasecmp(a, b, n);
}
