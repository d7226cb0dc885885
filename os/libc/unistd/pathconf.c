/* SPDX-License-Identifier: MIT */
/* pathconf.c: pathconf, fpathconf, confstr. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <paths.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "../internal/ret.h"
#include "../internal/plat.h"

static long value(int name)
{
	switch (name) {
	case _PC_LINK_MAX: return 65000;	/* of calxfs, and of ext4 */
	case _PC_MAX_CANON: return _POSIX_MAX_CANON;
	case _PC_MAX_INPUT: return _POSIX_MAX_INPUT;
	case _PC_NAME_MAX: return NAME_MAX;
	case _PC_PATH_MAX: return PATH_MAX;
	case _PC_PIPE_BUF: return PIPE_BUF;
	case _PC_CHOWN_RESTRICTED:
	case _PC_NO_TRUNC:
	case _PC_SYNC_IO:
	case _PC_ASYNC_IO:
	case _PC_2_SYMLINKS:
	case _PC_FALLOC:
	case _PC_TIMESTAMP_RESOLUTION: return 1;
	case _PC_VDISABLE: return 0;
	case _PC_PRIO_IO:
	case _PC_SOCK_MAXBUF: return -1;
	case _PC_SYMLINK_MAX: return PATH_MAX - 1;
	case _PC_FILESIZEBITS: return 64;
	case _PC_REC_INCR_XFER_SIZE:
	case _PC_REC_MAX_XFER_SIZE:
	case _PC_REC_MIN_XFER_SIZE:
	case _PC_REC_XFER_ALIGN:
	case _PC_ALLOC_SIZE_MIN: return 4096;
	}
	return -EINVAL;
}

/* A limit that is none (-1) leaves errno alone. */
static long answer(long err, int name)
{
	long v = err < 0 ? err : value(name);

	return v == -1 ? -1 : __ret(v);
}

long fpathconf(int fd, int name)
{
	return answer(plat_fcntl(fd, F_GETFD, 0), name);
}

long pathconf(const char *path, int name)
{
	struct stat st;

	return answer(plat_fstatat(AT_FDCWD, path, &st, 0), name);
}

size_t confstr(int name, char *buf, size_t len)
{
	const char *s = "";

	if (name == _CS_PATH)
		s = _PATH_STDPATH;
	else if (name == _CS_POSIX_V6_WIDTH_RESTRICTED_ENVS)
		s = "POSIX_V6_LP64_OFF64";
	else if (name == _CS_POSIX_V7_WIDTH_RESTRICTED_ENVS)
		s = "POSIX_V7_LP64_OFF64";
	else if (name == _CS_POSIX_V8_WIDTH_RESTRICTED_ENVS)
		s = "POSIX_V8_LP64_OFF64";
	else if (name < 1100 || name > 1200) {
		errno = EINVAL;
		return 0;
	}
	if (buf && len)
		strlcpy(buf, s, len);
	return strlen(s) + 1;
}
