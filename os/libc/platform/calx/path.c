/* SPDX-License-Identifier: MIT */
/* path.c: files by name. */
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/sysmacros.h>
#include <time.h>
#include <unistd.h>
#include "calx.h"

#define NS 1000000000ll

/* The descriptor that "/dev/fd/N", "/proc/self/fd/N", "/dev/stdin" and so on name, or -1: no server knows ours. */
static int own_descriptor(const char *path)
{
	static const char *const std[] = { "stdin", "stdout", "stderr" };
	int fd = 0;

	if (!path || path[0] != '/' || (path[1] != 'd' && path[1] != 'p'))
		return -1;
	if (!strncmp(path, "/proc/self/fd/", 14))
		path += 11;
	else if (!strncmp(path, "/dev/", 5))
		path += 5;
	else
		return -1;
	for (int i = 0; i < 3; i++)
		if (!strcmp(path, std[i]))
			return i;
	if (strncmp(path, "fd/", 3) || !path[3])
		return -1;
	for (path += 3; *path >= '0' && *path <= '9' && fd < H_HIGH; path++)
		fd = 10 * fd + *path - '0';
	return *path || fd >= H_HIGH ? -1 : fd;
}

int plat_openat(int dirfd, const char *path, int flags, unsigned mode)
{
	struct msg m = { .w = { F_OPEN, (unsigned)flags, mode & 07777 & ~__calx.umask } };
	int own = own_descriptor(path);
	long r;

	if (own >= 0)
		return sys(SYS_handle_dup, own, 0, flags & O_CLOEXEC ? H_CLOEXEC : 0);

	m.hflags = H_PUT_LOW | (flags & O_CLOEXEC ? H_CLOEXEC : 0);
	r = __path_call(dirfd, path, 0, &m, 0);
	if (r < 0)
		return r;
	return m.nh ? m.h[0] : -EIO;
}

/* What fstat says of an object that no server knows. */
static int stat_object(int fd, struct stat *st)
{
	struct handle_info hi;
	long err = sys(SYS_handle_info, fd, &hi);

	if (err < 0)
		return err;
	memset(st, 0, sizeof(*st));
	st->st_mode = S_IRUSR | S_IWUSR;
	if (hi.kind == OBJ_FILE && hi.plane == PLANE_CHAN)
		st->st_mode |= (hi.fflags & O_ACCMODE) == O_RDWR ? S_IFSOCK : S_IFIFO;
	else if (hi.kind == OBJ_MEM)
		st->st_mode |= S_IFREG;
	st->st_size = hi.kind == OBJ_MEM ? hi.size : 0;
	st->st_ino = hi.koid;
	st->st_nlink = 1;
	st->st_blksize = 4096;
	st->st_uid = plat_geteuid();
	st->st_gid = plat_getegid();
	return 0;
}

static int stat_path(int dirfd, const char *path, struct stat *st, int flags)
{
	struct msg m = { .w = { F_STAT, (unsigned)flags } };
	struct path_out out = { st, sizeof(*st) };
	long r = __path_call(dirfd, path, flags & AT_EMPTY_PATH, &m, &out);

	return r < 0 ? r : 0;
}

/* Mostly the kernel knows. When the server has died meanwhile, or its word is odd, it is asked as for a path. */
int plat_fstat(int fd, struct stat *st)
{
	long r = fd < 0 ? -EBADF : sys(SYS_file_stat, fd, st);

	if (r >= 0)
		return 0;
	if (r != -EBADF && r != -ENOTTY && r != -EINVAL)
		r = stat_path(fd, "", st, AT_EMPTY_PATH);
	return r == -ENOTTY || r == -EINVAL ? stat_object(fd, st) : r;
}

int plat_fstatat(int dirfd, const char *path, struct stat *st, int flags)
{
	int own = own_descriptor(path);

	if (own >= 0)
		return plat_fstat(own, st);
	if (!*path && dirfd >= 0 && flags & AT_EMPTY_PATH)
		return plat_fstat(dirfd, st);
	return stat_path(dirfd, path, st, flags);
}

