/* SPDX-License-Identifier: MIT */
/* file.c: files by descriptor, on Linux. */
#include "sys.h"

long plat_read(int fd, void *buf, size_t len)
{
	return sys_cp(SYS_read, fd, buf, len);
}

long plat_write(int fd, const void *buf, size_t len)
{
	return sys_cp(SYS_write, fd, buf, len);
}

long plat_readv(int fd, const struct iovec *iov, int count)
{
	return sys_cp(SYS_readv, fd, iov, count);
}

long plat_writev(int fd, const struct iovec *iov, int count)
{
	return sys_cp(SYS_writev, fd, iov, count);
}

long plat_pread(int fd, void *buf, size_t len, long off)
{
	return sys_cp(SYS_pread64, fd, buf, len, off);
}

long plat_pwrite(int fd, const void *buf, size_t len, long off)
{
	return sys_cp(SYS_pwrite64, fd, buf, len, off);
}

long plat_preadv(int fd, const struct iovec *iov, int count, long off)
{
	return sys_cp(SYS_preadv, fd, iov, count, off);
}

long plat_pwritev(int fd, const struct iovec *iov, int count, long off)
{
	return sys_cp(SYS_pwritev, fd, iov, count, off);
}

long plat_lseek(int fd, long off, int whence)
{
	return sys(SYS_lseek, fd, off, whence);
}

int plat_close(int fd)
{
	return sys_cp(SYS_close, fd);
}

int plat_dup(int fd)
{
	return sys(SYS_dup, fd);
}

int plat_dup3(int oldfd, int newfd, int flags)
{
	return sys(SYS_dup3, oldfd, newfd, flags);
}

int plat_fcntl(int fd, int cmd, unsigned long arg)
{
	return sys_cp(SYS_fcntl, fd, cmd, arg);
}

int plat_ioctl(int fd, unsigned long req, void *arg)
{
	return sys(SYS_ioctl, fd, req, arg);
}

int plat_flock(int fd, int op)
{
	return sys(SYS_flock, fd, op);
}

int plat_fsync(int fd)
{
	return sys_cp(SYS_fsync, fd);
}

int plat_fdatasync(int fd)
{
	return sys_cp(SYS_fdatasync, fd);
}

int plat_sync(void)
{
	return sys(SYS_sync, 0);
}

int plat_syncfs(int fd)
{
	return sys(SYS_syncfs, fd);
}

int plat_ftruncate(int fd, long len)
{
	return sys(SYS_ftruncate, fd, len);
}

int plat_fallocate(int fd, int mode, long off, long len)
{
	return sys_cp(SYS_fallocate, fd, mode, off, len);
}

int plat_fadvise(int fd, long off, long len, int advice)
{
	return sys(SYS_fadvise64, fd, off, len, advice);
}

long plat_getdents(int fd, void *buf, size_t len)
{
	return sys(SYS_getdents64, fd, buf, len);
}

int plat_fchmod(int fd, unsigned mode)
{
	return sys(SYS_fchmod, fd, mode);
}

int plat_fchown(int fd, unsigned uid, unsigned gid)
{
	return sys(SYS_fchown, fd, uid, gid);
}

int plat_fchdir(int fd)
{
	return sys(SYS_fchdir, fd);
}

int plat_fstatfs(int fd, struct statfs *st)
{
	return sys(SYS_fstatfs, fd, st);
}

int plat_pipe2(int fds[2], int flags)
{
	return sys(SYS_pipe2, fds, flags);
}

long plat_sendfile(int out, int in, long *off, size_t len)
{
	return sys_cp(SYS_sendfile, out, in, off, len);
}

long plat_copy_file_range(int in, long *inoff, int out, long *outoff, size_t len, unsigned flags)
{
	return sys_cp(SYS_copy_file_range, in, inoff, out, outoff, len, flags);
}
