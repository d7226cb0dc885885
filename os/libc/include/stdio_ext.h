/* SPDX-License-Identifier: MIT */
/* stdio_ext.h: looking into streams. */
#ifndef _STDIO_EXT_H
#define _STDIO_EXT_H

#include <features.h>

#define __NEED_FILE
#define __NEED_size_t
#include <bits/alltypes.h>

#include <stdio.h>

__BEGIN_DECLS

#define FSETLOCKING_QUERY 0
#define FSETLOCKING_INTERNAL 1
#define FSETLOCKING_BYCALLER 2

size_t __fbufsize(FILE *);
int __freading(FILE *);
int __fwriting(FILE *);
int __freadable(FILE *);
int __fwritable(FILE *);
int __flbf(FILE *);
void __fpurge(FILE *);
size_t __fpending(FILE *);
void _flushlbf(void);
int __fsetlocking(FILE *, int);

/* What is left in the read buffer, a pointer to it, and how to take n bytes of it (gnulib). */
size_t __freadahead(FILE *);
const char *__freadptr(FILE *, size_t *);
void __freadptrinc(FILE *, size_t);
void __fseterr(FILE *);

__END_DECLS

#endif
