/* SPDX-License-Identifier: MIT */
/* getpid.c: process, group and session numbers. */
#include <unistd.h>
#include "../internal/ret.h"
#include "../internal/plat.h"

pid_t getpid(void)
{
	return plat_getpid();
}

pid_t getppid(void)
{
	return plat_getppid();
}

pid_t gettid(void)
{
	return plat_gettid();
}

pid_t getpgrp(void)
{
	return __ret(plat_getpgid(0));
}

pid_t getpgid(pid_t pid)
{
	return __ret(plat_getpgid(pid));
}

int setpgid(pid_t pid, pid_t pgid)
{
	return __ret(plat_setpgid(pid, pgid));
}

int setpgrp(void)
{
	return __ret(plat_setpgid(0, 0));
}

pid_t setsid(void)
{
	return __ret(plat_setsid());
}

pid_t getsid(pid_t pid)
{
	return __ret(plat_getsid(pid));
}
