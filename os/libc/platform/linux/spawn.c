/* SPDX-License-Identifier: MIT */
/*
 * spawn.c: posix_spawn on Linux: a child that shares the parent's memory until it executes.
 *
 * The parent sleeps in clone (CLONE_VFORK), so the child may report its error in the parent's
 * memory. All signals are blocked meanwhile; handlers are reset in the child before they could run.
 */
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <spawn.h>
#include <sys/mman.h>
#include "sys.h"

#define STACK_SIZE 65536

int __clone(int (*fn)(void *), void *stack, int flags, void *arg, int *ptid, void *tls, int *ctid);

struct child {
	const struct plat_spawn *sp;
	uint64_t mask;		/* the parent's, restored before exec */
	int err;
};

static int do_open(const struct plat_spawn_act *a)
{
	int fd = plat_openat(AT_FDCWD, a->path, a->flags, a->mode);

	if (fd < 0 || fd == a->fd)
		return fd;
	int err = plat_dup3(fd, a->fd, 0);
	plat_close(fd);
	return err;
}

static int do_dup2(const struct plat_spawn_act *a)
{
	int flags;

	if (a->fd != a->newfd)
		return plat_dup3(a->fd, a->newfd, 0);
	flags = plat_fcntl(a->fd, F_GETFD, 0);
	return flags < 0 ? flags : plat_fcntl(a->fd, F_SETFD, flags & ~FD_CLOEXEC);
}

static int do_act(const struct plat_spawn_act *a)
{
	switch (a->kind) {
	case PLAT_ACT_OPEN:
		return do_open(a);
	case PLAT_ACT_CLOSE:
		plat_close(a->fd);
		return 0;
	case PLAT_ACT_CLOSEFROM:
		return sys(SYS_close_range, a->fd, -1u, 0);
	case PLAT_ACT_DUP2:
		return do_dup2(a);
	case PLAT_ACT_CHDIR:
		return plat_chdir(a->path);
	case PLAT_ACT_FCHDIR:
		return plat_fchdir(a->fd);
	}
	return -EINVAL;
}

static void reset_signals(const struct plat_spawn *sp)
{
	struct sigaction sa;

	for (int sig = 1; sig < 65; sig++) {
		if (sig == SIGKILL || sig == SIGSTOP)
			continue;
		if (plat_sigaction(sig, 0, &sa) || sa.sa_handler == SIG_DFL)
			continue;
		if (sa.sa_handler == SIG_IGN
				&& !((sp->flags & POSIX_SPAWN_SETSIGDEF) && (sp->sigdefault >> (sig - 1) & 1)))
			continue;
		sa.sa_handler = SIG_DFL;
		sa.sa_flags = 0;
		plat_sigaction(sig, &sa, 0);
	}
}

static int set_ids(const struct plat_spawn *sp)
{
	int err = 0;

	if (sp->flags & POSIX_SPAWN_SETSID)
		err = plat_setsid();
	if (err >= 0 && sp->flags & POSIX_SPAWN_SETPGROUP)
		err = plat_setpgid(0, sp->pgroup);
	if (err >= 0 && sp->flags & POSIX_SPAWN_RESETIDS) {
		err = plat_setresgid(-1, plat_getgid(), -1);
		if (err >= 0)
			err = plat_setresuid(-1, plat_getuid(), -1);
	}
	return err;
}

static int child_main(void *arg)
{
	struct child *c = arg;
	const struct plat_spawn *sp = c->sp;
	int err;

	reset_signals(sp);
	err = set_ids(sp);
	for (int i = 0; err >= 0 && i < sp->nacts; i++)
		err = do_act(&sp->acts[i]);
	if (err >= 0) {
		plat_sigprocmask(SIG_SETMASK,
			sp->flags & POSIX_SPAWN_SETSIGMASK ? &sp->sigmask : &c->mask, 0);
		err = plat_execve(sp->path, sp->argv, sp->envp);
	}
	c->err = err;
	plat_exit_group(127);
}

int plat_spawn(const struct plat_spawn *sp)
{
	struct child c = { .sp = sp };
	uint64_t all = -1;
	long map;
	int pid;

	map = plat_mmap(0, STACK_SIZE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (map < 0 && map > -4096)
		return map;
	plat_sigprocmask(SIG_BLOCK, &all, &c.mask);
	pid = __clone(child_main, (char *)map + STACK_SIZE, CLONE_VM | CLONE_VFORK | SIGCHLD, &c, 0, 0, 0);
	plat_munmap((void *)map, STACK_SIZE);
	if (pid > 0 && c.err < 0) {
		plat_wait4(pid, 0, 0, 0);
		pid = c.err;
	}
	plat_sigprocmask(SIG_SETMASK, &c.mask, 0);
	return pid;
}
