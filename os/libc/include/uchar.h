/* SPDX-License-Identifier: MIT */
/* uchar.h: UTF-16 and UTF-32 characters. */
#ifndef _UCHAR_H
#define _UCHAR_H

#include <features.h>
#include <bits/alltypes.h>

__BEGIN_DECLS

#ifndef __cplusplus
typedef __CHAR16_TYPE__ char16_t;
typedef __CHAR32_TYPE__ char32_t;
#endif
#ifdef __CHAR8_TYPE__
#ifndef __cplusplus
typedef __CHAR8_TYPE__ char8_t;
#endif
#endif

size_t c16rtomb(char *__restrict, char16_t, mbstate_t *__restrict);
size_t mbrtoc16(char16_t *__restrict, const char *__restrict, size_t, mbstate_t *__restrict);
size_t c32rtomb(char *__restrict, char32_t, mbstate_t *__restrict);
size_t mbrtoc32(char32_t *__restrict, const char *__restrict, size_t, mbstate_t *__restrict);

__END_DECLS

#endif
