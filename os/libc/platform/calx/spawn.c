/* SPDX-License-Identifier: MIT */
/*
 * spawn.c: posix_spawn without fork. The child's table of descriptors is worked out here: slots
 * says which of our handles each child descriptor will be. The child's libc itself enters the
 * group or session that the start block names, before main.
 */
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <unistd.h>
#include "calx.h"

#define CHILD_FDS 1024
#define ROOTS (MOUNT_MAX + 2)

hidden int __calx_check_program(handle_t f);
hidden int __calx_is_set_id(handle_t f);

#define SET_ID 1	/* of build: not an image that we may make */

struct table {
	handle_t slot[CHILD_FDS];	/* H_NONE: closed */
	handle_t temp[CHILD_FDS];	/* files opened by actions, closed in the end */
	int ntemp;
	char cwd[PATH_MAX];		/* of the child */
};

static void inherit(struct table *t)
{
	for (int i = 0; i < CHILD_FDS; i++)
		t->slot[i] = H_NONE;
	for (long h = 0; (h = sys(SYS_handle_next, h)) >= 0 && h < CHILD_FDS; h++)
		if (!(sys(SYS_handle_flags, h, 0, 0) & H_CLOEXEC))
			t->slot[h] = h;
}

/* path as the child sees it after its chdir actions. */
static int child_path(struct table *t, const char *path, char *abs)
{
	if (*path == '/')
		return strlcpy(abs, path, PATH_MAX) < PATH_MAX ? 0 : -ENAMETOOLONG;
	if (strlcpy(abs, t->cwd, PATH_MAX) >= PATH_MAX || strlcat(abs, "/", PATH_MAX) >= PATH_MAX
			|| strlcat(abs, path, PATH_MAX) >= PATH_MAX)
		return -ENAMETOOLONG;
	return 0;
}

static int act_open(struct table *t, const struct plat_spawn_act *a)
{
	char abs[PATH_MAX];
	int err = child_path(t, a->path, abs), fd;

	if (err)
		return err;
	if (t->ntemp == CHILD_FDS)
		return -EMFILE;
	fd = plat_openat(AT_FDCWD, abs, a->flags | O_CLOEXEC, a->mode);
	if (fd < 0)
		return fd;
	t->temp[t->ntemp++] = fd;
	t->slot[a->fd] = fd;
	return 0;
}

static int act_chdir(struct table *t, int dirfd, const char *path)
{
	char abs[PATH_MAX];
	struct msg m = { .w = { F_OPEN, O_PATH | O_DIRECTORY } };
	struct msg where = { .w = { F_PATH }, .r[1] = { (uint64_t)t->cwd, PATH_MAX - 1 } };
	long n;

	if (!path)
		n = __calx_call(dirfd, &where);
	else {
		n = child_path(t, path, abs);
		if (!n)
			n = __path_call(AT_FDCWD, abs, 0, &m, 0);
		if (n < 0)
			return n;
		n = __calx_call(m.h[0], &where);
		sys(SYS_handle_close, m.h[0]);
	}
	if (n >= 0)
		t->cwd[n < PATH_MAX ? n : PATH_MAX - 1] = 0;
	return n < 0 ? n : 0;
}

static int bad_fd(int fd)
{
	return fd < 0 || fd >= CHILD_FDS;
}

static int act(struct table *t, const struct plat_spawn_act *a)
{
	switch (a->kind) {
	case PLAT_ACT_OPEN:
		return bad_fd(a->fd) ? -EBADF : act_open(t, a);
	case PLAT_ACT_CLOSE:
		if (!bad_fd(a->fd))
			t->slot[a->fd] = H_NONE;
		return 0;
	case PLAT_ACT_CLOSEFROM:
		for (int i = a->fd; i < CHILD_FDS; i++)
			t->slot[i] = H_NONE;
		return 0;
	case PLAT_ACT_DUP2:
		if (bad_fd(a->fd) || bad_fd(a->newfd))
			return -EBADF;
		if (t->slot[a->fd] == H_NONE) {
			/* A descriptor that is close-on-exec may still be duplicated. */
			if (sys(SYS_handle_flags, a->fd, 0, 0) < 0)
				return -EBADF;
			t->slot[a->newfd] = a->fd;
		} else {
			t->slot[a->newfd] = t->slot[a->fd];
		}
		return 0;
	case PLAT_ACT_CHDIR:
		return act_chdir(t, 0, a->path);
	case PLAT_ACT_FCHDIR:
		return bad_fd(a->fd) ? -EBADF : act_chdir(t, t->slot[a->fd], 0);
	}
	return -EINVAL;
}

static int list_handles(const struct table *t, struct proc_handle *list)
{
	handle_t roots[ROOTS];
	int n = 0, nroots = __image_handles(roots, ROOTS);

	for (int i = 0; i < CHILD_FDS; i++)
		if (t->slot[i] != H_NONE)
			list[n++] = (struct proc_handle){ .from = t->slot[i], .to = i };
	for (int i = 0; i < nroots; i++)
		list[n++] = (struct proc_handle){ .from = roots[i], .to = roots[i] };
	return n;
}

static uint64_t ignored(const struct plat_spawn *sp)
{
	uint64_t set = 0;

	for (int sig = 1; sig < ABI_NSIG; sig++)
		if (__calx.pp->act[sig].handler == (uint64_t)SIG_IGN)
			set |= 1ull << (sig - 1);
	return sp->flags & POSIX_SPAWN_SETSIGDEF ? set & ~sp->sigdefault : set;
}

