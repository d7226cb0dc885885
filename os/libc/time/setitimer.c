/* SPDX-License-Identifier: MIT */
/* setitimer.c: interval timers. */
#include <sys/time.h>
#include "../internal/ret.h"
#include "../internal/plat.h"

int getitimer(int which, struct itimerval *cur)
{
	return __ret(plat_getitimer(which, cur));
}

int setitimer(int which, const struct itimerval *restrict new, struct itimerval *restrict old)
{
	return __ret(plat_setitimer(which, new, old));
}
