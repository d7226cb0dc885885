/* SPDX-License-Identifier: MIT */
/* isatty.c: isatty, ttyname. */
#include <errno.h>
#include <limits.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>
#include "../internal/plat.h"

int isatty(int fd)
{
	struct winsize ws;
	int r = plat_ioctl(fd, TIOCGWINSZ, &ws);

	if (r >= 0)
		return 1;
	errno = r == -EBADF ? EBADF : ENOTTY;
	return 0;
}

int ttyname_r(int fd, char *buf, size_t len)
{
	if (!isatty(fd))
		return errno;
	return -plat_ttyname(fd, buf, len);
}

char *ttyname(int fd)
{
	static char name[PATH_MAX];
	int err = ttyname_r(fd, name, sizeof(name));

	if (err) {
		errno = err;
		return 0;
	}
	return name;
}
