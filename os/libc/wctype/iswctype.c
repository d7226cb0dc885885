/* SPDX-License-Identifier: MIT */
/* wctype, iswctype, wctrans, towctrans. */
#include <wctype.h>
#include <string.h>

static const struct { char name[8]; int (*is)(wint_t); } classes[] = {
	{ "", NULL }, { "alnum", iswalnum }, { "alpha", iswalpha }, { "blank", iswblank },
	{ "cntrl", iswcntrl }, { "digit", iswdigit }, { "graph", iswgraph }, { "lower", iswlower },
	{ "print", iswprint }, { "punct", iswpunct }, { "space", iswspace }, { "upper", iswupper },
	{ "xdigit", iswxdigit },
};
#define NCLASS (sizeof(classes) / sizeof(*classes))

wctype_t wctype(const char *name)
{
	for (wctype_t i = 1; i < NCLASS; i++)
		if (!strcmp(name, classes[i].name))
			return i;
	return 0;
}

int iswctype(wint_t c, wctype_t t)
{
	return t && t < NCLASS && classes[t].is(c);
}

static const int to_lower = 1, to_upper = 2;

wctrans_t wctrans(const char *name)
{
	if (!strcmp(name, "tolower"))
		return &to_lower;
	if (!strcmp(name, "toupper"))
		return &to_upper;
	return NULL;
}

wint_t towctrans(wint_t c, wctrans_t t)
{
	return t == &to_lower ? towlower(c) : t == &to_upper ? towupper(c) : c;
}
