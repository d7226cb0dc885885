/* SPDX-License-Identifier: MIT */
/* What a stream is, and the parts that its functions share. */
#ifndef INTERNAL_STDIO_IMPL_H
#define INTERNAL_STDIO_IMPL_H

#include <stdio.h>
#include <stddef.h>
#include <wchar.h>
#include "hidden.h"
#include "lock.h"

#define F_READ 1		/* opened for reading */
#define F_WRITE 2		/* opened for writing */
#define F_EOF 4
#define F_ERR 8
#define F_OWNBUF 16		/* buf is to be freed */
#define F_STATIC 32		/* the FILE itself is not to be freed */
#define F_READING 64		/* the last operation was input */
#define F_WRITING 128		/* the last operation was output */
#define F_APPEND 256
#define F_LINE 512		/* line buffered */
#define F_NOBUF 1024		/* unbuffered */
#define F_NOLOCK 2048		/* __fsetlocking: the caller takes care */
#define F_TTYCHECK 4096		/* becomes line buffered at the first output if it is a terminal */
#define F_STRING 8192		/* output to memory of fixed size: what does not fit is dropped */

#define UNGET 8			/* bytes before buf that ungetc may use */

/*
 * Input: rpos..rend is unread. Output: wbase..wpos is pending; wend limits what may be added without
 * asking (wend == wbase in line buffered and unbuffered streams, so that every byte is looked at).
 * In a stream that is not writing wpos == wend == NULL, in one that is not reading rpos == rend.
 * All fields are guarded by the stream's lock but prev and next, which the list's lock guards.
 */
struct _IO_FILE {
	unsigned flags;
	int fd;
	unsigned char *rpos, *rend;
	unsigned char *wbase, *wpos, *wend;
	unsigned char *buf;
	size_t size;
	/* The object below: bytes moved or -errno. seek gives the new offset. */
	long (*read)(FILE *f, void *buf, size_t n);
	long (*write)(FILE *f, const void *buf, size_t n);
	long (*seek)(FILE *f, long off, int whence);
	int (*close)(FILE *f);
	void *cookie;
	struct lock lk;
	volatile int owner;		/* thread id of the holder of lk, 0: none */
	int depth;
	signed char orient;		/* fwide: -1 bytes, 1 wide characters */
	unsigned char unget_wide;
	int pid;			/* popen's child */
	char *line;			/* fgetln's */
	FILE *prev, *next;
};

/* Takes the stream's lock; returns whether it has to be released. */
static inline int __flock(FILE *f)
{
	extern hidden void __lockfile(FILE *f);
	if (!__threaded || (f->flags & F_NOLOCK))
		return 0;
	__lockfile(f);
	return 1;
}

static inline void __funlock(FILE *f, int locked)
{
	extern hidden void __unlockfile(FILE *f);
	if (locked)
		__unlockfile(f);
}

/* Prepares for input or output; EOF (and the error flag) when the stream cannot. */
hidden int __toread(FILE *f);
hidden int __towrite(FILE *f);
/* The next byte from below when the buffer is empty; EOF. */
hidden int __underflow(FILE *f);
/* Adds a byte when it does not simply fit. */
hidden int __overflow(FILE *f, int c);
/* Writes out what is pending; -1 on errors. */
hidden int __flush(FILE *f);
/* Without locking: bytes moved. */
hidden size_t __fwritex(const void *p, size_t n, FILE *f);
hidden size_t __freadx(void *p, size_t n, FILE *f);
hidden int __fseek(FILE *f, long off, int whence);
hidden long __ftell(FILE *f);
/* Marks the error and sets errno to -r; returns EOF. */
hidden int __ferr(FILE *f, long r);

static inline int __getc(FILE *f)
{
	return f->rpos < f->rend ? *f->rpos++ : __underflow(f);
}

static inline int __putc(int c, FILE *f)
{
	return f->wpos < f->wend ? (*f->wpos++ = (unsigned char)c) : __overflow(f, c);
}

/* The list of all open streams. */
hidden FILE *__file_new(size_t bufsize);	/* with room for UNGET + bufsize bytes */
hidden void __file_add(FILE *f);
hidden void __file_remove(FILE *f);
extern hidden FILE *__files;
extern hidden struct lock __files_lock;
extern hidden FILE __stdin, __stdout, __stderr;

/* The operations of a stream over a descriptor. */
hidden long __fd_read(FILE *f, void *buf, size_t n);
hidden long __fd_write(FILE *f, const void *buf, size_t n);
hidden long __fd_seek(FILE *f, long off, int whence);
hidden int __fd_close(FILE *f);
/* open flags of a mode like "rb+e", or -1; F_READ and F_WRITE go to *flags. */
hidden int __fmode(const char *mode, unsigned *flags);

hidden wint_t __fgetwc(FILE *f);
hidden wint_t __fputwc(wchar_t c, FILE *f);

/* printf to a stream whose lock is held; wide: see stdio/printf.c. */
hidden int __printf_core(FILE *f, const char *fmt, __builtin_va_list ap, int wide);
hidden int __scanf_core(FILE *f, const char *fmt, __builtin_va_list ap, int wide);

#endif
