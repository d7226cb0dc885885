/* SPDX-License-Identifier: MIT */
/* The real table of file operations (fsops.h). */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "beyond.h"
#include "fsops.h"

static int
ret(int r)
{
	return r < 0 ? -errno : r;
}

static int
do_open(int dir, const char *path, int flags, unsigned mode)
{
	return ret(openat(dir, path, flags | O_CLOEXEC, mode));
}

static ssize_t
do_write(int fd, const void *data, size_t n)
{
	ssize_t w = write(fd, data, n);

	return w < 0 ? -errno : w;
}

static int
do_truncate(int fd, off_t n)
{
	return ret(ftruncate(fd, n));
}

static int
do_mkdir(int dir, const char *path, unsigned mode)
{
	return ret(mkdirat(dir, path, mode));
}

static int
do_rename(int a, const char *from, int b, const char *to)
{
	return ret(renameat(a, from, b, to));
}

static int
do_unlink(int dir, const char *path, int flags)
{
	return ret(unlinkat(dir, path, flags));
}

static int
do_link(int a, const char *from, int b, const char *to)
{
	return ret(linkat(a, from, b, to, 0));
}

static int
do_symlink(const char *target, int dir, const char *path)
{
	return ret(symlinkat(target, dir, path));
}

static int
do_chmod(int dir, const char *path, unsigned mode)
{
	return ret(fchmodat(dir, path, mode, 0));
}

static int
do_fchmod(int fd, unsigned mode)
{
	return ret(fchmod(fd, mode));
}

static int
do_chown(int dir, const char *path, uid_t uid, gid_t gid)
{
	return ret(fchownat(dir, path, uid, gid, AT_SYMLINK_NOFOLLOW));
}

static int
do_setxattr(int fd, const char *name, const void *value, size_t n)
{
	return ret(cpk_attr_set(fd, name, value, n));
}

static int
do_removexattr(int fd, const char *name)
{
	return ret(cpk_attr_remove(fd, name));
}

static int
do_fsync(int fd)
{
	return ret(fsync(fd));
}

static int
do_syncfs(int fd)
{
	return ret(cpk_sync_all(fd));
}

static const struct fsops real = { do_open, do_write, do_truncate, do_mkdir, do_rename, do_unlink,
	do_link, do_symlink, do_chmod, do_fchmod, do_chown, do_setxattr, do_removexattr, do_fsync,
	do_syncfs };
const struct fsops *fs = &real;

int
write_all(int fd, const void *data, size_t n)
{
	const char *p = data;

	while (n) {
		ssize_t w = fs->write(fd, p, n);

		if (w < 0 && w != -EINTR)
			return (int)w;
		if (w > 0) {
			p += w;
			n -= (size_t)w;
		}
	}
	return 0;
}
