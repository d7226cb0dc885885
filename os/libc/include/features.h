/* SPDX-License-Identifier: MIT */
/* features.h: what the headers lean on. Everything is visible by default; a few names that
 * programs like to use themselves appear only under _GNU_SOURCE. */
#ifndef _FEATURES_H
#define _FEATURES_H

#if defined(_ALL_SOURCE) && !defined(_GNU_SOURCE)
#define _GNU_SOURCE 1
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
