/* SPDX-License-Identifier: MIT */
/* Streams over a descriptor. */
#include <errno.h>
#include "stdio_impl.h"
#include "plat.h"

long __fd_read(FILE *f, void *buf, size_t n)
{
	return plat_read(f->fd, buf, n);
}

long __fd_write(FILE *f, const void *buf, size_t n)
{
	return plat_write(f->fd, buf, n);
}

long __fd_seek(FILE *f, long off, int whence)
{
	return plat_lseek(f->fd, off, whence);
}

int __fd_close(FILE *f)
{
	return plat_close(f->fd);
}
