/* SPDX-License-Identifier: MIT */
/* system.c: system, popen, pclose. */
#include <errno.h>
#include <fcntl.h>
#include <paths.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include "../internal/plat.h"

#include "../internal/lock.h"

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

/* The children of popen. */
struct child {
	struct child *next;
	FILE *f;
	pid_t pid;
};
static struct child *children;
static struct lock children_lock;

/* The child's end becomes its standard input or output; ends of older popens are close-on-exec. */
static int start(const char *command, int fd, int to, pid_t *pid)
{
	char *argv[] = { "sh", "-c", (char *)command, 0 };
	posix_spawn_file_actions_t fa;
	int err;

	posix_spawn_file_actions_init(&fa);
	err = posix_spawn_file_actions_adddup2(&fa, fd, to);
	if (!err)
		err = posix_spawn(pid, _PATH_BSHELL, &fa, 0, argv, environ);
	posix_spawn_file_actions_destroy(&fa);
	return err;
}

FILE *popen(const char *command, const char *mode)
{
	int fds[2], err, reading = *mode == 'r', keep = !strchr(mode, 'e');
	struct child *c;

	if (*mode != 'r' && *mode != 'w') {
		errno = EINVAL;
		return 0;
	}
	c = malloc(sizeof(*c));
	if (!c || pipe2(fds, O_CLOEXEC)) {
		free(c);
		return 0;
	}
	c->f = fdopen(fds[!reading], reading ? "r" : "w");
	if (!c->f) {
		close(fds[0]);
		close(fds[1]);
		free(c);
		return 0;
	}
	err = start(command, fds[reading], reading, &c->pid);
	close(fds[reading]);
	if (err) {
		fclose(c->f);
		free(c);
		errno = err;
		return 0;
	}
	(void)keep;	/* our end stays close-on-exec: POSIX wants later popens not to inherit it */
	lock(&children_lock);
	c->next = children;
	children = c;
	unlock(&children_lock);
	return c->f;
}

int pclose(FILE *f)
{
	struct child **pp, *c;
	int status, r;

	lock(&children_lock);
	for (pp = &children; (c = *pp) && c->f != f; )
		pp = &c->next;
	if (c)
		*pp = c->next;
	unlock(&children_lock);
	if (!c) {
		errno = ECHILD;
		return -1;
	}
	fclose(f);
	while ((r = waitpid(c->pid, &status, 0)) < 0 && errno == EINTR)
		;
	free(c);
	return r < 0 ? -1 : status;
}
