/* SPDX-License-Identifier: MIT */
/* Wide strings: copying, comparing, searching. */
#include <wchar.h>
#include <stdlib.h>
#include <string.h>

size_t wcslen(const wchar_t *s)
{
	const wchar_t *p = s;
	while (*p)
		p++;
	return p - s;
}

size_t wcsnlen(const wchar_t *s, size_t n)
{
	size_t i = 0;
	while (i < n && s[i])
		i++;
	return i;
}

wchar_t *wcpcpy(wchar_t *restrict d, const wchar_t *restrict s)
{
	size_t n = wcslen(s);
	memcpy(d, s, (n + 1) * sizeof(*d));
	return d + n;
}

wchar_t *wcscpy(wchar_t *restrict d, const wchar_t *restrict s)
{
	wcpcpy(d, s);
	return d;
}

wchar_t *wcpncpy(wchar_t *restrict d, const wchar_t *restrict s, size_t n)
{
	size_t l = wcsnlen(s, n);
	memcpy(d, s, l * sizeof(*d));
	memset(d + l, 0, (n - l) * sizeof(*d));
	return d + l;
}

wchar_t *wcsncpy(wchar_t *restrict d, const wchar_t *restrict s, size_t n)
{
	wcpncpy(d, s, n);
	return d;
}

wchar_t *wcscat(wchar_t *restrict d, const wchar_t *restrict s)
{
	wcscpy(d + wcslen(d), s);
	return d;
}

wchar_t *wcsncat(wchar_t *restrict d, const wchar_t *restrict s, size_t n)
{
	wchar_t *end = d + wcslen(d);
	size_t l = wcsnlen(s, n);
	memcpy(end, s, l * sizeof(*d));
	end[l] = 0;
	return d;
}

size_t wcslcpy(wchar_t *restrict d, const wchar_t *restrict s, size_t size)
{
	size_t n = wcslen(s);
	if (size) {
		size_t l = n < size ? n : size - 1;
		memcpy(d, s, l * sizeof(*d));
		d[l] = 0;
	}
	return n;
}

size_t wcslcat(wchar_t *restrict d, const wchar_t *restrict s, size_t size)
{
	size_t l = wcsnlen(d, size);
	return l == size ? l + wcslen(s) : l + wcslcpy(d + l, s, size - l);
}

int wcscmp(const wchar_t *a, const wchar_t *b)
{
	for (; *a == *b && *a; a++, b++)
		;
	return *a < *b ? -1 : *a > *b;
}

int wcsncmp(const wchar_t *a, const wchar_t *b, size_t n)
{
	for (; n && *a == *b && *a; a++, b++, n--)
		;
	return !n ? 0 : *a < *b ? -1 : *a > *b;
}

int wcscoll(const wchar_t *a, const wchar_t *b)
{
	return wcscmp(a, b);
}

size_t wcsxfrm(wchar_t *restrict d, const wchar_t *restrict s, size_t n)
{
	size_t l = wcslen(s);
	if (l < n)
		wmemcpy(d, s, l + 1);
	return l;
}

int wcscoll_l(const wchar_t *a, const wchar_t *b, locale_t l)
{
	(void)l;
	return wcscmp(a, b);
}

size_t wcsxfrm_l(wchar_t *restrict d, const wchar_t *restrict s, size_t n, locale_t l)
{
	(void)l;
	return wcsxfrm(d, s, n);
}

wchar_t *wcschrnul(const wchar_t *s, wchar_t c)
{
	while (*s && *s != c)
		s++;
	return (wchar_t *)s;
}

wchar_t *wcschr(const wchar_t *s, wchar_t c)
{
	s = wcschrnul(s, c);
	return *s == c ? (wchar_t *)s : NULL;
}

wchar_t *wcsrchr(const wchar_t *s, wchar_t c)
{
	const wchar_t *p = s + wcslen(s);
	for (; ; p--) {
		if (*p == c)
			return (wchar_t *)p;
		if (p == s)
			return NULL;
	}
}

size_t wcsspn(const wchar_t *s, const wchar_t *accept)
{
	const wchar_t *p = s;
	while (*p && wcschr(accept, *p))
		p++;
	return p - s;
}

size_t wcscspn(const wchar_t *s, const wchar_t *reject)
{
	const wchar_t *p = s;
	while (*p && !wcschr(reject, *p))
		p++;
	return p - s;
}

wchar_t *wcspbrk(const wchar_t *s, const wchar_t *accept)
{
	s += wcscspn(s, accept);
	return *s ? (wchar_t *)s : NULL;
}

wchar_t *wcstok(wchar_t *restrict s, const wchar_t *restrict sep, wchar_t **restrict rest)
{
	if (!s && !(s = *rest))
		return NULL;
	s += wcsspn(s, sep);
	if (!*s)
		return *rest = NULL;
	*rest = s + wcscspn(s, sep);
	if (**rest)
		*(*rest)++ = 0;
	else
		*rest = NULL;
	return s;
}

wchar_t *wcsdup(const wchar_t *s)
{
	size_t n = (wcslen(s) + 1) * sizeof(*s);
	wchar_t *d = malloc(n);
	return d ? memcpy(d, s, n) : NULL;
}

wchar_t *wcsstr(const wchar_t *restrict h, const wchar_t *restrict n)
{
	size_t l = wcslen(n);
	if (!l)
		return (wchar_t *)h;
	for (; (h = wcschr(h, *n)); h++)
		if (!wcsncmp(h, n, l))
			return (wchar_t *)h;
	return NULL;
}

wchar_t *wcswcs(const wchar_t *h, const wchar_t *n)
{
	return wcsstr(h, n);
}
