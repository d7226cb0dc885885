/* SPDX-License-Identifier: MIT */
/* string.h: bytes and strings. */
#ifndef _STRING_H
#define _STRING_H

#include <features.h>
#include <bits/alltypes.h>
#include <strings.h>

__BEGIN_DECLS

void *memcpy(void *__restrict, const void *__restrict, size_t);
void *memmove(void *, const void *, size_t);
void *memset(void *, int, size_t);
int memcmp(const void *, const void *, size_t);
void *memccpy(void *__restrict, const void *__restrict, int, size_t);
void *mempcpy(void *__restrict, const void *__restrict, size_t);
void *memfrob(void *, size_t);
void explicit_bzero(void *, size_t);
void *memset_explicit(void *, int, size_t);
int timingsafe_memcmp(const void *, const void *, size_t);

char *strcpy(char *__restrict, const char *__restrict);
char *strncpy(char *__restrict, const char *__restrict, size_t);
char *stpcpy(char *__restrict, const char *__restrict);
char *stpncpy(char *__restrict, const char *__restrict, size_t);
char *strcat(char *__restrict, const char *__restrict);
char *strncat(char *__restrict, const char *__restrict, size_t);
size_t strlcpy(char *__restrict, const char *__restrict, size_t);
size_t strlcat(char *__restrict, const char *__restrict, size_t);
int strcmp(const char *, const char *);
int strncmp(const char *, const char *, size_t);
int strcoll(const char *, const char *);
size_t strxfrm(char *__restrict, const char *__restrict, size_t);
int strcoll_l(const char *, const char *, locale_t);
size_t strxfrm_l(char *__restrict, const char *__restrict, size_t, locale_t);
int strverscmp(const char *, const char *);
size_t strlen(const char *);
size_t strnlen(const char *, size_t);
size_t strcspn(const char *, const char *);
size_t strspn(const char *, const char *);
char *strtok(char *__restrict, const char *__restrict);
char *strtok_r(char *__restrict, const char *__restrict, char **__restrict);
char *strsep(char **, const char *);
char *strdup(const char *) __attribute__((__malloc__));
char *strndup(const char *, size_t) __attribute__((__malloc__));
char *strerror(int);
char *strerror_l(int, locale_t);
int strerror_r(int, char *, size_t);
const char *strerrorname_np(int);
const char *strerrordesc_np(int);
char *strsignal(int);
const char *sigabbrev_np(int);
const char *sigdescr_np(int);
char *strfry(char *);

/* In C++ the searching functions keep the constness of their argument. */
#ifndef __cplusplus
void *memchr(const void *, int, size_t);
void *memrchr(const void *, int, size_t);
void *rawmemchr(const void *, int);
void *memmem(const void *, size_t, const void *, size_t);
char *strchr(const char *, int);
char *strrchr(const char *, int);
char *strchrnul(const char *, int);
char *strpbrk(const char *, const char *);
char *strstr(const char *, const char *);
char *strcasestr(const char *, const char *);
#else
void *memchr(const void *, int, size_t);
void *memrchr(const void *, int, size_t);
void *rawmemchr(const void *, int);
void *memmem(const void *, size_t, const void *, size_t);
char *strchr(const char *, int);
char *strrchr(const char *, int);
char *strchrnul(const char *, int);
char *strpbrk(const char *, const char *);
char *strstr(const char *, const char *);
char *strcasestr(const char *, const char *);
#endif

#if defined(_GNU_SOURCE) && !defined(__cplusplus)
char *basename();
#endif

#define strdupa(s) strcpy((char *)__builtin_alloca(strlen(s) + 1), (s))
#define strndupa(s, n) (__extension__({ \
	const char *__s = (s); \
	size_t __n = strnlen(__s, (n)); \
	char *__d = (char *)__builtin_alloca(__n + 1); \
	__d[__n] = 0; \
	(char *)memcpy(__d, __s, __n); }))

__END_DECLS

#endif
