/* SPDX-License-Identifier: MIT */
/* popen, pclose. */
#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include "stdio_impl.h"
#include "plat.h"

extern char **__environ;

/* The child must not keep the pipes of earlier popen calls open. */
static void close_others(posix_spawn_file_actions_t *fa, int mine)
{
	lock(&__files_lock);
	for (FILE *f = __files; f; f = f->next)
		if (f->pid && f->fd != mine)
			posix_spawn_file_actions_addclose(fa, f->fd);
	unlock(&__files_lock);
}

static int start(const char *cmd, int childfd, int myfd, int to, pid_t *pid)
{
	posix_spawn_file_actions_t fa;
	char *argv[] = { "sh", "-c", "--", (char *)cmd, NULL };
	int e = posix_spawn_file_actions_init(&fa);
	if (e)
		return e;
	close_others(&fa, myfd);
	if (childfd == to) {
		/* A dup2 onto itself would leave it to be closed by exec. */
		plat_fcntl(childfd, F_SETFD, 0);
	} else {
		e = posix_spawn_file_actions_adddup2(&fa, childfd, to);
	}
	if (!e)
		e = posix_spawn(pid, "/bin/sh", &fa, NULL, argv, __environ);
	posix_spawn_file_actions_destroy(&fa);
	return e;
}

FILE *popen(const char *cmd, const char *mode)
{
	int p[2], write = *mode == 'w', e;
	pid_t pid;
	if (*mode != 'r' && *mode != 'w') {
		errno = EINVAL;
		return NULL;
	}
	if (pipe2(p, O_CLOEXEC) < 0)
		return NULL;
	FILE *f = fdopen(p[write], mode);
	if (!f) {
		e = errno;
		close(p[write]);
	} else if ((e = start(cmd, p[!write], p[write], !write, &pid))) {
		fclose(f);
		f = NULL;
	} else {
		f->pid = pid;
		if (!strchr(mode, 'e'))
			plat_fcntl(p[write], F_SETFD, 0);
	}
	close(p[!write]);
	if (!f)
		errno = e;
	return f;
}

int pclose(FILE *f)
{
	int status, pid = f->pid, r;
	fclose(f);
	while ((r = waitpid(pid, &status, 0)) < 0 && errno == EINTR)
		;
	return r < 0 ? -1 : status;
}
