/* SPDX-License-Identifier: MIT */
/* features.h: what the headers lean on: which names a program has asked for, by the feature test
 * macros of POSIX and the usual ones beside them. A program that asks for nothing and does not ask
 * the compiler for strict ISO C (-std=c99) sees everything, as does one in C++ and one that defines
 * _GNU_SOURCE, _DEFAULT_SOURCE, _BSD_SOURCE or _ALL_SOURCE. _POSIX_C_SOURCE or _XOPEN_SOURCE alone
 * show that standard and hide the rest. A few names that programs like to use themselves appear
 * only under _GNU_SOURCE. The headers ask for these, each 0 or 1:
 *
 *	__VISIBLE_C11, __VISIBLE_C23	what C11 (C17) and C23 added to ISO C
 *	__VISIBLE_POSIX		POSIX.1-2008
 *	__VISIBLE_POSIX2024	what POSIX.1-2024 added
 *	__VISIBLE_XSI		the X/Open System Interfaces
 *	__VISIBLE_MORE		everything else: BSD, GNU, our own */
#ifndef _FEATURES_H
#define _FEATURES_H

#if defined(_ALL_SOURCE) && !defined(_GNU_SOURCE)
#define _GNU_SOURCE 1
#endif

#if defined(_GNU_SOURCE) || defined(_DEFAULT_SOURCE) || defined(_BSD_SOURCE) || \
	defined(_NETBSD_SOURCE) || defined(__BSD_VISIBLE) || defined(__cplusplus) || \
	(!defined(__STRICT_ANSI__) && !defined(_POSIX_SOURCE) && !defined(_POSIX_C_SOURCE) && \
	!defined(_XOPEN_SOURCE))
#define __VISIBLE_MORE 1
#else
#define __VISIBLE_MORE 0
#endif

/* An empty _XOPEN_SOURCE or _POSIX_C_SOURCE is one of the old standards. */
#if __VISIBLE_MORE || defined(_XOPEN_SOURCE)
#define __VISIBLE_XSI 1
#else
#define __VISIBLE_XSI 0
#endif
#if __VISIBLE_XSI || defined(_POSIX_SOURCE) || defined(_POSIX_C_SOURCE)
#define __VISIBLE_POSIX 1
#else
#define __VISIBLE_POSIX 0
#endif
#if __VISIBLE_MORE
#define __VISIBLE_POSIX2024 1
#elif defined(_POSIX_C_SOURCE) && _POSIX_C_SOURCE - 0 >= 202405L
#define __VISIBLE_POSIX2024 1
#elif defined(_XOPEN_SOURCE) && _XOPEN_SOURCE - 0 >= 800
#define __VISIBLE_POSIX2024 1
#else
#define __VISIBLE_POSIX2024 0
#endif

/* POSIX.1-2024 is built upon C17. */
#if __VISIBLE_POSIX2024
#define __VISIBLE_C11 1
#elif defined(__STDC_VERSION__) && __STDC_VERSION__ >= 201112L
#define __VISIBLE_C11 1
#else
#define __VISIBLE_C11 0
#endif
#if __VISIBLE_MORE
#define __VISIBLE_C23 1
#elif defined(__STDC_VERSION__) && __STDC_VERSION__ > 201710L
#define __VISIBLE_C23 1
#else
#define __VISIBLE_C23 0
#endif

#ifdef __cplusplus
#define __BEGIN_DECLS extern "C" {
#define __END_DECLS }
#else
#define __BEGIN_DECLS
#define __END_DECLS
#endif

/* A function that does not return. */
#define __dead __attribute__((__noreturn__))
/* A function whose format argument number f is checked against the arguments from a on. */
#define __printf_like(f, a) __attribute__((__format__(__printf__, f, a)))
#define __scanf_like(f, a) __attribute__((__format__(__scanf__, f, a)))

#endif
