/* SPDX-License-Identifier: MIT */
/* nice.c: nice, getpriority, setpriority. */
#include <errno.h>
#include <sys/resource.h>
#include <unistd.h>
#include "../internal/ret.h"
#include "../internal/plat.h"

int setpriority(int which, id_t who, int prio)
{
	return __ret(plat_setpriority(which, who, prio));
}

int getpriority(int which, id_t who)
{
	int r = plat_getpriority(which, who);

	return r < 0 ? __ret(r) : r - 20;
}

int nice(int inc)
{
	int prio = plat_getpriority(PRIO_PROCESS, 0) - 20 + inc, r;

	if (prio > 19)
		prio = 19;
	if (prio < -20)
		prio = -20;
	r = plat_setpriority(PRIO_PROCESS, 0, prio);
	if (r == -EACCES)
		r = -EPERM;
	return r < 0 ? __ret(r) : prio;
}
