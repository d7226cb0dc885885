/* SPDX-License-Identifier: MIT */
/* pathconf.c: pathconf, fpathconf, confstr. */
#include <errno.h>
#include <limits.h>
#include <paths.h>
#include <string.h>
#include <unistd.h>
#include "../internal/ret.h"
#include "../internal/plat.h"

long fpathconf(int fd, int name)
{
	(void)fd;
	switch (name) {
	case _PC_LINK_MAX: return _POSIX_LINK_MAX;
	case _PC_MAX_CANON: return _POSIX_MAX_CANON;
	case _PC_MAX_INPUT: return _POSIX_MAX_INPUT;
	case _PC_NAME_MAX: return NAME_MAX;
	case _PC_PATH_MAX: return PATH_MAX;
	case _PC_PIPE_BUF: return PIPE_BUF;
	case _PC_CHOWN_RESTRICTED:
	case _PC_NO_TRUNC:
	case _PC_SYNC_IO: return 1;
	case _PC_VDISABLE: return 0;
	case _PC_ASYNC_IO:
	case _PC_PRIO_IO:
	case _PC_SOCK_MAXBUF:
	case _PC_SYMLINK_MAX: return -1;
	case _PC_FILESIZEBITS: return 64;
	case _PC_REC_INCR_XFER_SIZE:
	case _PC_REC_MAX_XFER_SIZE:
	case _PC_REC_MIN_XFER_SIZE:
	case _PC_REC_XFER_ALIGN:
	case _PC_ALLOC_SIZE_MIN: return 4096;
	}
	return __ret(-EINVAL);
}

long pathconf(const char *path, int name)
{
	(void)path;
	return fpathconf(-1, name);
}

size_t confstr(int name, char *buf, size_t len)
{
	const char *s = "";

	if (name == _CS_PATH)
		s = _PATH_STDPATH;
	else if (name < 1100 || name > 1200) {
		errno = EINVAL;
		return 0;
	}
	if (buf && len)
		strlcpy(buf, s, len);
	return strlen(s) + 1;
}
