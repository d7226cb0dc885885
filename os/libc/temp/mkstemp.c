/* SPDX-License-Identifier: MIT */
/* Temporary files and directories: mktemp, mkstemp, mkdtemp and their relatives. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include "plat.h"
#include "tempname.h"

#define TRIES 100

void __temp_letters(char *six)
{
	static const char set[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
	uint64_t r;
	if (plat_getrandom(&r, sizeof(r), 0) != sizeof(r)) {
		struct timespec ts;
		plat_clock_gettime(CLOCK_REALTIME, &ts);
		r = (ts.tv_sec * 1000000007ul + ts.tv_nsec) * 6364136223846793005u + (uintptr_t)&r;
	}
	for (int i = 0; i < 6; i++, r /= 62)
		six[i] = set[r % 62];
}

/* The place of the six X, or NULL. */
static char *letters(char *name, int suffix)
{
	size_t n = strlen(name);
	if (suffix < 0 || n < 6 || (size_t)suffix > n - 6 || memcmp(name + n - suffix - 6, "XXXXXX", 6)) {
		errno = EINVAL;
		return NULL;
	}
	return name + n - suffix - 6;
}

int mkostemps(char *name, int suffix, int flags)
{
	char *x = letters(name, suffix);
	if (!x)
		return -1;
	for (int i = 0; i < TRIES; i++) {
		__temp_letters(x);
		int fd = plat_openat(AT_FDCWD, name, (flags & ~O_ACCMODE) | O_RDWR | O_CREAT | O_EXCL, 0600);
		if (fd >= 0)
			return fd;
		errno = -fd;
		if (fd != -EEXIST)
			break;
	}
	memcpy(x, "XXXXXX", 6);
	return -1;
}

int mkostemp(char *name, int flags)
{
	return mkostemps(name, 0, flags);
}

int mkstemps(char *name, int suffix)
{
	return mkostemps(name, suffix, 0);
}

int mkstemp(char *name)
{
	return mkostemps(name, 0, 0);
}

char *mkdtemp(char *name)
{
	char *x = letters(name, 0);
	if (!x)
		return NULL;
	for (int i = 0; i < TRIES; i++) {
		__temp_letters(x);
		int r = plat_mkdirat(AT_FDCWD, name, 0700);
		if (r >= 0)
			return name;
		errno = -r;
		if (r != -EEXIST)
			break;
	}
	memcpy(x, "XXXXXX", 6);
	return NULL;
}

char *mktemp(char *name)
{
	char *x = letters(name, 0);
	struct stat st;
	for (int i = 0; x && i < TRIES; i++) {
		__temp_letters(x);
		if (plat_fstatat(AT_FDCWD, name, &st, AT_SYMLINK_NOFOLLOW) == -ENOENT)
			return name;
		errno = EEXIST;
	}
	*name = 0;
	return name;
}
