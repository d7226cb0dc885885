/* SPDX-License-Identifier: MIT */
/* The standard and all other open streams, and what happens to them at the end and across fork. */
#include <stdlib.h>
#include <string.h>
#include "stdio_impl.h"
#include "atfork.h"
#include "exit.h"
#undef stdin
#undef stdout
#undef stderr

static unsigned char in_buf[UNGET + BUFSIZ], out_buf[UNGET + BUFSIZ], err_buf[UNGET + 8];

#define STD(n, how, b, len) { \
	.flags = F_STATIC | how, .fd = n, .buf = b + UNGET, .rpos = b + UNGET, .rend = b + UNGET, \
	.size = len, .read = __fd_read, .write = __fd_write, .seek = __fd_seek, .close = __fd_close }

FILE __stdin = STD(0, F_READ, in_buf, BUFSIZ);
FILE __stdout = STD(1, F_WRITE | F_TTYCHECK, out_buf, BUFSIZ);
FILE __stderr = STD(2, F_WRITE | F_NOBUF, err_buf, 8);
FILE *const stdin = &__stdin;
FILE *const stdout = &__stdout;
FILE *const stderr = &__stderr;

FILE *__files;
struct lock __files_lock;

FILE *__file_new(size_t size)
{
	FILE *f = malloc(sizeof(*f) + UNGET + size);
	if (!f)
		return NULL;
	memset(f, 0, sizeof(*f));
	f->fd = -1;
	f->buf = (unsigned char *)(f + 1) + UNGET;
	f->size = size;
	f->rpos = f->rend = f->buf;
	return f;
}

void __file_add(FILE *f)
{
	lock(&__files_lock);
	f->next = __files;
	if (__files)
		__files->prev = f;
	__files = f;
	unlock(&__files_lock);
}

void __file_remove(FILE *f)
{
	lock(&__files_lock);
	if (f->prev)
		f->prev->next = f->next;
	if (f->next)
		f->next->prev = f->prev;
	if (__files == f)
		__files = f->next;
	unlock(&__files_lock);
}

static void finish(FILE *f)
{
	if (f->flags & F_WRITING)
		__flush(f);
	else if (f->rpos < f->rend && f->seek)
		f->seek(f, f->rpos - f->rend, SEEK_CUR);
}

void __stdio_exit(void)
{
	for (FILE *f = __files; f; f = f->next)
		finish(f);
	finish(&__stdin);
	finish(&__stdout);
	finish(&__stderr);
}

static void forget_holder(FILE *f)
{
	f->lk.v = f->owner = f->depth = 0;
}

/* In the child nobody holds a stream: its holder has another number now, or is not there. */
void __stdio_atfork(int who)
{
	if (who < 0) {
		lock(&__files_lock);
		return;
	}
	unlock(&__files_lock);
	if (who == 0)
		return;
	forget_holder(&__stdin);
	forget_holder(&__stdout);
	forget_holder(&__stderr);
	for (FILE *f = __files; f; f = f->next)
		forget_holder(f);
}
