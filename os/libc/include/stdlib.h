/* SPDX-License-Identifier: MIT */
/* stdlib.h: general utilities: conversion, memory, sorting, environment, processes. */
#ifndef _STDLIB_H
#define _STDLIB_H

#include <features.h>

#define __NEED_NULL
#define __NEED_size_t
#define __NEED_wchar_t
#if __VISIBLE_MORE
#define __NEED_locale_t
#endif
#include <bits/alltypes.h>

#if __VISIBLE_MORE
#include <alloca.h>
#endif

__BEGIN_DECLS

#define EXIT_FAILURE 1
#define EXIT_SUCCESS 0
#define RAND_MAX 0x7fffffff
#define MB_CUR_MAX (__ctype_get_mb_cur_max())

typedef struct { int quot, rem; } div_t;
typedef struct { long quot, rem; } ldiv_t;
typedef struct { long long quot, rem; } lldiv_t;

size_t __ctype_get_mb_cur_max(void);
int atoi(const char *);
long atol(const char *);
long long atoll(const char *);
double atof(const char *);
float strtof(const char *__restrict, char **__restrict);
double strtod(const char *__restrict, char **__restrict);
long double strtold(const char *__restrict, char **__restrict);
long strtol(const char *__restrict, char **__restrict, int);
unsigned long strtoul(const char *__restrict, char **__restrict, int);
long long strtoll(const char *__restrict, char **__restrict, int);
unsigned long long strtoull(const char *__restrict, char **__restrict, int);
int rand(void);
void srand(unsigned);
void *malloc(size_t) __attribute__((__malloc__));
void *calloc(size_t, size_t) __attribute__((__malloc__));
void *realloc(void *, size_t);
void free(void *);
void abort(void) __dead;
int atexit(void (*)(void));
void exit(int) __dead;
void _Exit(int) __dead;
char *getenv(const char *);
int system(const char *);
void *bsearch(const void *, const void *, size_t, size_t, int (*)(const void *, const void *));
void qsort(void *, size_t, size_t, int (*)(const void *, const void *));
int abs(int);
long labs(long);
long long llabs(long long);
div_t div(int, int);
ldiv_t ldiv(long, long);
lldiv_t lldiv(long long, long long);
int mblen(const char *, size_t);
int mbtowc(wchar_t *__restrict, const char *__restrict, size_t);
int wctomb(char *, wchar_t);
size_t mbstowcs(wchar_t *__restrict, const char *__restrict, size_t);
size_t wcstombs(char *__restrict, const wchar_t *__restrict, size_t);

#if __VISIBLE_C11
void *aligned_alloc(size_t, size_t) __attribute__((__malloc__));
int at_quick_exit(void (*)(void));
void quick_exit(int) __dead;
#endif

#if __VISIBLE_C23
size_t memalignment(const void *);
void free_sized(void *, size_t);
void free_aligned_sized(void *, size_t, size_t);
#endif

#if __VISIBLE_POSIX
#define WNOHANG 1
#define WUNTRACED 2
#define WEXITSTATUS(s) (((s) & 0xff00) >> 8)
#define WTERMSIG(s) ((s) & 0x7f)
#define WSTOPSIG(s) WEXITSTATUS(s)
#define WIFEXITED(s) (!WTERMSIG(s))
#define WIFSTOPPED(s) (((s) & 0xff) == 0x7f)
#define WIFSIGNALED(s) (((s) & 0x7f) + 1 > 1 && ((s) & 0x7f) != 0x7f)

int rand_r(unsigned *);
int posix_memalign(void **, size_t, size_t);
int setenv(const char *, const char *, int);
int unsetenv(const char *);
int mkstemp(char *);
char *mkdtemp(char *);
int getsubopt(char **, char *const *, char **);
#endif

#if __VISIBLE_POSIX2024
void *reallocarray(void *, size_t, size_t);
char *secure_getenv(const char *);
void qsort_r(void *, size_t, size_t, int (*)(const void *, const void *, void *), void *);
int mkostemp(char *, int);
#endif

#if __VISIBLE_XSI
long random(void);
void srandom(unsigned);
char *initstate(unsigned, char *, size_t);
char *setstate(char *);
double drand48(void);
double erand48(unsigned short[3]);
long lrand48(void);
long nrand48(unsigned short[3]);
long mrand48(void);
long jrand48(unsigned short[3]);
void srand48(long);
unsigned short *seed48(unsigned short[3]);
void lcong48(unsigned short[7]);
int putenv(char *);
char *realpath(const char *__restrict, char *__restrict);
long a64l(const char *);
char *l64a(long);
void setkey(const char *);
int posix_openpt(int);
int grantpt(int);
int unlockpt(int);
char *ptsname(int);
#endif

#if __VISIBLE_MORE
float strtof_l(const char *__restrict, char **__restrict, locale_t);
double strtod_l(const char *__restrict, char **__restrict, locale_t);
long double strtold_l(const char *__restrict, char **__restrict, locale_t);
unsigned arc4random(void);
void arc4random_buf(void *, size_t);
unsigned arc4random_uniform(unsigned);
void *memalign(size_t, size_t);
void *valloc(size_t);
int clearenv(void);
char *mktemp(char *);
int mkstemps(char *, int);
int mkostemps(char *, int, int);
char *canonicalize_file_name(const char *);
int getloadavg(double *, int);
char *ecvt(double, int, int *, int *);
char *fcvt(double, int, int *, int *);
char *gcvt(double, int, char *);
int ptsname_r(int, char *, size_t);
int getpt(void);
const char *getprogname(void);
void setprogname(const char *);
long long strtonum(const char *, long long, long long, const char **);
long strtol_l(const char *__restrict, char **__restrict, int, locale_t);
unsigned long strtoul_l(const char *__restrict, char **__restrict, int, locale_t);
long long strtoll_l(const char *__restrict, char **__restrict, int, locale_t);
unsigned long long strtoull_l(const char *__restrict, char **__restrict, int, locale_t);
int strfromd(char *__restrict, size_t, const char *__restrict, double);
int strfromf(char *__restrict, size_t, const char *__restrict, float);
int strfroml(char *__restrict, size_t, const char *__restrict, long double);
void *pvalloc(size_t);
void *reallocf(void *, size_t);
void *recallocarray(void *, size_t, size_t, size_t);
void freezero(void *, size_t);
int on_exit(void (*)(int, void *), void *);
int rpmatch(const char *);
#endif

__END_DECLS

#endif
