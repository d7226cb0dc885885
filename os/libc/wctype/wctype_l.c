/* SPDX-License-Identifier: MIT */
/* The classes of wide characters in a given locale: the same in all. */
#include <wctype.h>

#define SAME(type, name) \
	type name##_l(wint_t c, locale_t l) \
	{ \
		(void)l; \
		return name(c); \
	}

SAME(int, iswalnum)
SAME(int, iswalpha)
SAME(int, iswblank)
SAME(int, iswcntrl)
SAME(int, iswdigit)
SAME(int, iswgraph)
SAME(int, iswlower)
SAME(int, iswprint)
SAME(int, iswpunct)
SAME(int, iswspace)
SAME(int, iswupper)
SAME(int, iswxdigit)
SAME(wint_t, towlower)
SAME(wint_t, towupper)

int iswctype_l(wint_t c, wctype_t t, locale_t l)
{
	(void)l;
	return iswctype(c, t);
}

wctype_t wctype_l(const char *name, locale_t l)
{
	(void)l;
	return wctype(name);
}

wctrans_t wctrans_l(const char *name, locale_t l)
{
	(void)l;
	return wctrans(name);
}

wint_t towctrans_l(wint_t c, wctrans_t t, locale_t l)
{
	(void)l;
	return towctrans(c, t);
}
