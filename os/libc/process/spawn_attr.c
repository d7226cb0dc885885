/* SPDX-License-Identifier: MIT */
/* spawn_attr.c: attributes of posix_spawn. */
#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <spawn.h>
#include <string.h>

#define KNOWN (POSIX_SPAWN_RESETIDS | POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK \
	| POSIX_SPAWN_SETSCHEDPARAM | POSIX_SPAWN_SETSCHEDULER | POSIX_SPAWN_USEVFORK | POSIX_SPAWN_SETSID)

int posix_spawnattr_init(posix_spawnattr_t *at)
{
	memset(at, 0, sizeof(*at));
	return 0;
}

int posix_spawnattr_destroy(posix_spawnattr_t *at)
{
	(void)at;
	return 0;
}

int posix_spawnattr_setflags(posix_spawnattr_t *at, short flags)
{
	if (flags & ~KNOWN)
		return EINVAL;
	at->__flags = flags;
	return 0;
}

int posix_spawnattr_getflags(const posix_spawnattr_t *restrict at, short *restrict flags)
{
	*flags = at->__flags;
	return 0;
}

int posix_spawnattr_setpgroup(posix_spawnattr_t *at, pid_t pgrp)
{
	at->__pgrp = pgrp;
	return 0;
}

int posix_spawnattr_getpgroup(const posix_spawnattr_t *restrict at, pid_t *restrict pgrp)
{
	*pgrp = at->__pgrp;
	return 0;
}

int posix_spawnattr_setsigmask(posix_spawnattr_t *restrict at, const sigset_t *restrict mask)
{
	at->__mask = *mask;
	return 0;
}

int posix_spawnattr_getsigmask(const posix_spawnattr_t *restrict at, sigset_t *restrict mask)
{
	*mask = at->__mask;
	return 0;
}

int posix_spawnattr_setsigdefault(posix_spawnattr_t *restrict at, const sigset_t *restrict def)
{
	at->__def = *def;
	return 0;
}

int posix_spawnattr_getsigdefault(const posix_spawnattr_t *restrict at, sigset_t *restrict def)
{
	*def = at->__def;
	return 0;
}

int posix_spawnattr_setschedparam(posix_spawnattr_t *restrict at, const struct sched_param *restrict param)
{
	at->__prio = param->sched_priority;
	return 0;
}

int posix_spawnattr_getschedparam(const posix_spawnattr_t *restrict at, struct sched_param *restrict param)
{
	param->sched_priority = at->__prio;
	return 0;
}

int posix_spawnattr_setschedpolicy(posix_spawnattr_t *at, int policy)
{
	at->__pol = policy;
	return 0;
}

int posix_spawnattr_getschedpolicy(const posix_spawnattr_t *restrict at, int *restrict policy)
{
	*policy = at->__pol;
	return 0;
}
