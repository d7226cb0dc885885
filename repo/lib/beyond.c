/* SPDX-License-Identifier: MIT */
/*
 * What Linux and Calx have beyond POSIX.1-2008: extended attributes, and one call that writes a whole file
 * system back. Other systems (and -DCPK_PLAIN, which stands for them in tests) do without.
 */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE			/* memmem, syncfs; sync */
#endif
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "beyond.h"

#if (defined(__linux__) || defined(__calx__)) && !defined(CPK_PLAIN)
#include <sys/xattr.h>

ssize_t
cpk_attr_list(int fd, char *names, size_t n)
{
	return flistxattr(fd, names, n);
}

ssize_t
cpk_attr_get(int fd, const char *name, void *value, size_t n)
{
	return fgetxattr(fd, name, value, n);
}

int
cpk_attr_set(int fd, const char *name, const void *value, size_t n)
{
	return fsetxattr(fd, name, value, n, 0);
}

int
cpk_attr_remove(int fd, const char *name)
{
	return fremovexattr(fd, name);
}

const void *
cpk_find(const void *s, size_t n, const void *what, size_t m)
{
	return memmem(s, n, what, m);
}

int
cpk_sync_all(int fd)
{
	return syncfs(fd);
}
#else
static int
refuse(void)
{
	errno = ENOTSUP;
	return -1;
}

ssize_t
cpk_attr_list(int fd, char *names, size_t n)
{
	(void)fd, (void)names, (void)n;
	return refuse();
}

ssize_t
cpk_attr_get(int fd, const char *name, void *value, size_t n)
{
	(void)fd, (void)name, (void)value, (void)n;
	return refuse();
}

int
cpk_attr_set(int fd, const char *name, const void *value, size_t n)
{
	(void)fd, (void)name, (void)value, (void)n;
	return refuse();
}

int
cpk_attr_remove(int fd, const char *name)
{
	(void)fd, (void)name;
	return refuse();
}

const void *
cpk_find(const void *s, size_t n, const void *what, size_t m)
{
	const unsigned char *at = s, *end = at + n, *first = what, *p;

	for (; m && (size_t)(end - at) >= m; at = p + 1) {
		p = memchr(at, *first, (size_t)(end - at) - m + 1);
		if (!p || memcmp(p, what, m) == 0)
			return p;
	}
	return m ? NULL : s;
}

int
cpk_sync_all(int fd)
{
	sync();
	return fsync(fd);
}
#endif
