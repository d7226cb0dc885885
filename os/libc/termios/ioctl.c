/* SPDX-License-Identifier: MIT */
/* ioctl.c: ioctl. */
#include <stdarg.h>
#include <sys/ioctl.h>
#include "../internal/ret.h"
#include "../internal/plat.h"

int ioctl(int fd, unsigned long req, ...)
{
	void *arg;
	va_list ap;

	va_start(ap, req);
	arg = va_arg(ap, void *);
	va_end(ap);
	return __ret(plat_ioctl(fd, req, arg));
}
