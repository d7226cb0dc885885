/* SPDX-License-Identifier: MIT */
/* Processes: fork, exec, spawn. The programs run are this one's neighbours, static and dynamic. */
#include <spawn.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bench.h"

static char hello[] = "/bench/hello", dynamic[] = "/bench/hello-dynamic", shell[] = "/bin/sh", dash_c[] = "-c";
static char *hello_args[] = { hello, NULL };
static char *dynamic_args[] = { dynamic, NULL };
static char *shell_args[] = { shell, dash_c, hello, NULL };
static char *no_env[] = { NULL };
static char *dirty;

static void
await(pid_t p)
{
	int status;

	CHECK(waitpid(p, &status, 0));
	CHECK(status ? -1 : 0);
}

static void
fork_wait(long n)
{
	while (n--) {
		pid_t p = (pid_t)CHECK(fork());

		if (!p)
			_exit(0);
		await(p);
	}
}

static void
make_dirty(void)
{
	dirty = mmap(NULL, 4 * MIB, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (dirty == MAP_FAILED)
		CHECK(-1);
	memset(dirty, 1, 4 * MIB);
}

static void
drop_dirty(void)
{
	munmap(dirty, 4 * MIB);
}

static void
run(char **args, long n)
{
	while (n--) {
		pid_t p = (pid_t)CHECK(fork());

		if (!p) {
			execv(args[0], args);
			_exit(127);
		}
		await(p);
	}
}

static void
fork_exec(long n)
{
	run(hello_args, n);
}

static void
fork_exec_dynamic(long n)
{
	run(dynamic_args, n);
}

static void
shell_exec(long n)
{
	run(shell_args, n);
}

static void
spawn(long n)
{
	while (n--) {
		pid_t p;

		CHECK(posix_spawn(&p, hello, NULL, NULL, hello_args, no_env) ? -1 : 0);
		await(p);
	}
}

const struct bench process_tests[] = {
	{ "fork-wait", 50, fork_wait, NULL, NULL },
	{ "fork-wait-4M", 20, fork_wait, make_dirty, drop_dirty },
	{ "fork-exec", 20, fork_exec, NULL, NULL },
	{ "fork-exec-dynamic", 20, fork_exec_dynamic, NULL, NULL },
	{ "spawn", 20, spawn, NULL, NULL },
	{ "shell-hello", 10, shell_exec, NULL, NULL },
	{ NULL, 0, NULL, NULL, NULL },
};
