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
	if (!err)
		err = __image_build(fd, &args, img);
	plat_close(fd);
	return err;
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
	if (!err) {
		err = start(sp, &t, &img);
		sys(SYS_handle_close, img.vm);
	}
	while (t.ntemp)
		plat_close(t.temp[--t.ntemp]);
	return err;
}
