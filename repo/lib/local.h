/* SPDX-License-Identifier: MIT */
/* What the files of the package format library share among themselves. */
#ifndef CPK_LOCAL_H
#define CPK_LOCAL_H

#include "cpk.h"

/* Formats a sentence into err (which may be NULL) and returns code. */
int cpk_fail(struct cpk_error *err, int code, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

/* A growing string; after a failed allocation `bad` stays set and it grows no more. */
struct cpk_buf {
	char *s;
	size_t n, cap;
	int bad;
};

void cpk_buf_add(struct cpk_buf *b, const char *s, size_t n);
void cpk_buf_str(struct cpk_buf *b, const char *s);
void cpk_buf_fmt(struct cpk_buf *b, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/* Percent-encodes white space, control bytes and '%': what a field of a row holds. */
void cpk_buf_escaped(struct cpk_buf *b, const char *s);

/* A new zeroed row at the end of the file table, or NULL; *cap is its capacity. */
struct cpk_file *cpk_files_grow(struct cpk_manifest *m, size_t *cap);
void cpk_file_clear(struct cpk_file *f);

/* The length of a plain file; that many bytes of it, fresh (on an error *data may be set too). */
int cpk_file_size(int fd, size_t *n);
int cpk_file_read(int fd, size_t n, void **data);

/*
 * unzip.c: zstd frames in memory, unpacked a piece at a time. ahead shows at least want bytes (at
 * most CPK_PIECE) of what comes next, fewer only at the end: how many, or -EBADMSG; take passes
 * over some of them.
 */
#define CPK_PIECE	4096u
void cpk_unzip_start(struct cpk_unzip *u, const void *data, size_t n);
ssize_t cpk_unzip_ahead(struct cpk_unzip *u, size_t want, const unsigned char **p);
void cpk_unzip_take(struct cpk_unzip *u, size_t n);

/* 0, or why the file table as a whole is refused (order, parents); *bad is the row. */
const char *cpk_table_refused(const struct cpk_manifest *m, size_t *bad);

#endif
