/* SPDX-License-Identifier: MIT */
/* Strings between multibyte and wide: mbsrtowcs, mbsnrtowcs, mbstowcs. */
#include <wchar.h>
#include <stdlib.h>
#include <string.h>

size_t mbsnrtowcs(wchar_t *restrict d, const char **restrict src, size_t nms, size_t n,
	mbstate_t *restrict ps)
{
	static mbstate_t own;
	const char *s = *src;
	size_t count = 0;
	wchar_t c;
	if (!ps)
		ps = &own;
	while (!d || count < n) {
		size_t r = mbrtowc(&c, s, nms, ps);
		if (r == (size_t)-1) {
			if (d)
				*src = s;
			return -1;
		}
		if (r == (size_t)-2) {
			s += nms;
			break;
		}
		if (d)
			d[count] = c;
		if (!r) {
			s = NULL;
			break;
		}
		s += r;
		nms -= r;
		count++;
	}
	if (d)
		*src = s;
	return count;
}

size_t mbsrtowcs(wchar_t *restrict d, const char **restrict src, size_t n, mbstate_t *restrict ps)
{
	return mbsnrtowcs(d, src, -1, n, ps);
}

size_t mbstowcs(wchar_t *restrict d, const char *restrict s, size_t n)
{
	mbstate_t st = { 0 };
	const char *p = s;
	return mbsrtowcs(d, &p, n, &st);
}
