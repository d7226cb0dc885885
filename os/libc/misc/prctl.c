/* SPDX-License-Identifier: MIT */
/* prctl. */
#include <stdarg.h>
#include <sys/prctl.h>
#include "plat.h"
#include "ret.h"

int prctl(int op, ...)
{
	unsigned long a[4];
	va_list ap;
	va_start(ap, op);
	for (int i = 0; i < 4; i++)
		a[i] = va_arg(ap, unsigned long);
	va_end(ap);
	return __ret(plat_prctl(op, a[0], a[1], a[2], a[3]));
}
