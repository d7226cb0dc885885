/* SPDX-License-Identifier: MIT */
/* err.h: messages about errors on standard error. */
#ifndef _ERR_H
#define _ERR_H

#include <features.h>

__BEGIN_DECLS

void warn(const char *, ...) __printf_like(1, 2);
void vwarn(const char *, __builtin_va_list) __printf_like(1, 0);
void warnx(const char *, ...) __printf_like(1, 2);
void vwarnx(const char *, __builtin_va_list) __printf_like(1, 0);
void warnc(int, const char *, ...) __printf_like(2, 3);
void vwarnc(int, const char *, __builtin_va_list) __printf_like(2, 0);
void err(int, const char *, ...) __printf_like(2, 3) __dead;
void verr(int, const char *, __builtin_va_list) __printf_like(2, 0) __dead;
void errx(int, const char *, ...) __printf_like(2, 3) __dead;
void verrx(int, const char *, __builtin_va_list) __printf_like(2, 0) __dead;
void errc(int, int, const char *, ...) __printf_like(3, 4) __dead;
void verrc(int, int, const char *, __builtin_va_list) __printf_like(3, 0) __dead;

__END_DECLS

#endif
