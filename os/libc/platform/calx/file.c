/* SPDX-License-Identifier: MIT */
/* file.c: files by descriptor: the kernel moves data, the server behind does the rest. */
#include <dirent.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/uio.h>
#include <unistd.h>
#include "calx.h"


static long io_error(long r)
{
	return r == -EDEADSERVER ? -EIO : r;
}

long plat_read(int fd, void *buf, size_t len)
{
	return io_error(sys_cp(SYS_read, fd, buf, len));
}

long plat_write(int fd, const void *buf, size_t len)
{
	return io_error(sys_cp(SYS_write, fd, buf, len));
}

long plat_readv(int fd, const struct iovec *iov, int count)
{
	return io_error(sys_cp(SYS_readv, fd, iov, count, -1));
}

long plat_writev(int fd, const struct iovec *iov, int count)
{
	return io_error(sys_cp(SYS_writev, fd, iov, count, -1));
}

long plat_preadv(int fd, const struct iovec *iov, int count, long off)
{
	return off < 0 ? -EINVAL : io_error(sys_cp(SYS_readv, fd, iov, count, off));
}

long plat_pwritev(int fd, const struct iovec *iov, int count, long off)
{
	return off < 0 ? -EINVAL : io_error(sys_cp(SYS_writev, fd, iov, count, off));
}

long plat_pread(int fd, void *buf, size_t len, long off)
{
	struct abi_iovec iov = { (uint64_t)buf, len };

	return off < 0 ? -EINVAL : io_error(sys_cp(SYS_readv, fd, &iov, 1, off));
}

long plat_pwrite(int fd, const void *buf, size_t len, long off)
{
	struct abi_iovec iov = { (uint64_t)buf, len };

	return off < 0 ? -EINVAL : io_error(sys_cp(SYS_writev, fd, &iov, 1, off));
}

/* A file whose server knows nothing of holes is data up to its end. */
static long seek_plain(int fd, long off, int whence)
{
	struct handle_info hi;

	if (sys(SYS_handle_info, fd, &hi) < 0)
		return -EBADF;
	if (hi.kind == OBJ_FILE && hi.plane != PLANE_MEM)
		return hi.plane == PLANE_NONE ? -EINVAL : -ESPIPE;
	if (off < 0 || off >= (long)hi.size)
		return -ENXIO;
	return whence == SEEK_DATA ? off : (long)hi.size;
}

static long seek_sparse(int fd, long off, int whence)
{
	struct msg m = { .w = { F_SEEK, off, whence } };
	long r = __calx_call(fd, &m);

	if (r == -ENOSYS || r == -ENOTTY)
		r = seek_plain(fd, off, whence);
	return r < 0 ? r : sys(SYS_seek, fd, r, SEEK_SET);
}

long plat_lseek(int fd, long off, int whence)
{
	if (whence == SEEK_DATA || whence == SEEK_HOLE)
		return seek_sparse(fd, off, whence);
	return io_error(sys(SYS_seek, fd, off, whence));
}

/* A process's record locks on a file end when it closes any descriptor of the file. */
static void unlock_all(int fd)
{
	struct msg m = { .w = { F_RECLOCK, F_SETLK, F_UNLCK } };
	struct handle_info hi;

	if (__calx.record_locks && sys(SYS_handle_info, fd, &hi) >= 0 && hi.plane == PLANE_MEM)
		__calx_call(fd, &m);
}

int plat_close(int fd)
{
	if (fd < 0 || fd >= H_HIGH)
		return -EBADF;
	unlock_all(fd);
	return sys(SYS_handle_close, fd);
}

int plat_dup(int fd)
{
	return sys(SYS_handle_dup, fd, 0, 0);
}

int plat_dup3(int oldfd, int newfd, int flags)
{
	if (oldfd == newfd || flags & ~O_CLOEXEC)
		return -EINVAL;
	if (newfd < 0 || newfd >= H_HIGH)
		return -EBADF;
	return sys(SYS_handle_dup2, oldfd, newfd, flags & O_CLOEXEC ? H_CLOEXEC : 0);
}

static int fcntl_lock(int fd, int cmd, struct flock *fl)
{
	struct msg m = { .w = { F_RECLOCK, cmd,
		(uint64_t)(uint16_t)fl->l_type | (uint64_t)(uint16_t)fl->l_whence << 16,
		fl->l_start, fl->l_len } };
	long r;

	if (fl->l_whence == SEEK_CUR) {
		long at = plat_lseek(fd, 0, SEEK_CUR);
		if (at < 0)
			return at;
		m.w[2] = (uint16_t)fl->l_type;
		m.w[3] = at + fl->l_start;
	}
	if (cmd == F_SETLK || cmd == F_SETLKW)
		__calx.record_locks = 1;
	r = __calx_call_cp(fd, &m);
	if (r < 0)
		return r;
	if (cmd == F_GETLK || cmd == F_OFD_GETLK) {
		fl->l_type = m.w[2] & 0xffff;
		fl->l_whence = m.w[2] >> 16;
		fl->l_start = m.w[3];
		fl->l_len = m.w[4];
		fl->l_pid = m.w[5];
	}
	return 0;
}

static int get_flags(int fd)
{
	struct handle_info hi;
	long err = sys(SYS_handle_info, fd, &hi);

	return err < 0 ? err : (int)hi.fflags;
}

