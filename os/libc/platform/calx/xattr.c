/* SPDX-License-Identifier: MIT */
/* xattr.c: extended attributes: messages to an open file, which a path is made into first. */
#include <fcntl.h>
#include <limits.h>
#include <sys/mman.h>
#include "calx.h"

/* A handle of the file meant; *opened: to be closed again. */
static handle_t target(int fd, const char *path, int at, int *opened)
{
	struct msg m = { .w = { F_OPEN, O_PATH | (at ? O_NOFOLLOW : 0) }, .hflags = H_CLOEXEC };
	long r;

	*opened = path != NULL;
	if (!path)
		return fd < 0 ? -EBADF : fd;
	r = __path_call(AT_FDCWD, path, 0, &m, 0);
	return r < 0 ? r : m.nh ? m.h[0] : -EIO;
}

static long call(int fd, const char *path, int at, struct msg *m)
{
	int opened;
	handle_t h = target(fd, path, at, &opened);
	long r;

	if (h < 0)
		return h;
	r = __calx_call(h, m);
	if (opened)
		sys(SYS_handle_close, h);
	return r == -ENOSYS || r == -ENOTTY ? -EOPNOTSUPP : r;
}

static int bad_name(const char *name)
{
	size_t n = strlen(name);

	return !n || n > XATTR_NAME_MAX ? -ERANGE : 0;
}

long plat_getxattr(int fd, const char *path, int at, const char *name, void *buf, size_t len)
{
	struct msg m = { .w = { F_GETXATTR, len }, .r = { { (uint64_t)name, strlen(name) }, { (uint64_t)buf, len } } };
	int err = bad_name(name);

	return err ? err : call(fd, path, at, &m);
}

long plat_listxattr(int fd, const char *path, int at, char *buf, size_t len)
{
	struct msg m = { .w = { F_LISTXATTR, len }, .r[1] = { (uint64_t)buf, len } };

	return call(fd, path, at, &m);
}

int plat_setxattr(int fd, const char *path, int at, const char *name, const void *buf, size_t len, int flags)
{
	char few[512], *both = few;
	long mem;
	struct msg m = { .w = { F_SETXATTR, (unsigned)flags } };
	size_t n = strlen(name) + 1;
	long r = bad_name(name);

	if (r)
		return r;
	if (len > XATTR_SIZE_MAX)
		return -E2BIG;
	if (n + len > sizeof(few)) {
		mem = plat_mmap(0, n + len, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
		if (mem < 0)
			return mem;
		both = (char *)mem;
	}
	memcpy(both, name, n);
	memcpy(both + n, buf, len);
	m.r[0] = (struct msg_range){ (uint64_t)both, n + len };
	r = call(fd, path, at, &m);
	if (both != few)
		plat_munmap(both, n + len);
	return r < 0 ? r : 0;
}

int plat_removexattr(int fd, const char *path, int at, const char *name)
{
	struct msg m = { .w = { F_REMOVEXATTR }, .r[0] = { (uint64_t)name, strlen(name) } };
	long r = bad_name(name);

	if (!r)
		r = call(fd, path, at, &m);
	return r < 0 ? r : 0;
}
