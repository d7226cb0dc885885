/* SPDX-License-Identifier: MIT */
/* uchar.h: UTF-16 and UTF-32 characters. */
#ifndef _UCHAR_H
#define _UCHAR_H

#include <features.h>

#define __NEED_mbstate_t
#define __NEED_size_t
#include <bits/alltypes.h>

__BEGIN_DECLS

#ifndef __cplusplus
typedef __CHAR16_TYPE__ char16_t;
typedef __CHAR32_TYPE__ char32_t;
#endif

size_t c16rtomb(char *__restrict, char16_t, mbstate_t *__restrict);
size_t mbrtoc16(char16_t *__restrict, const char *__restrict, size_t, mbstate_t *__restrict);
size_t c32rtomb(char *__restrict, char32_t, mbstate_t *__restrict);
size_t mbrtoc32(char32_t *__restrict, const char *__restrict, size_t, mbstate_t *__restrict);

#if __VISIBLE_C23
size_t c8rtomb(char *__restrict, unsigned char, mbstate_t *__restrict);
size_t mbrtoc8(unsigned char *__restrict, const char *__restrict, size_t, mbstate_t *__restrict);
#endif

#ifdef __CHAR8_TYPE__
#ifndef __cplusplus
typedef __CHAR8_TYPE__ char8_t;
#endif
#endif

__END_DECLS

#endif
