/* SPDX-License-Identifier: MIT */
/* opendir.c: directory streams. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "../internal/ret.h"
#include "../internal/plat.h"

ssize_t getdents(int fd, struct dirent *buf, size_t len)
{
	return __ret(plat_getdents(fd, buf, len));
}

#include "../internal/lock.h"

/* Entries of one getdents call and the place in them. */
struct __dirstream {
	int fd;
	struct lock lock;
	size_t pos, end;
	off_t tell;		/* d_off of the entry last given out */
	struct dirent one;	/* of readdir_r's contract */
	char buf[8192] __attribute__((__aligned__(8)));
};

static DIR *from_fd(int fd)
{
	DIR *d = malloc(sizeof(*d));

	if (d) {
		d->fd = fd;
		d->lock.v = 0;
		d->pos = d->end = 0;
		d->tell = 0;
	}
	return d;
}

DIR *opendir(const char *path)
{
	int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *d;

	if (fd < 0)
		return 0;
	d = from_fd(fd);
	if (!d)
		plat_close(fd);
	return d;
}

DIR *fdopendir(int fd)
{
	struct stat st;
	int flags;

	if (fstat(fd, &st))
		return 0;
	flags = plat_fcntl(fd, F_GETFL, 0);
	if (flags < 0 || flags & O_PATH) {
		errno = EBADF;
		return 0;
	}
	if (!S_ISDIR(st.st_mode)) {
		errno = ENOTDIR;
		return 0;
	}
	plat_fcntl(fd, F_SETFD, FD_CLOEXEC);
	return from_fd(fd);
}

int closedir(DIR *d)
{
	int fd = d->fd;

	free(d);
	return close(fd);
}

int dirfd(DIR *d)
{
	return d->fd;
}

static struct dirent *next(DIR *d, int *err)
{
	struct dirent *e;
	long n;

	*err = 0;
	if (d->pos >= d->end) {
		n = plat_getdents(d->fd, d->buf, sizeof(d->buf));
		if (n <= 0) {
			*err = n == -ENOENT ? 0 : -n;	/* a removed directory is at its end */
			return 0;
		}
		d->end = n;
		d->pos = 0;
	}
	e = (struct dirent *)(d->buf + d->pos);
	d->pos += e->d_reclen;
	d->tell = e->d_off;
	return e;
}

struct dirent *readdir(DIR *d)
{
	struct dirent *e;
	int err;

	lock(&d->lock);
	e = next(d, &err);
	unlock(&d->lock);
	if (err)
		errno = err;
	return e;
}

int readdir_r(DIR *restrict d, struct dirent *restrict buf, struct dirent **restrict result)
{
	struct dirent *e;
	int err;

	lock(&d->lock);
	e = next(d, &err);
	if (e)
		memcpy(buf, e, e->d_reclen < sizeof(*buf) ? e->d_reclen : sizeof(*buf));
	unlock(&d->lock);
	*result = e ? buf : 0;
	return err;
}

void seekdir(DIR *d, long off)
{
	lock(&d->lock);
	d->tell = plat_lseek(d->fd, off, SEEK_SET);
	d->pos = d->end = 0;
	unlock(&d->lock);
}

long telldir(DIR *d)
{
	return d->tell;
}

void rewinddir(DIR *d)
{
	seekdir(d, 0);
	d->tell = 0;
}

/* The kind of a file that the file system did not say. */
static unsigned char type_of(int fd, const char *name)
{
	struct stat st;

	return plat_fstatat(fd, name, &st, AT_SYMLINK_NOFOLLOW) < 0 ? DT_UNKNOWN : IFTODT(st.st_mode);
}

/* One entry into at most room bytes; its length, or 0 when it does not fit. */
static size_t put_dent(struct posix_dent *d, size_t room, const struct dirent *e, int fd, int flags)
{
	size_t name = strlen(e->d_name) + 1;
	size_t n = (offsetof(struct posix_dent, d_name) + name + 7) & ~(size_t)7;

	if (n > room)
		return 0;
	d->d_ino = e->d_ino;
	d->d_reclen = n;
	d->d_type = e->d_type == DT_UNKNOWN && flags & DT_FORCE_TYPE ? type_of(fd, e->d_name) : e->d_type;
	memcpy(d->d_name, e->d_name, name);
	return n;
}

/* The system's entries are longer than these, so a buffer of the caller's length holds enough of them. */
ssize_t posix_getdents(int fd, void *buf, size_t len, int flags)
{
	_Alignas(struct dirent) char raw[4096];
	size_t ask = len < sizeof(struct dirent) ? sizeof(struct dirent) : len, used = 0;
	long n, off = plat_lseek(fd, 0, SEEK_CUR);

	if (flags & ~DT_FORCE_TYPE)
		return __ret(-EOPNOTSUPP);
	n = plat_getdents(fd, (struct dirent *)raw, ask < sizeof(raw) ? ask : sizeof(raw));
	for (long i = 0; i < n; ) {
		const struct dirent *e = (const struct dirent *)(raw + i);
		size_t k = put_dent((struct posix_dent *)((char *)buf + used), len - used, e, fd, flags);
		if (!k) {
			/* The rest comes with the next call; nothing at all is an error. */
			plat_lseek(fd, off, SEEK_SET);
			if (!used)
				return __ret(-EINVAL);
			break;
		}
		used += k;
		off = e->d_off;
		i += e->d_reclen;
	}
	return __ret(n < 0 ? n : (long)used);
}