static int start(const struct plat_spawn *sp, const struct table *t, struct image *img)
{
	struct proc_handle list[CHILD_FDS + ROOTS];
	struct proc_args a = { .vm = img->vm, .handles = (uint64_t)list, .entry = img->entry, .sp = img->sp,
		.sig_ignored = ignored(sp) };
	long pid;

	a.nhandles = list_handles(t, list);
	a.sigmask = sp->flags & POSIX_SPAWN_SETSIGMASK ? sp->sigmask : __calx_thread_page()->sigmask;
	memcpy(a.name, img->name, sizeof(a.name));
	pid = sys(SYS_proc_create, &a);
	/* The child does it too: whoever comes first. */
	if (pid > 0 && sp->flags & POSIX_SPAWN_SETPGROUP)
		plat_setpgid(pid, sp->pgroup ? sp->pgroup : pid);
	return pid;
}

static int build(const struct plat_spawn *sp, struct table *t, struct image *img)
{
	struct image_args args = { .argv = sp->argv, .envp = sp->envp, .path = sp->path, .cwd = t->cwd };
	char abs[PATH_MAX];
	int err = child_path(t, sp->path, abs), fd;

	if (err)
		return err;
	if (sp->flags & POSIX_SPAWN_SETSID)
		args.extra = "spawn.setsid";
	else if (sp->flags & POSIX_SPAWN_SETPGROUP) {
		args.extra = "spawn.setpgid";
		args.extra_value = sp->pgroup;
	}
	fd = plat_openat(AT_FDCWD, abs, O_RDONLY | O_CLOEXEC, 0);
	if (fd < 0)
		return fd;
	err = __calx_check_program(fd);
	if (!err && __calx_is_set_id(fd))
		err = SET_ID;
	if (!err)
		err = __image_build(fd, &args, img);
	plat_close(fd);
	return err;
}

/* One step in a child that was forked. */
static int act_here(const struct plat_spawn_act *a)
{
	int fd, err;

	switch (a->kind) {
	case PLAT_ACT_OPEN:
		fd = plat_openat(AT_FDCWD, a->path, a->flags, a->mode);
		if (fd < 0 || fd == a->fd)
			return fd < 0 ? fd : 0;
		err = plat_dup3(fd, a->fd, 0);
		plat_close(fd);
		return err < 0 ? err : 0;
	case PLAT_ACT_CLOSE:
		plat_close(a->fd);
		return 0;
	case PLAT_ACT_DUP2:
		if (a->fd == a->newfd)
			return plat_fcntl(a->fd, F_SETFD, 0);
		err = plat_dup3(a->fd, a->newfd, 0);
		return err < 0 ? err : 0;
	case PLAT_ACT_CLOSEFROM:
		for (long h = a->fd; (h = sys(SYS_handle_next, h)) >= 0 && h < H_HIGH; h++)
			plat_close(h);
		return 0;
	case PLAT_ACT_CHDIR:
		return plat_chdir(a->path);
	case PLAT_ACT_FCHDIR:
		return plat_fchdir(a->fd);
	}
	return -EINVAL;
}

static _Noreturn void child(const struct plat_spawn *sp, int report)
{
	struct sigaction dfl = { .sa_handler = SIG_DFL };
	int err = 0;

	if (sp->flags & POSIX_SPAWN_SETSID)
		plat_setsid();
	if (sp->flags & POSIX_SPAWN_SETPGROUP)
		err = plat_setpgid(0, sp->pgroup);
	for (int sig = 1; sig < ABI_NSIG && sp->flags & POSIX_SPAWN_SETSIGDEF; sig++)
		if (sp->sigdefault >> (sig - 1) & 1)
			plat_sigaction(sig, &dfl, 0);
	for (int i = 0; i < sp->nacts && !err; i++)
		err = act_here(&sp->acts[i]);
	if (sp->flags & POSIX_SPAWN_SETSIGMASK)
		plat_sigprocmask(SIG_SETMASK, &sp->sigmask, 0);
	if (!err)
		err = plat_execve(sp->path, sp->argv, sp->envp);
	plat_write(report, &err, sizeof(err));
	plat_exit_group(127);
}

/* A set-id program becomes what it is by exec alone: the child is forked. */
static int spawn_by_fork(const struct plat_spawn *sp)
{
	int fds[2], err = plat_pipe2(fds, O_CLOEXEC), pid, why = 0;

	if (err)
		return err;
	pid = plat_fork();
	if (!pid)
		child(sp, fds[1]);
	plat_close(fds[1]);
	while (pid > 0 && plat_read(fds[0], &why, sizeof(why)) == -EINTR)
		;
	plat_close(fds[0]);
	if (why)
		plat_wait4(pid, 0, 0, 0);
	return why ? why : pid;
}

int plat_spawn(const struct plat_spawn *sp)
{
	struct table t = { .ntemp = 0 };
	struct image img;
	int err = 0;

	strcpy(t.cwd, __calx.cwd);
	inherit(&t);
	for (int i = 0; i < sp->nacts && !err; i++)
		err = act(&t, &sp->acts[i]);
	if (!err)
		err = build(sp, &t, &img);
	if (err == SET_ID) {
		err = spawn_by_fork(sp);
	} else if (!err) {
		err = start(sp, &t, &img);
		sys(SYS_handle_close, img.vm);
	}
	while (t.ntemp)
		plat_close(t.temp[--t.ntemp]);
	return err;
}
