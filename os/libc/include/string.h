/* SPDX-License-Identifier: MIT */
/* string.h: bytes and strings. */
#ifndef _STRING_H
#define _STRING_H

#include <features.h>

#define __NEED_NULL
#define __NEED_size_t
#if __VISIBLE_POSIX
#define __NEED_locale_t
#endif
#include <bits/alltypes.h>

#if __VISIBLE_MORE
#include <strings.h>
#endif

__BEGIN_DECLS

void *memcpy(void *__restrict, const void *__restrict, size_t);
void *memmove(void *, const void *, size_t);
void *memset(void *, int, size_t);
int memcmp(const void *, const void *, size_t);
char *strcpy(char *__restrict, const char *__restrict);
char *strncpy(char *__restrict, const char *__restrict, size_t);
char *strcat(char *__restrict, const char *__restrict);
char *strncat(char *__restrict, const char *__restrict, size_t);
int strcmp(const char *, const char *);
int strncmp(const char *, const char *, size_t);
int strcoll(const char *, const char *);
size_t strxfrm(char *__restrict, const char *__restrict, size_t);
size_t strlen(const char *);
size_t strcspn(const char *, const char *);
size_t strspn(const char *, const char *);
char *strtok(char *__restrict, const char *__restrict);
char *strerror(int);
void *memchr(const void *, int, size_t);
char *strchr(const char *, int);
char *strrchr(const char *, int);
char *strpbrk(const char *, const char *);
char *strstr(const char *, const char *);


#if __VISIBLE_C23
void *memset_explicit(void *, int, size_t);
#endif

#if __VISIBLE_POSIX
char *stpcpy(char *__restrict, const char *__restrict);
char *stpncpy(char *__restrict, const char *__restrict, size_t);
int strcoll_l(const char *, const char *, locale_t);
size_t strxfrm_l(char *__restrict, const char *__restrict, size_t, locale_t);
size_t strnlen(const char *, size_t);
char *strtok_r(char *__restrict, const char *__restrict, char **__restrict);
char *strerror_l(int, locale_t);
int strerror_r(int, char *, size_t);
char *strsignal(int);
#endif

#if __VISIBLE_POSIX || __VISIBLE_C23
char *strdup(const char *) __attribute__((__malloc__));
char *strndup(const char *, size_t) __attribute__((__malloc__));
#endif

#if __VISIBLE_POSIX2024
void *memmem(const void *, size_t, const void *, size_t);
size_t strlcpy(char *__restrict, const char *__restrict, size_t);
size_t strlcat(char *__restrict, const char *__restrict, size_t);
#endif

#if __VISIBLE_XSI || __VISIBLE_C23
void *memccpy(void *__restrict, const void *__restrict, int, size_t);
#endif

#if __VISIBLE_MORE
void *memrchr(const void *, int, size_t);
void *rawmemchr(const void *, int);
char *strchrnul(const char *, int);
char *strcasestr(const char *, const char *);
void *mempcpy(void *__restrict, const void *__restrict, size_t);
void *memfrob(void *, size_t);
void explicit_bzero(void *, size_t);
int timingsafe_bcmp(const void *, const void *, size_t);
int timingsafe_memcmp(const void *, const void *, size_t);
int strverscmp(const char *, const char *);
char *strsep(char **, const char *);
const char *strerrorname_np(int);
const char *strerrordesc_np(int);
const char *sigabbrev_np(int);
const char *sigdescr_np(int);
char *strfry(char *);

#define strdupa(s) strcpy((char *)__builtin_alloca(strlen(s) + 1), (s))
#define strndupa(s, n) (__extension__({ \
	const char *__s = (s); \
	size_t __n = strnlen(__s, (n)); \
	char *__d = (char *)__builtin_alloca(__n + 1); \
	__d[__n] = 0; \
	(char *)memcpy(__d, __s, __n); }))
#endif

#if defined(_GNU_SOURCE) && !defined(__cplusplus)
char *basename();
#endif

__END_DECLS

#endif
