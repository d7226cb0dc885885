/* SPDX-License-Identifier: MIT */
/* kill.c: sending signals. */
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>
#include "../internal/ret.h"
#include "../internal/plat.h"

int kill(pid_t pid, int sig)
{
	return __ret(plat_kill(pid, sig));
}

int killpg(pid_t pgid, int sig)
{
	return __ret(pgid < 0 || pgid == 1 ? -EINVAL : plat_kill(pgid ? -pgid : 0, sig));
}

int raise(int sig)
{
	return __ret(plat_raise(sig));
}

int tgkill(pid_t pid, pid_t tid, int sig)
{
	return __ret(pid == plat_getpid() ? plat_tkill(tid, sig) : -EINVAL);
}

int sigqueue(pid_t pid, int sig, union sigval value)
{
	siginfo_t si;

	memset(&si, 0, sizeof(si));
	si.si_signo = sig;
	si.si_code = SI_QUEUE;
	si.si_value = value;
	si.si_uid = plat_getuid();
	si.si_pid = plat_getpid();
	return __ret(plat_sigqueue(pid, sig, &si));
}
