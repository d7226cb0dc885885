/* SPDX-License-Identifier: MIT */
/* process.c: processes, ids and limits, on Linux. */
#include <errno.h>
#include <fcntl.h>
#include "sys.h"

void plat_exit_group(int status)
{
	for (;;)
		sys(SYS_exit_group, status);
}

int plat_fork(void)
{
	return sys(SYS_fork, 0);
}

int plat_execve(const char *path, char *const argv[], char *const envp[])
{
	return sys(SYS_execve, path, argv, envp);
}

int plat_fexecve(int fd, char *const argv[], char *const envp[])
{
	return sys(SYS_execveat, fd, "", argv, envp, AT_EMPTY_PATH);
}

int plat_wait4(int pid, int *status, int options, struct rusage *ru)
{
	return sys_cp(SYS_wait4, pid, status, options, ru);
}

int plat_waitid(int idtype, int id, void *info, int options, struct rusage *ru)
{
	return sys_cp(SYS_waitid, idtype, id, info, options, ru);
}

int plat_getpid(void)
{
	return sys(SYS_getpid, 0);
}

int plat_getppid(void)
{
	return sys(SYS_getppid, 0);
}

int plat_getpgid(int pid)
{
	return sys(SYS_getpgid, pid);
}

int plat_setpgid(int pid, int pgid)
{
	return sys(SYS_setpgid, pid, pgid);
}

int plat_getsid(int pid)
{
	return sys(SYS_getsid, pid);
}

int plat_setsid(void)
{
	return sys(SYS_setsid, 0);
}

unsigned plat_getuid(void)
{
	return sys(SYS_getuid, 0);
}

unsigned plat_geteuid(void)
{
	return sys(SYS_geteuid, 0);
}

unsigned plat_getgid(void)
{
	return sys(SYS_getgid, 0);
}

unsigned plat_getegid(void)
{
	return sys(SYS_getegid, 0);
}

int plat_setresuid(unsigned r, unsigned e, unsigned s)
{
	return sys(SYS_setresuid, r, e, s);
}

int plat_setresgid(unsigned r, unsigned e, unsigned s)
{
	return sys(SYS_setresgid, r, e, s);
}

int plat_getresuid(unsigned *r, unsigned *e, unsigned *s)
{
	return sys(SYS_getresuid, r, e, s);
}

int plat_getresgid(unsigned *r, unsigned *e, unsigned *s)
{
	return sys(SYS_getresgid, r, e, s);
}

int plat_setuid(unsigned uid)
{
	return sys(SYS_setuid, uid);
}

int plat_setgid(unsigned gid)
{
	return sys(SYS_setgid, gid);
}

int plat_getgroups(int count, unsigned *list)
{
	return sys(SYS_getgroups, count, list);
}

int plat_setgroups(size_t count, const unsigned *list)
{
	return sys(SYS_setgroups, count, list);
}

int plat_prlimit(int pid, int what, const struct rlimit *new, struct rlimit *old)
{
	return sys(SYS_prlimit64, pid, what, new, old);
}

int plat_getrusage(int who, struct rusage *ru)
{
	return sys(SYS_getrusage, who, ru);
}

int plat_getpriority(int which, unsigned who)
{
	int ret = sys(SYS_getpriority, which, who);

	return ret < 0 ? ret : 40 - ret;	/* the kernel returns 20 - nice */
}

int plat_setpriority(int which, unsigned who, int prio)
{
	return sys(SYS_setpriority, which, who, prio);
}

long plat_times(struct tms *t)
{
	return sys(SYS_times, t);
}

int plat_prctl(int op, unsigned long a, unsigned long b, unsigned long c, unsigned long d)
{
	return sys(SYS_prctl, op, a, b, c, d);
}