static struct statx_timestamp stamp(struct timespec t)
{
	return (struct statx_timestamp){ .tv_sec = t.tv_sec, .tv_nsec = t.tv_nsec };
}

int plat_statx(int dirfd, const char *path, int flags, unsigned mask, struct statx *x)
{
	struct stat st;
	int err = flags & ~(AT_SYMLINK_NOFOLLOW | AT_EMPTY_PATH | AT_NO_AUTOMOUNT | AT_STATX_SYNC_TYPE) || mask >> 31
		? -EINVAL : plat_fstatat(dirfd, path, &st, flags & (AT_SYMLINK_NOFOLLOW | AT_EMPTY_PATH));

	if (err)
		return err;
	*x = (struct statx){ .stx_mask = STATX_BASIC_STATS, .stx_blksize = st.st_blksize, .stx_nlink = st.st_nlink,
		.stx_uid = st.st_uid, .stx_gid = st.st_gid, .stx_mode = st.st_mode, .stx_ino = st.st_ino,
		.stx_size = st.st_size, .stx_blocks = st.st_blocks, .stx_atime = stamp(st.st_atim),
		.stx_mtime = stamp(st.st_mtim), .stx_ctime = stamp(st.st_ctim),
		.stx_rdev_major = major(st.st_rdev), .stx_rdev_minor = minor(st.st_rdev),
		.stx_dev_major = major(st.st_dev), .stx_dev_minor = minor(st.st_dev) };
	if (st.__unused[0] == STAT_BTIME) {
		x->stx_mask |= STATX_BTIME;
		x->stx_btime = (struct statx_timestamp){ .tv_sec = st.__unused[1], .tv_nsec = st.__unused[2] };
	}
	return 0;
}

int plat_faccessat(int dirfd, const char *path, int amode, int flags)
{
	struct msg m = { .w = { F_ACCESS, amode, (unsigned)flags | (__calx.other_ids ? 0 : AT_EACCESS) } };
	int own = own_descriptor(path);
	long r;

	if (own >= 0) {
		r = sys(SYS_handle_flags, own, 0, 0);
		return r == -EBADF ? -ENOENT : r < 0 ? r : 0;
	}
	r = __path_call(dirfd, path, flags & AT_EMPTY_PATH, &m, 0);
	return r < 0 ? r : 0;
}

static int setattr(int dirfd, const char *path, int flags, struct msg *m)
{
	long r;

	m->w[0] = F_SETATTR;
	if (flags & AT_SYMLINK_NOFOLLOW)
		m->w[1] |= (uint64_t)AT_SYMLINK_NOFOLLOW << 32;
	r = __path_call(dirfd, path, flags & AT_EMPTY_PATH, m, 0);
	return r < 0 ? r : 0;
}

int plat_fchmodat(int dirfd, const char *path, unsigned mode, int flags)
{
	struct msg m = { .w = { 0, SA_MODE, mode & 07777 } };

	return setattr(dirfd, path, flags, &m);
}

int plat_fchmod(int fd, unsigned mode)
{
	return fd < 0 ? -EBADF : plat_fchmodat(fd, "", mode, AT_EMPTY_PATH);
}

int plat_fchownat(int dirfd, const char *path, unsigned uid, unsigned gid, int flags)
{
	struct msg m = { .w = { [3] = (uint64_t)gid << 32 | uid } };

	m.w[1] = (uid != -1u ? SA_UID : 0) | (gid != -1u ? SA_GID : 0);
	return setattr(dirfd, path, flags, &m);
}

int plat_fchown(int fd, unsigned uid, unsigned gid)
{
	return fd < 0 ? -EBADF : plat_fchownat(fd, "", uid, gid, AT_EMPTY_PATH);
}