int plat_fcntl(int fd, int cmd, unsigned long arg)
{
	long r;

	if (fd < 0 || fd >= H_HIGH)
		return -EBADF;
	switch (cmd) {
	case F_DUPFD:
	case F_DUPFD_CLOEXEC:
		if (arg >= H_HIGH)
			return -EINVAL;
		return sys(SYS_handle_dup, fd, arg, cmd == F_DUPFD ? 0 : H_CLOEXEC);
	case F_GETFD:
		r = sys(SYS_handle_flags, fd, 0, 0);
		return r < 0 ? r : r & H_CLOEXEC ? FD_CLOEXEC : 0;
	case F_SETFD:
		r = sys(SYS_handle_flags, fd, H_CLOEXEC, arg & FD_CLOEXEC ? H_CLOEXEC : 0);
		return r < 0 ? r : 0;
	case F_GETFL:
		return get_flags(fd);
	case F_SETFL:
		r = sys(SYS_file_flags, fd, O_APPEND | O_NONBLOCK | O_DIRECT, arg & (O_APPEND | O_NONBLOCK | O_DIRECT));
		return r < 0 ? r : 0;
	case F_GETLK:
	case F_SETLK:
	case F_SETLKW:
	case F_OFD_GETLK:
	case F_OFD_SETLK:
	case F_OFD_SETLKW:
		return fcntl_lock(fd, cmd, (struct flock *)arg);
	case F_SETOWN:
		return 0;
	}
	return -EINVAL;
}

/* Simple operations whose answer is only a result. */
static int simple(int fd, uint64_t op, uint64_t a, uint64_t b, uint64_t c)
{
	struct msg m = { .w = { op, a, b, c } };
	long r;

	if (fd < 0)
		return -EBADF;
	r = __calx_call_cp(fd, &m);
	return r < 0 ? r : 0;
}

int plat_flock(int fd, int op)
{
	return simple(fd, F_FLOCK, (unsigned)op, 0, 0);
}

/* What has nothing to write to (a pipe) says that it is no such file. */
static int sync_fd(int fd, int data_only)
{
	int err = simple(fd, F_SYNC, data_only, 0, 0);

	return err == -ENOTTY ? -EINVAL : err;
}

int plat_fsync(int fd)
{
	return sync_fd(fd, 0);
}

int plat_fdatasync(int fd)
{
	return sync_fd(fd, 1);
}

int plat_sync(void)
{
	const char *rest;
	int slot;
	handle_t root = __path_root("/", &rest, &slot);

	return root < 0 ? root : simple(root, F_SYNC, 2, 0, 0);
}

int plat_syncfs(int fd)
{
	return simple(fd, F_SYNC, 2, 0, 0);
}

int plat_ftruncate(int fd, long len)
{
	struct msg m = { .w = { F_SETATTR, SA_SIZE, 0, 0, len } };
	struct handle_info hi;
	long r;

	if (len < 0)
		return -EINVAL;
	r = sys(SYS_handle_info, fd, &hi);
	if (r < 0)
		return r;
	if (hi.kind == OBJ_MEM)
		r = sys(SYS_mem_size, fd, len);
	else if ((hi.fflags & O_ACCMODE) == O_RDONLY)
		r = -EINVAL;
	else
		r = __calx_call(fd, &m);
	return r < 0 ? r : 0;
}

int plat_fallocate(int fd, int mode, long off, long len)
{
	return off < 0 || len <= 0 ? -EINVAL : simple(fd, F_ALLOCATE, mode, off, len);
}

/* Only two kinds of advice are for the server, which may know none: nobody misses it. */
int plat_fadvise(int fd, long off, long len, int advice)
{
	struct msg m = { .w = { F_ADVISE, advice, off, len } };
	struct handle_info hi;

	if (sys(SYS_handle_info, fd, &hi) < 0)
		return -EBADF;
	if (hi.kind == OBJ_FILE && hi.plane == PLANE_CHAN)
		return -ESPIPE;
	if (off < 0 || len < 0 || advice < POSIX_FADV_NORMAL || advice > POSIX_FADV_NOREUSE)
		return -EINVAL;
	if (advice != POSIX_FADV_WILLNEED && advice != POSIX_FADV_DONTNEED)
		return 0;
	return __calx_call(fd, &m) == -EBADF ? -EBADF : 0;
}

/* The directory's position is the kernel's offset of the file, so dup and fork share it. */
long plat_getdents(int fd, void *buf, size_t len)
{
	struct msg m = { .w = { F_READDIR }, .r[1] = { (uint64_t)buf, len } };
	long at = plat_lseek(fd, 0, SEEK_CUR), n;

	if (at < 0)
		return at == -ESPIPE ? -ENOTDIR : at;
	m.w[1] = at;
	n = __calx_call(fd, &m);
	if (n > 0)
		plat_lseek(fd, m.w[1], SEEK_SET);
	return n;
}

int plat_fstatfs(int fd, struct statfs *st)
{
	struct msg m = { .w = { F_STATFS }, .r[1] = { (uint64_t)st, sizeof(*st) } };
	long r = __calx_call(fd, &m);

	return r < 0 ? r : 0;
}

int plat_pipe2(int fds[2], int flags)
{
	if (flags & ~(O_CLOEXEC | O_NONBLOCK))
		return -EINVAL;
	return sys(SYS_pipe, fds, flags);
}
