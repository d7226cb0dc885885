/* SPDX-License-Identifier: MIT */
/* dup.c: dup, dup2, dup3. */
#include <errno.h>
#include <fcntl.h>
#include <unistd.h>
#include "../internal/ret.h"
#include "../internal/plat.h"

int dup(int fd)
{
	return __ret(plat_dup(fd));
}

int dup3(int fd, int to, int flags)
{
	return __ret(plat_dup3(fd, to, flags));
}

int dup2(int fd, int to)
{
	int r;

	if (fd == to) {
		r = plat_fcntl(fd, F_GETFD, 0);
		return r < 0 ? __ret(r) : fd;
	}
	do
		r = plat_dup3(fd, to, 0);
	while (r == -EBUSY || r == -EINTR);
	return __ret(r);
}
