/* SPDX-License-Identifier: MIT */
/* utimensat.c: setting file times. */
#include <fcntl.h>
#include <errno.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <time.h>
#include <utime.h>
#include "../internal/ret.h"
#include "../internal/plat.h"

int utimensat(int dirfd, const char *path, const struct timespec times[2], int flags)
{
	return __ret(plat_utimensat(dirfd, path, times, flags));
}

int futimens(int fd, const struct timespec times[2])
{
	return __ret(plat_utimensat(fd, 0, times, 0));
}

int utime(const char *path, const struct utimbuf *t)
{
	struct timespec ts[2];

	if (t) {
		ts[0] = (struct timespec){ .tv_sec = t->actime };
		ts[1] = (struct timespec){ .tv_sec = t->modtime };
	}
	return utimensat(AT_FDCWD, path, t ? ts : 0, 0);
}

static int set_times(int dirfd, const char *path, const struct timeval tv[2], int flags)
{
	struct timespec ts[2];

	for (int i = 0; tv && i < 2; i++) {
		if ((unsigned long)tv[i].tv_usec >= 1000000)
			return __ret(-EINVAL);
		ts[i] = (struct timespec){ .tv_sec = tv[i].tv_sec, .tv_nsec = tv[i].tv_usec * 1000 };
	}
	return __ret(plat_utimensat(dirfd, path, tv ? ts : 0, flags));
}

int utimes(const char *path, const struct timeval tv[2])
{
	return set_times(AT_FDCWD, path, tv, 0);
}

int lutimes(const char *path, const struct timeval tv[2])
{
	return set_times(AT_FDCWD, path, tv, AT_SYMLINK_NOFOLLOW);
}

int futimes(int fd, const struct timeval tv[2])
{
	return set_times(fd, 0, tv, 0);
}

int futimesat(int dirfd, const char *path, const struct timeval tv[2])
{
	return set_times(dirfd, path, tv, 0);
}
