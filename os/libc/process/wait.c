/* SPDX-License-Identifier: MIT */
/* wait.c: waiting for children. */
#include <errno.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include "../internal/cancel.h"
#include "../internal/plat.h"

pid_t wait(int *status)
{
	int old = __cp_enter();

	return __cp_leave(old, plat_wait4(-1, status, 0, 0));
}

pid_t waitpid(pid_t pid, int *status, int options)
{
	int old = __cp_enter();

	return __cp_leave(old, plat_wait4(pid, status, options, 0));
}

pid_t wait3(int *status, int options, struct rusage *ru)
{
	int old = __cp_enter();

	return __cp_leave(old, plat_wait4(-1, status, options, ru));
}

pid_t wait4(pid_t pid, int *status, int options, struct rusage *ru)
{
	int old = __cp_enter();

	return __cp_leave(old, plat_wait4(pid, status, options, ru));
}

int waitid(idtype_t type, id_t id, siginfo_t *info, int options)
{
	int old = __cp_enter();

	return __cp_leave(old, plat_waitid(type, id, info, options, 0));
}
