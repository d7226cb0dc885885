/* SPDX-License-Identifier: MIT */
/* system.c: system. */
#include <errno.h>
#include <paths.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

int system(const char *command)
{
	char *argv[] = { "sh", "-c", (char *)command, 0 };
	struct sigaction ignore = { .sa_handler = SIG_IGN }, oldint, oldquit;
	posix_spawnattr_t at;
	sigset_t block, old, def;
	pid_t pid;
	int status = -1, err;

	if (!command)
		return access(_PATH_BSHELL, X_OK) == 0;
	sigemptyset(&block);
	sigaddset(&block, SIGCHLD);
	sigprocmask(SIG_BLOCK, &block, &old);
	sigaction(SIGINT, &ignore, &oldint);
	sigaction(SIGQUIT, &ignore, &oldquit);
	sigemptyset(&def);
	if (oldint.sa_handler != SIG_IGN)
		sigaddset(&def, SIGINT);
	if (oldquit.sa_handler != SIG_IGN)
		sigaddset(&def, SIGQUIT);
	posix_spawnattr_init(&at);
	posix_spawnattr_setsigmask(&at, &old);
	posix_spawnattr_setsigdefault(&at, &def);
	posix_spawnattr_setflags(&at, POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK);
	err = posix_spawn(&pid, _PATH_BSHELL, 0, &at, argv, environ);
	posix_spawnattr_destroy(&at);
	while (!err && waitpid(pid, &status, 0) < 0)
		if (errno != EINTR) {
			status = -1;
			break;
		}
	sigaction(SIGINT, &oldint, 0);
	sigaction(SIGQUIT, &oldquit, 0);
	sigprocmask(SIG_SETMASK, &old, 0);
	if (err)
		errno = err;
	return status;
}
