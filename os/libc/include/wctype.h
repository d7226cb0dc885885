/* SPDX-License-Identifier: MIT */
/* wctype.h: classes of wide characters. */
#ifndef _WCTYPE_H
#define _WCTYPE_H

#include <features.h>

#define __NEED_wctrans_t
#define __NEED_wctype_t
#define __NEED_wint_t
#if __VISIBLE_POSIX
#define __NEED_locale_t
#endif
#include <bits/alltypes.h>

__BEGIN_DECLS

#ifndef WEOF
#define WEOF 0xffffffffU
#endif

int iswalnum(wint_t);
int iswalpha(wint_t);
int iswblank(wint_t);
int iswcntrl(wint_t);
int iswdigit(wint_t);
int iswgraph(wint_t);
int iswlower(wint_t);
int iswprint(wint_t);
int iswpunct(wint_t);
int iswspace(wint_t);
int iswupper(wint_t);
int iswxdigit(wint_t);
int iswctype(wint_t, wctype_t);
wint_t towlower(wint_t);
wint_t towupper(wint_t);
wctype_t wctype(const char *);

wint_t towctrans(wint_t, wctrans_t);
wctrans_t wctrans(const char *);

#if __VISIBLE_POSIX
int iswalnum_l(wint_t, locale_t);
int iswalpha_l(wint_t, locale_t);
int iswblank_l(wint_t, locale_t);
int iswcntrl_l(wint_t, locale_t);
int iswdigit_l(wint_t, locale_t);
int iswgraph_l(wint_t, locale_t);
int iswlower_l(wint_t, locale_t);
int iswprint_l(wint_t, locale_t);
int iswpunct_l(wint_t, locale_t);
int iswspace_l(wint_t, locale_t);
int iswupper_l(wint_t, locale_t);
int iswxdigit_l(wint_t, locale_t);
int iswctype_l(wint_t, wctype_t, locale_t);
wint_t towlower_l(wint_t, locale_t);
wint_t towupper_l(wint_t, locale_t);
wint_t towctrans_l(wint_t, wctrans_t, locale_t);
wctype_t wctype_l(const char *, locale_t);
wctrans_t wctrans_l(const char *, locale_t);
#endif

__END_DECLS

#endif
