/* SPDX-License-Identifier: MIT */
/*
 * One step of a build: on the host as it is, or in the namespaces that host/linux makes.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "host/host.h"
#include "sandbox.h"

void
sandbox_bind(struct sandbox *s, const char *from, const char *to, int writable)
{
	struct bind *b = &s->bind[s->nbinds++];

	if (s->nbinds > sizeof(s->bind) / sizeof(s->bind[0]))
		die("too many folders in the sandbox");
	b->from = xdup(from);
	b->to = xdup(to);
	b->writable = writable;
}

static void __attribute__((noreturn))
cannot(const char *what, const char *path)
{
	warn_("sandbox: %s %s: %s", what, path, strerror(errno));
	_exit(126);
}

void
sandbox_exec(const struct sandbox *s, const char *script)
{
	char *argv[] = { "sh", "-e", (char *)script, NULL };
	char **env = xalloc((s->env.n + 1) * sizeof(*env));
	size_t i;

	for (i = 0; i < s->env.n; i++)
		env[i] = s->env.v[i];
	umask(s->vary ? 002 : 022);
	if (chdir(s->cwd) < 0)
		cannot("chdir", s->cwd);
	execve("/bin/sh", argv, env);
	cannot("exec", "/bin/sh");
}

int
sandbox_run(const struct sandbox *s, const char *script)
{
	pid_t pid;

	fflush(stdout);
	fflush(stderr);
	pid = fork();
	if (pid < 0)
		return -1;
	if (pid == 0) {
		if (s->on)
			host_sandbox_enter(s, script);
		sandbox_exec(s, script);
	}
	return wait_status(pid);
}
