/* SPDX-License-Identifier: MIT */
/* Strings, lists and files for cook.  Out of memory ends the program. */
#ifndef COOK_UTIL_H
#define COOK_UTIL_H

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/types.h>

#include "../repo/lib/cpk.h"

#define list cpk_list			/* owned strings, cpk_list_sort() and _free() apply */

void *xalloc(size_t n);			/* zeroed */
void *xgrow(void *p, size_t n);
char *xdup(const char *s);
char *fmt(const char *format, ...) __attribute__((format(printf, 1, 2)));	/* fresh */
char *vfmt(const char *format, va_list ap);
void list_add(struct list *l, const char *s);
void list_take(struct list *l, char *s);	/* adds and frees s */
int list_has(const struct list *l, const char *s);

/* Prints "cook: …" to standard error; die() also ends with status 1, misuse() with 2: a wrong command line. */
void warn_(const char *format, ...) __attribute__((format(printf, 1, 2)));
void die(const char *format, ...) __attribute__((format(printf, 1, 2), noreturn));
void misuse(const char *format, ...) __attribute__((format(printf, 1, 2), noreturn));

struct buf {
	char *s;			/* NULL or ends in NUL */
	size_t n, cap;
};
void buf_add(struct buf *b, const char *s, size_t n);
void buf_str(struct buf *b, const char *s);
void buf_fmt(struct buf *b, const char *format, ...) __attribute__((format(printf, 2, 3)));
void buf_quote(struct buf *b, const char *s);	/* as one word of the shell */

/* Files; all return 0 or a negative errno unless said otherwise. */
int exists(const char *path);			/* 1 or 0; links are not followed */
char *read_file(const char *path, size_t *len);	/* fresh, ends in NUL; NULL and errno */
int write_file(const char *path, const char *s, size_t n, mode_t mode);	/* by rename */
int make_dirs(const char *path);
char *real_dir(const char *path);		/* absolute, without links, fresh; NULL and errno */
int remove_tree(const char *path);		/* also what is read-only; missing is fine */
int copy_file(const char *from, const char *to, mode_t mode);

/*
 * Copies the tree `from` over `to` (made when missing), directories merged.  With
 * link set files are hard links where the file system allows it.  An existing file
 * that differs is -EEXIST, its path in clash (PATH_MAX bytes) when that is not NULL.
 */
int merge_tree(const char *from, const char *to, int link, char *clash);
/* The same for one path of a tree; clash is left alone unless there is one. */
int merge_path(const char *from, const char *to, int link, char *clash);

/* Names in a directory, sorted, without "." and ".."; -errno when there is none. */
int list_dir(const char *path, struct list *out);

int wait_status(pid_t pid);	/* of a child: exit status, 128 + signal, or -1 */
double now(void);			/* seconds, monotonic */

#endif
