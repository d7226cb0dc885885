/* SPDX-License-Identifier: MIT */
/* wcsftime: strftime over a narrow copy of the format. */
#include <locale.h>
#include <stdlib.h>
#include <time.h>
#include <wchar.h>

/* Narrow output for a narrow format: the size grows until it fits or is clearly too much. */
static char *narrow(const char *fmt, size_t max, const struct tm *tm, locale_t l)
{
	for (size_t n = 256; ; n *= 4) {
		char *s = malloc(n);
		if (!s)
			return NULL;
		*s = 0;
		if (strftime_l(s, n, fmt, tm, l) || !*fmt)
			return s;
		free(s);
		if (n > max * 4 + 256)
			return NULL;
	}
}

size_t wcsftime_l(wchar_t *restrict d, size_t n, const wchar_t *restrict fmt,
	const struct tm *restrict tm, locale_t l)
{
	size_t len = wcslen(fmt) * 4 + 1, r = 0;
	char *f = malloc(len), *s = NULL;
	if (f && wcstombs(f, fmt, len) != (size_t)-1 && (s = narrow(f, n, tm, l))) {
		r = mbstowcs(d, s, n);
		if (r >= n)
			r = 0;
	}
	free(f);
	free(s);
	return r;
}

size_t wcsftime(wchar_t *restrict d, size_t n, const wchar_t *restrict fmt,
	const struct tm *restrict tm)
{
	return wcsftime_l(d, n, fmt, tm, LC_GLOBAL_LOCALE);
}