int plat_utimensat(int dirfd, const char *path, const struct timespec *times, int flags)
{
	struct msg m = { .w = { 0 } };
	struct timespec now;

	plat_clock_gettime(CLOCK_REALTIME, &now);
	if (!times || (times[0].tv_nsec == UTIME_NOW && times[1].tv_nsec == UTIME_NOW))
		m.w[1] |= SA_NOW;
	for (int i = 0; i < 2; i++) {
		const struct timespec *t = times ? &times[i] : &now;
		if (t->tv_nsec == UTIME_OMIT)
			continue;
		if (t->tv_nsec == UTIME_NOW)
			t = &now;
		if (t->tv_nsec < 0 || t->tv_nsec >= NS)
			return -EINVAL;
		m.w[1] |= i ? SA_MTIME : SA_ATIME;
		m.w[5 + i] = t->tv_sec * NS + t->tv_nsec;
	}
	if (!path)
		return dirfd < 0 ? -EBADF : setattr(dirfd, "", AT_EMPTY_PATH, &m);
	return setattr(dirfd, path, flags, &m);
}

int plat_truncate(const char *path, long len)
{
	struct msg m = { .w = { 0, SA_SIZE, [4] = len } };

	return len < 0 ? -EINVAL : setattr(AT_FDCWD, path, 0, &m);
}

int plat_mkdirat(int dirfd, const char *path, unsigned mode)
{
	struct msg m = { .w = { F_MKDIR, 0, mode & 07777 & ~__calx.umask } };
	long r = __path_call(dirfd, path, 0, &m, 0);

	return r < 0 ? r : 0;
}

int plat_mknodat(int dirfd, const char *path, unsigned mode, unsigned long dev)
{
	struct msg m = { .w = { F_MKNOD, 0, mode & ~__calx.umask, dev } };
	long r = __path_call(dirfd, path, 0, &m, 0);

	return r < 0 ? r : 0;
}

int plat_unlinkat(int dirfd, const char *path, int flags)
{
	struct msg m = { .w = { F_UNLINK, (unsigned)flags } };
	long r = __path_call(dirfd, path, 0, &m, 0);

	return r < 0 ? r : 0;
}

int plat_renameat2(int olddir, const char *old, int newdir, const char *new, unsigned flags)
{
	struct msg m = { .w = { F_RENAME, flags } };
	long r = __path_call2(olddir, old, newdir, new, &m);

	return r < 0 ? r : 0;
}

int plat_linkat(int olddir, const char *old, int newdir, const char *new, int flags)
{
	struct msg m = { .w = { F_LINK, (unsigned)flags & AT_SYMLINK_FOLLOW } };
	int own = flags & AT_SYMLINK_FOLLOW ? own_descriptor(old) : -1;
	long r;

	if (flags & ~(AT_SYMLINK_FOLLOW | AT_EMPTY_PATH))
		return -EINVAL;
	if (own < 0 && flags & AT_EMPTY_PATH && !*old)
		own = olddir;
	if (own >= 0)
		r = __path_link(own, newdir, new, &m);
	else
		r = __path_call2(olddir, old, newdir, new, &m);

	return r < 0 ? r : 0;
}

int plat_symlinkat(const char *target, int dirfd, const char *path)
{
	char abs[PATH_MAX], both[2 * PATH_MAX], answer[PATH_MAX];
	struct msg m;
	const char *rest;
	size_t np, nt = strlen(target);
	int slot, err;
	long r = -EIO;

	if (!nt || !*path)
		return -ENOENT;
	if (nt >= PATH_MAX)
		return -ENAMETOOLONG;
	err = __path_absolute(dirfd, path, abs);
	if (!err && abs[1] && path[strlen(path) - 1] == '/')
		strlcat(abs, "/", sizeof(abs));		/* nothing but a directory may be made there */
	for (int i = 0; !err && i < 40; i++) {
		handle_t root = __path_root(abs, &rest, &slot);
		if (root < 0)
			return root;
		np = strlen(rest);
		memcpy(both, rest, np + 1);
		memcpy(both + np + 1, target, nt);
		m = (struct msg){ .w = { F_SYMLINK }, .r = {
			{ (uint64_t)both, np + 1 + nt }, { (uint64_t)answer, sizeof(answer) } } };
		r = __calx_call(root, &m);
		if (r != -F_REDIRECT)
			return r < 0 ? r : 0;
		if (m.w[1] >= PATH_MAX)
			return -ENAMETOOLONG;
		memcpy(abs, answer, m.w[1]);
		abs[m.w[1]] = 0;
	}
	return err ? err : -ELOOP;
}

