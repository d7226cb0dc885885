/* SPDX-License-Identifier: MIT */
/* Classes, case and width of wide characters, from Unicode's data. */
#include <wchar.h>
#include <wctype.h>
#include <string.h>

/* What a byte of the tables says; W1 and W2: columns. mkunicode.py has the same values. */
enum {
	UNI_ALPHA = 1, UNI_UPPER = 2, UNI_LOWER = 4, UNI_PUNCT = 8, UNI_SPACE = 16, UNI_CNTRL = 32, UNI_W1 = 64,
	UNI_W2 = 128
};

struct uni_case { int first; short count, step; int delta; };
#include "cases.h"
#include "plane0.h"
#include "plane1.h"

/* Beyond the tables: CJK planes 2 and 3 are wide letters, private planes 15 and 16 punctuation. */
static unsigned props(wint_t c)
{
	if (c < 0x10000)
		return uni_block0[uni_index0[c >> 8]][c & 255];
	if (c < 0x20000)
		return uni_block1[uni_index1[c >> 8 & 255]][c & 255];
	if (c < 0x3fffe)
		return UNI_ALPHA | UNI_W2;
	if (c - 0xe0001 < 0x1ef)
		return UNI_PUNCT;
	if (c - 0xf0000 < 0x1fffe)
		return UNI_PUNCT | UNI_W1;
	return 0;
}

int iswalpha(wint_t c)
{
	return c < 128 ? (c | 32) - 'a' < 26 : props(c) & UNI_ALPHA;
}

int iswdigit(wint_t c)
{
	return c - '0' < 10;
}

int iswalnum(wint_t c)
{
	return iswdigit(c) || iswalpha(c);
}

int iswblank(wint_t c)
{
	return c == ' ' || c == '\t' || (c >= 128 && c != 0x85 && c - 0x2028 > 1 && iswspace(c));
}

int iswcntrl(wint_t c)
{
	return props(c) & UNI_CNTRL;
}

int iswlower(wint_t c)
{
	return props(c) & UNI_LOWER;
}

int iswupper(wint_t c)
{
	return props(c) & UNI_UPPER;
}

int iswpunct(wint_t c)
{
	return props(c) & UNI_PUNCT;
}

int iswspace(wint_t c)
{
	return props(c) & UNI_SPACE;
}

int iswxdigit(wint_t c)
{
	return c - '0' < 10 || (c | 32) - 'a' < 6;
}

int iswprint(wint_t c)
{
	if (c < 127)
		return c >= 32;
	unsigned p = props(c);
	return p && !(p & UNI_CNTRL);
}

int iswgraph(wint_t c)
{
	return iswprint(c) && !iswspace(c);
}

static wint_t map(wint_t c, const struct uni_case *t, int n)
{
	int low = 0;
	while (low < n) {
		int mid = (low + n) / 2;
		const struct uni_case *r = t + mid;
		int off = (int)c - r->first;
		if (off < 0) {
			n = mid;
		} else if (off > (r->count - 1) * r->step) {
			low = mid + 1;
		} else {
			/* Runs with gaps may hold a shorter run of the other letters: none do. */
			return off % r->step ? c : c + r->delta;
		}
	}
	return c;
}

wint_t towlower(wint_t c)
{
	if (c < 128)
		return c - 'A' < 26 ? c | 32 : c;
	return c < 0x20000 ? map(c, uni_lower, sizeof(uni_lower) / sizeof(*uni_lower)) : c;
}

wint_t towupper(wint_t c)
{
	if (c < 128)
		return c - 'a' < 26 ? c & 0x5f : c;
	return c < 0x20000 ? map(c, uni_upper, sizeof(uni_upper) / sizeof(*uni_upper)) : c;
}

int wcwidth(wchar_t c)
{
	unsigned p;
	if ((wint_t)c < 127)
		return c >= 32 ? 1 : c ? -1 : 0;
	p = props(c);
	if (!p || (p & UNI_CNTRL))
		return -1;
	return p & UNI_W2 ? 2 : p & UNI_W1 ? 1 : 0;
}

int wcswidth(const wchar_t *s, size_t n)
{
	int total = 0;
	for (; n && *s; n--, s++) {
		int w = wcwidth(*s);
		if (w < 0)
			return -1;
		total += w;
	}
	return total;
}
