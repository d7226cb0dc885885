/* SPDX-License-Identifier: MIT */
/* lockf.c: lockf. */
#include <errno.h>
#include <fcntl.h>
#include <unistd.h>
#include "../internal/cancel.h"
#include "../internal/ret.h"
#include "../internal/plat.h"

int lockf(int fd, int op, off_t len)
{
	struct flock l = { .l_type = F_WRLCK, .l_whence = SEEK_CUR, .l_len = len };
	int old, r;

	switch (op) {
	case F_TEST:
		l.l_type = F_RDLCK;
		r = plat_fcntl(fd, F_GETLK, (unsigned long)&l);
		if (r < 0)
			return __ret(r);
		return l.l_type == F_UNLCK || l.l_pid == plat_getpid() ? 0 : __ret(-EACCES);
	case F_ULOCK:
		l.l_type = F_UNLCK;
		/* fall through */
	case F_TLOCK:
		return __ret(plat_fcntl(fd, F_SETLK, (unsigned long)&l));
	case F_LOCK:
		old = __cp_enter();
		return __cp_leave(old, plat_fcntl(fd, F_SETLKW, (unsigned long)&l));
	}
	return __ret(-EINVAL);
}