long plat_readlinkat(int dirfd, const char *path, char *buf, size_t len)
{
	char target[PATH_MAX];
	struct msg m = { .w = { F_READLINK } };
	struct path_out out = { target, sizeof(target) };
	long r = __path_call(dirfd, path, 1, &m, &out);

	if (r < 0)
		return r;
	if ((size_t)r > len)
		r = len;
	memcpy(buf, target, r);
	return r;
}

int plat_statfs(const char *path, struct statfs *st)
{
	struct msg m = { .w = { F_STATFS } };
	struct path_out out = { st, sizeof(*st) };
	long r = __path_call(AT_FDCWD, path, 0, &m, &out);

	return r < 0 ? r : 0;
}

/* Checks that the directory may be searched and gives its path without links. */
static int enter(handle_t h)
{
	struct msg m = { .w = { F_ACCESS, X_OK, AT_EACCESS } };
	struct stat st;
	char abs[PATH_MAX];
	int err;
	long n;

	err = plat_fstat(h, &st);
	if (err)
		return err;
	if (!S_ISDIR(st.st_mode))
		return -ENOTDIR;
	n = __calx_call(h, &m);
	if (n < 0)
		return n;
	m = (struct msg){ .w = { F_PATH }, .r[1] = { (uint64_t)abs, sizeof(abs) - 1 } };
	n = __calx_call(h, &m);
	if (n < 0)
		return n;
	if (n >= PATH_MAX)
		return -ENAMETOOLONG;
	abs[n] = 0;
	__calx_lock();
	strcpy(__calx.cwd, abs);
	__calx_unlock();
	return 0;
}

int plat_chdir(const char *path)
{
	struct msg m = { .w = { F_OPEN, O_PATH | O_DIRECTORY } };
	long r = __path_call(AT_FDCWD, path, 0, &m, 0);
	int err;

	if (r < 0)
		return r;
	if (!m.nh)
		return -EIO;
	err = enter(m.h[0]);
	sys(SYS_handle_close, m.h[0]);
	return err;
}

int plat_fchdir(int fd)
{
	return enter(fd);
}

/* A process's names are its own table, given by its parent: root may stay where it is, no more. */
int plat_chroot(const char *path)
{
	struct stat st, root;
	int err = plat_fstatat(AT_FDCWD, path, &st, 0);

	if (!err)
		err = plat_fstatat(AT_FDCWD, "/", &root, 0);
	if (err)
		return err;
	if (!S_ISDIR(st.st_mode))
		return -ENOTDIR;
	return !plat_geteuid() && st.st_dev == root.st_dev && st.st_ino == root.st_ino ? 0 : -EPERM;
}

long plat_getcwd(char *buf, size_t len)
{
	size_t n = strlen(__calx.cwd) + 1;
	struct stat st;

	if (n > len)
		return -ERANGE;
	memcpy(buf, __calx.cwd, n);
	/* It may have been removed; what only cannot be reached is still its name. */
	return n > 2 && plat_fstatat(AT_FDCWD, buf, &st, 0) == -ENOENT ? -ENOENT : (long)n;
}

unsigned plat_umask(unsigned mask)
{
	return __atomic_exchange_n(&__calx.umask, mask & 0777, __ATOMIC_RELAXED);
}
