/* SPDX-License-Identifier: MIT */
/* Strings between wide and multibyte: wcsrtombs, wcsnrtombs, wcstombs. */
#include <wchar.h>
#include <stdlib.h>
#include <string.h>

size_t wcsnrtombs(char *restrict d, const wchar_t **restrict src, size_t nwc, size_t n,
	mbstate_t *restrict ps)
{
	const wchar_t *s = *src;
	size_t count = 0;
	char buf[4];
	for (; nwc; nwc--, s++) {
		size_t r = wcrtomb(buf, *s, ps);
		if (r == (size_t)-1) {
			if (d)
				*src = s;
			return -1;
		}
		if (d && n - count < r)
			break;
		if (d)
			memcpy(d + count, buf, r);
		if (!*s) {
			s = NULL;
			break;
		}
		count += r;
	}
	if (d)
		*src = s;
	return count;
}

size_t wcsrtombs(char *restrict d, const wchar_t **restrict src, size_t n, mbstate_t *restrict ps)
{
	return wcsnrtombs(d, src, -1, n, ps);
}

size_t wcstombs(char *restrict d, const wchar_t *restrict s, size_t n)
{
	const wchar_t *p = s;
	return wcsrtombs(d, &p, n, NULL);
}
