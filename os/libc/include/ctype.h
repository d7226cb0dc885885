/* SPDX-License-Identifier: MIT */
/* ctype.h: classes of bytes. */
#ifndef _CTYPE_H
#define _CTYPE_H

#include <features.h>

#if __VISIBLE_POSIX
#define __NEED_locale_t
#endif
#include <bits/alltypes.h>

__BEGIN_DECLS

int isalnum(int);
int isalpha(int);
int isblank(int);
int iscntrl(int);
int isdigit(int);
int isgraph(int);
int islower(int);
int isprint(int);
int ispunct(int);
int isspace(int);
int isupper(int);
int isxdigit(int);
int tolower(int);
int toupper(int);

#if __VISIBLE_POSIX
int isalnum_l(int, locale_t);
int isalpha_l(int, locale_t);
int iscntrl_l(int, locale_t);
int isdigit_l(int, locale_t);
int isgraph_l(int, locale_t);
int islower_l(int, locale_t);
int isprint_l(int, locale_t);
int ispunct_l(int, locale_t);
int isspace_l(int, locale_t);
int isupper_l(int, locale_t);
int isxdigit_l(int, locale_t);
int tolower_l(int, locale_t);
int toupper_l(int, locale_t);
int isblank_l(int, locale_t);
#endif

#if __VISIBLE_XSI
int isascii(int);
int toascii(int);

#define _tolower(c) ((c) | 0x20)
#define _toupper(c) ((c) & 0x5f)
#endif

__END_DECLS

#endif
