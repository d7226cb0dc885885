/* SPDX-License-Identifier: MIT */
/* ulimit.c: ulimit. */
#include <errno.h>
#include <limits.h>
#include <stdarg.h>
#include <sys/resource.h>
#include <ulimit.h>
#include "../internal/ret.h"
#include "../internal/plat.h"

long ulimit(int cmd, ...)
{
	struct rlimit rl;
	long val;
	va_list ap;
	int r = plat_prlimit(0, RLIMIT_FSIZE, 0, &rl);

	if (r < 0)
		return __ret(r);
	if (cmd == UL_SETFSIZE) {
		va_start(ap, cmd);
		val = va_arg(ap, long);
		va_end(ap);
		rl.rlim_cur = val > LONG_MAX / 512 ? RLIM_INFINITY : 512ull * val;
		r = plat_prlimit(0, RLIMIT_FSIZE, &rl, 0);
		if (r < 0)
			return __ret(r);
	} else if (cmd != UL_GETFSIZE) {
		return __ret(-EINVAL);
	}
	return rl.rlim_cur == RLIM_INFINITY ? LONG_MAX : (long)(rl.rlim_cur / 512);
}
