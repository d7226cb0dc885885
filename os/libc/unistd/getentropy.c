/* SPDX-License-Identifier: MIT */
/* getentropy.c: getentropy, getrandom. */
#include <errno.h>
#include <sys/random.h>
#include <unistd.h>
#include "../internal/cancel.h"
#include "../internal/ret.h"
#include "../internal/plat.h"

ssize_t getrandom(void *buf, size_t len, unsigned flags)
{
	int old = __cp_enter();

	return __cp_leave(old, plat_getrandom(buf, len, flags));
}

int getentropy(void *buf, size_t len)
{
	char *p = buf;

	if (len > 256) {
		errno = EIO;
		return -1;
	}
	while (len) {
		long n = plat_getrandom(p, len, 0);
		if (n == -EINTR)
			continue;
		if (n <= 0)
			return __ret(n ? n : -EIO);
		p += n;
		len -= n;
	}
	return 0;
}
