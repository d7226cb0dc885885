/* SPDX-License-Identifier: MIT */
/* Preloaded into pkg by a test: ends the process before the Nth call that changes a file system. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static void
step(void)
{
	static int left = -1;

	if (left < 0)
		left = atoi(getenv("KILL_AT"));
	if (left > 0 && --left == 0)
		_exit(137);
}

#define NEXT(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

ssize_t
write(int fd, const void *buf, size_t n)
{
	step();
	return NEXT(write)(fd, buf, n);
}

int
renameat(int a, const char *from, int b, const char *to)
{
	step();
	return NEXT(renameat)(a, from, b, to);
}

int
unlinkat(int fd, const char *path, int flags)
{
	step();
	return NEXT(unlinkat)(fd, path, flags);
}

int
mkdirat(int fd, const char *path, mode_t mode)
{
	step();
	return NEXT(mkdirat)(fd, path, mode);
}

int
symlinkat(const char *to, int fd, const char *path)
{
	step();
	return NEXT(symlinkat)(to, fd, path);
}

int
fchmodat(int fd, const char *path, mode_t mode, int flags)
{
	step();
	return NEXT(fchmodat)(fd, path, mode, flags);
}

int
syncfs(int fd)
{
	step();
	return NEXT(syncfs)(fd);
}
