/* SPDX-License-Identifier: MIT */
/* path.c: files by name, on Linux. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include "sys.h"

int plat_openat(int dirfd, const char *path, int flags, unsigned mode)
{
	return sys_cp(SYS_openat, dirfd, path, flags, mode);
}

int plat_fstatat(int dirfd, const char *path, struct stat *st, int flags)
{
	return sys(SYS_newfstatat, dirfd, path, st, flags);
}

int plat_fstat(int fd, struct stat *st)
{
	return sys(SYS_newfstatat, fd, "", st, AT_EMPTY_PATH);
}

int plat_statx(int dirfd, const char *path, int flags, unsigned mask, struct statx *stx)
{
	return sys(SYS_statx, dirfd, path, flags, mask, stx);
}

int plat_faccessat(int dirfd, const char *path, int amode, int flags)
{
	return sys(SYS_faccessat2, dirfd, path, amode, flags);
}

/* By an O_PATH descriptor, since SYS_fchmodat knows no flags: a link itself has no mode. */
static int chmod_no_follow(int dirfd, const char *path, unsigned mode)
{
	char name[32];
	struct stat st;
	int err, fd = sys(SYS_openat, dirfd, path, O_PATH | O_NOFOLLOW | O_CLOEXEC, 0);

	if (fd < 0)
		return fd;
	err = plat_fstat(fd, &st);
	if (!err && S_ISLNK(st.st_mode))
		err = -EOPNOTSUPP;
	snprintf(name, sizeof(name), "/proc/self/fd/%d", fd);
	if (!err)
		err = sys(SYS_fchmodat, AT_FDCWD, name, mode);
	sys(SYS_close, fd);
	return err == -ENOENT ? -EOPNOTSUPP : err;	/* no /proc */
}

int plat_fchmodat(int dirfd, const char *path, unsigned mode, int flags)
{
	if (flags & ~AT_SYMLINK_NOFOLLOW)
		return -EINVAL;
	return flags ? chmod_no_follow(dirfd, path, mode) : sys(SYS_fchmodat, dirfd, path, mode);
}

int plat_fchownat(int dirfd, const char *path, unsigned uid, unsigned gid, int flags)
{
	return sys(SYS_fchownat, dirfd, path, uid, gid, flags);
}

int plat_utimensat(int dirfd, const char *path, const struct timespec *times, int flags)
{
	return sys(SYS_utimensat, dirfd, path, times, flags);
}

int plat_mkdirat(int dirfd, const char *path, unsigned mode)
{
	return sys(SYS_mkdirat, dirfd, path, mode);
}

int plat_mknodat(int dirfd, const char *path, unsigned mode, unsigned long dev)
{
	return sys(SYS_mknodat, dirfd, path, mode, dev);
}

int plat_unlinkat(int dirfd, const char *path, int flags)
{
	return sys(SYS_unlinkat, dirfd, path, flags);
}

int plat_renameat2(int olddir, const char *old, int newdir, const char *new, unsigned flags)
{
	return sys(SYS_renameat2, olddir, old, newdir, new, flags);
}

int plat_linkat(int olddir, const char *old, int newdir, const char *new, int flags)
{
	return sys(SYS_linkat, olddir, old, newdir, new, flags);
}

int plat_symlinkat(const char *target, int dirfd, const char *path)
{
	return sys(SYS_symlinkat, target, dirfd, path);
}

long plat_readlinkat(int dirfd, const char *path, char *buf, size_t len)
{
	return sys(SYS_readlinkat, dirfd, path, buf, len);
}

int plat_truncate(const char *path, long len)
{
	return sys(SYS_truncate, path, len);
}

int plat_statfs(const char *path, struct statfs *st)
{
	return sys(SYS_statfs, path, st);
}

int plat_chdir(const char *path)
{
	return sys(SYS_chdir, path);
}

int plat_chroot(const char *path)
{
	return sys(SYS_chroot, path);
}

long plat_getcwd(char *buf, size_t len)
{
	return sys(SYS_getcwd, buf, len);
}

unsigned plat_umask(unsigned mask)
{
	return sys(SYS_umask, mask);
}
