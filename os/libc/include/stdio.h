/* SPDX-License-Identifier: MIT */
/* stdio.h: buffered streams and formatted input and output. */
#ifndef _STDIO_H
#define _STDIO_H

#include <features.h>

#define __NEED_FILE
#define __NEED_NULL
#define __NEED_size_t
#if __VISIBLE_POSIX
#define __NEED_off_t
#define __NEED_ssize_t
#define __NEED_va_list
#endif
#include <bits/alltypes.h>

__BEGIN_DECLS

typedef union { char __pos[16]; long long __off; } fpos_t;

#define EOF (-1)

#ifndef SEEK_SET
#define SEEK_SET 0
#define SEEK_CUR 1
#define SEEK_END 2
#endif

#define _IOFBF 0
#define _IOLBF 1
#define _IONBF 2
#define BUFSIZ 4096
#define FILENAME_MAX 4096
#define FOPEN_MAX 1000
#define TMP_MAX 10000
#define L_tmpnam 20

extern FILE *const stdin;
extern FILE *const stdout;
extern FILE *const stderr;

#define stdin (stdin)
#define stdout (stdout)
#define stderr (stderr)

FILE *fopen(const char *__restrict, const char *__restrict);
FILE *freopen(const char *__restrict, const char *__restrict, FILE *__restrict);
int fclose(FILE *);
int fflush(FILE *);
int remove(const char *);
int rename(const char *, const char *);
int feof(FILE *);
int ferror(FILE *);
void clearerr(FILE *);
int fseek(FILE *, long, int);
long ftell(FILE *);
void rewind(FILE *);
int fgetpos(FILE *__restrict, fpos_t *__restrict);
int fsetpos(FILE *, const fpos_t *);
size_t fread(void *__restrict, size_t, size_t, FILE *__restrict);
size_t fwrite(const void *__restrict, size_t, size_t, FILE *__restrict);
int fgetc(FILE *);
int getc(FILE *);
int getchar(void);
int ungetc(int, FILE *);
int fputc(int, FILE *);
int putc(int, FILE *);
int putchar(int);
char *fgets(char *__restrict, int, FILE *__restrict);
int fputs(const char *__restrict, FILE *__restrict);
int puts(const char *);
int printf(const char *__restrict, ...) __printf_like(1, 2);
int fprintf(FILE *__restrict, const char *__restrict, ...) __printf_like(2, 3);
int sprintf(char *__restrict, const char *__restrict, ...) __printf_like(2, 3);
int snprintf(char *__restrict, size_t, const char *__restrict, ...) __printf_like(3, 4);
int vprintf(const char *__restrict, __builtin_va_list) __printf_like(1, 0);
int vfprintf(FILE *__restrict, const char *__restrict, __builtin_va_list) __printf_like(2, 0);
int vsprintf(char *__restrict, const char *__restrict, __builtin_va_list) __printf_like(2, 0);
int vsnprintf(char *__restrict, size_t, const char *__restrict, __builtin_va_list)
	__printf_like(3, 0);
int scanf(const char *__restrict, ...) __scanf_like(1, 2);
int fscanf(FILE *__restrict, const char *__restrict, ...) __scanf_like(2, 3);
int sscanf(const char *__restrict, const char *__restrict, ...) __scanf_like(2, 3);
int vscanf(const char *__restrict, __builtin_va_list) __scanf_like(1, 0);
int vfscanf(FILE *__restrict, const char *__restrict, __builtin_va_list) __scanf_like(2, 0);
int vsscanf(const char *__restrict, const char *__restrict, __builtin_va_list) __scanf_like(2, 0);
void perror(const char *);
int setvbuf(FILE *__restrict, char *__restrict, int, size_t);
void setbuf(FILE *__restrict, char *__restrict);
FILE *tmpfile(void);
char *tmpnam(char *);

#if __VISIBLE_POSIX
#define L_ctermid 20

FILE *fdopen(int, const char *);
int renameat(int, const char *, int, const char *);
int fileno(FILE *);
int fseeko(FILE *, off_t, int);
off_t ftello(FILE *);
ssize_t getdelim(char **__restrict, size_t *__restrict, int, FILE *__restrict);
ssize_t getline(char **__restrict, size_t *__restrict, FILE *__restrict);
int dprintf(int, const char *__restrict, ...) __printf_like(2, 3);
int vdprintf(int, const char *__restrict, __builtin_va_list) __printf_like(2, 0);
FILE *fmemopen(void *__restrict, size_t, const char *__restrict);
FILE *open_memstream(char **, size_t *);
FILE *popen(const char *, const char *);
int pclose(FILE *);
char *ctermid(char *);
void flockfile(FILE *);
int ftrylockfile(FILE *);
void funlockfile(FILE *);
int getc_unlocked(FILE *);
int getchar_unlocked(void);
int putc_unlocked(int, FILE *);
int putchar_unlocked(int);
#endif

#if __VISIBLE_POSIX2024
int asprintf(char **, const char *, ...) __printf_like(2, 3);
int vasprintf(char **, const char *, __builtin_va_list) __printf_like(2, 0);
#endif

#if __VISIBLE_XSI
#define P_tmpdir "/tmp"

char *tempnam(const char *, const char *);
#endif

#if __VISIBLE_MORE
#define L_cuserid 20
#define RENAME_NOREPLACE 1
#define RENAME_EXCHANGE 2

int fpurge(FILE *);
int renameat2(int, const char *, int, const char *, unsigned);
int getw(FILE *);
int putw(int, FILE *);
char *fgetln(FILE *, size_t *);
void setbuffer(FILE *, char *, size_t);
void setlinebuf(FILE *);
char *cuserid(char *);
int fgetc_unlocked(FILE *);
int fputc_unlocked(int, FILE *);
size_t fread_unlocked(void *, size_t, size_t, FILE *);
size_t fwrite_unlocked(const void *, size_t, size_t, FILE *);
char *fgets_unlocked(char *, int, FILE *);
int fputs_unlocked(const char *, FILE *);
int fflush_unlocked(FILE *);
int feof_unlocked(FILE *);
int ferror_unlocked(FILE *);
void clearerr_unlocked(FILE *);
int fileno_unlocked(FILE *);
int fcloseall(void);

typedef ssize_t cookie_read_function_t(void *, char *, size_t);
typedef ssize_t cookie_write_function_t(void *, const char *, size_t);
typedef int cookie_seek_function_t(void *, off_t *, int);
typedef int cookie_close_function_t(void *);
typedef struct _IO_cookie_io_functions_t {
	cookie_read_function_t *read;
	cookie_write_function_t *write;
	cookie_seek_function_t *seek;
	cookie_close_function_t *close;
} cookie_io_functions_t;

FILE *fopencookie(void *, const char *, cookie_io_functions_t);
FILE *funopen(const void *, int (*)(void *, char *, int), int (*)(void *, const char *, int),
	off_t (*)(void *, off_t, int), int (*)(void *));
#endif

/* Cannot be used safely: gone from C11 and from POSIX.1-2024. */
#if !defined(__cplusplus) && (!defined(__STDC_VERSION__) || __STDC_VERSION__ < 201112L)
char *gets(char *);
#endif

#ifdef _LARGEFILE64_SOURCE
#define fopen64 fopen
#define freopen64 freopen
#define fseeko64 fseeko
#define ftello64 ftello
#define fgetpos64 fgetpos
#define fsetpos64 fsetpos
#define fpos64_t fpos_t
#define tmpfile64 tmpfile
#endif

__END_DECLS

#endif
