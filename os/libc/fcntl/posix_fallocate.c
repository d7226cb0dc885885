/* SPDX-License-Identifier: MIT */
/* posix_fallocate.c: posix_fallocate, fallocate, posix_fadvise, readahead. */
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include "../internal/ret.h"
#include "../internal/plat.h"

int fallocate(int fd, int mode, off_t off, off_t len)
{
	return __ret(plat_fallocate(fd, mode, off, len));
}

int posix_fadvise(int fd, off_t off, off_t len, int advice)
{
	return -(plat_fadvise(fd, off, len, advice));
}

ssize_t readahead(int fd, off_t off, size_t len)
{
	return __ret(plat_fadvise(fd, off, len, POSIX_FADV_WILLNEED));
}

/* Where the file system cannot reserve, each block is touched instead. */
static int touch_blocks(int fd, off_t off, off_t len)
{
	struct stat st;
	char c;
	int err = plat_fstat(fd, &st);

	if (err)
		return err;
	for (off_t at = off; at < off + len; at += 4096 - at % 4096) {
		long n = at < st.st_size ? plat_pread(fd, &c, 1, at) : 0;
		if (n == 0 && (n = plat_pwrite(fd, "", 1, at)) < 0)
			return n;
		if (n == 1 && at < st.st_size && (n = plat_pwrite(fd, &c, 1, at)) < 0)
			return n;
	}
	return st.st_size < off + len ? plat_ftruncate(fd, off + len) : 0;
}

int posix_fallocate(int fd, off_t off, off_t len)
{
	int r;

	if (off < 0 || len <= 0)
		return EINVAL;
	r = plat_fallocate(fd, 0, off, len);
	if (r == -EOPNOTSUPP || r == -ENOSYS)
		r = touch_blocks(fd, off, len);
	return -r;
}
