/* SPDX-License-Identifier: MIT */
/* posix_spawn.c: posix_spawn, posix_spawnp. */
#include <errno.h>
#include <limits.h>
#include <paths.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "../internal/plat.h"

#include "spawn_impl.h"

static int spawn(pid_t *pid, const char *path, const posix_spawn_file_actions_t *fa,
	const posix_spawnattr_t *at, char *const argv[], char *const envp[])
{
	const struct actions *acts = fa ? fa->__actions : 0;
	struct plat_spawn sp = { .path = path, .argv = argv, .envp = envp ? envp : environ };
	int r;

	if (acts) {
		sp.acts = acts->list;
		sp.nacts = acts->count;
	}
	if (at) {
		sp.flags = at->__flags;
		sp.pgroup = at->__pgrp;
		memcpy(&sp.sigmask, &at->__mask, sizeof(sp.sigmask));
		memcpy(&sp.sigdefault, &at->__def, sizeof(sp.sigdefault));
	}
	r = plat_spawn(&sp);
	if (r < 0)
		return -r;
	if (pid)
		*pid = r;
	return 0;
}

int posix_spawn(pid_t *restrict pid, const char *restrict path, const posix_spawn_file_actions_t *fa,
	const posix_spawnattr_t *restrict at, char *const argv[restrict], char *const envp[restrict])
{
	return spawn(pid, path, fa, at, argv, envp);
}

static int spawn_or_shell(pid_t *pid, const char *path, const posix_spawn_file_actions_t *fa,
	const posix_spawnattr_t *at, char *const argv[], char *const envp[])
{
	int argc = 0, err = spawn(pid, path, fa, at, argv, envp);

	if (err != ENOEXEC)
		return err;
	while (argv[argc])
		argc++;
	char *args[argc + 3];
	args[0] = (char *)_PATH_BSHELL;
	args[1] = (char *)path;
	args[2] = 0;
	for (int i = 1; i <= argc; i++)
		args[i + 1] = argv[i];
	return spawn(pid, _PATH_BSHELL, fa, at, args, envp);
}

int posix_spawnp(pid_t *restrict pid, const char *restrict file, const posix_spawn_file_actions_t *fa,
	const posix_spawnattr_t *restrict at, char *const argv[restrict], char *const envp[restrict])
{
	const char *path = getenv("PATH"), *end;
	char full[PATH_MAX];
	size_t len = strlen(file);
	int denied = 0, err;

	if (!len)
		return ENOENT;
	if (strchr(file, '/'))
		return spawn_or_shell(pid, file, fa, at, argv, envp);
	for (path = path ? path : _PATH_DEFPATH;; path = end + 1) {
		end = strchrnul(path, ':');
		size_t n = end - path;
		if (n + len + 2 <= sizeof(full)) {
			memcpy(full, path, n);
			full[n] = '/';
			memcpy(full + n + (n > 0), file, len + 1);
			/* What cannot be executed may still be there under another directory. */
			if (plat_faccessat(-100, full, X_OK, 0) >= 0) {
				err = spawn_or_shell(pid, full, fa, at, argv, envp);
				if (err == EACCES)
					denied = 1;
				else if (err != ENOENT && err != ENOTDIR)
					return err;
			}
		}
		if (!*end)
			return denied ? EACCES : ENOENT;
	}
}
