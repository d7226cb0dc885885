/* SPDX-License-Identifier: MIT */
/* fork, exec, spawn with actions and attributes, wait, system; what children inherit. */
#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/wait.h>
#include <unistd.h>

static const char *self;

static int child(int argc, char **argv)
{
	char buf[64];

	if (!strcmp(argv[1], "args"))
		return argc == 4 && !strcmp(argv[2], "") && !strcmp(argv[3], "b c") ? 7 : 1;
	if (!strcmp(argv[1], "group"))
		return getpgrp() == getpid() ? 8 : 1;
	if (!strcmp(argv[1], "env"))
		return getenv("ONLY") && !getenv("PATH") ? 9 : 1;
	if (!strcmp(argv[1], "stdin"))
		return read(0, buf, 64) == 5 && !memcmp(buf, "input", 5) && fcntl(9, F_GETFD) < 0 ? 10 : 1;
	return 1;
}

static int finish(pid_t pid)
{
	int status;

	assert(waitpid(pid, &status, 0) == pid && WIFEXITED(status));
	return WEXITSTATUS(status);
}

static int spawn(const posix_spawn_file_actions_t *fa, const posix_spawnattr_t *at, char **argv, char **envp)
{
	pid_t pid;

	assert(posix_spawn(&pid, self, fa, at, argv, envp) == 0);
	return finish(pid);
}

static void test_spawn(void)
{
	char *args[] = { "x", "args", "", "b c", 0 }, *group[] = { "x", "group", 0 };
	char *env[] = { "x", "env", 0 }, *only[] = { "ONLY=1", 0 }, *in[] = { "x", "stdin", 0 };
	posix_spawn_file_actions_t fa;
	posix_spawnattr_t at;
	pid_t pid;
	int p[2];

	assert(spawn(0, 0, args, environ) == 7);
	assert(spawn(0, 0, env, only) == 9);
	posix_spawnattr_init(&at);
	posix_spawnattr_setflags(&at, POSIX_SPAWN_SETPGROUP);
	assert(spawn(0, &at, group, environ) == 8);
	assert(pipe(p) == 0 && write(p[1], "input", 5) == 5);
	assert(dup2(p[1], 9) == 9);
	posix_spawn_file_actions_init(&fa);
	posix_spawn_file_actions_adddup2(&fa, p[0], 0);
	posix_spawn_file_actions_addclose(&fa, 9);
	assert(spawn(&fa, 0, in, environ) == 10);
	assert(posix_spawn(&pid, "/no/such/program", 0, 0, args, environ) == ENOENT);
	assert(posix_spawn_file_actions_addopen(&fa, 5, "/no/such/file", O_RDONLY, 0) == 0);
	assert(posix_spawn(&pid, self, &fa, 0, args, environ) == ENOENT);
	assert(waitpid(-1, 0, WNOHANG) == -1 && errno == ECHILD);
	posix_spawn_file_actions_destroy(&fa);
}

int main(int argc, char **argv)
{
	siginfo_t si;
	pid_t pid;
	int status;

	self = (const char *)getauxval(AT_EXECFN);
	if (argc > 1)
		return child(argc, argv);
	pid = fork();
	if (!pid) {
		execl(self, "x", "args", "", "b c", (char *)0);
		_exit(1);
	}
	assert(finish(pid) == 7);
	pid = fork();
	if (!pid)
		for (;;)
			pause();
	assert(kill(pid, SIGTERM) == 0);
	assert(waitid(P_PID, pid, &si, WEXITED | WNOWAIT) == 0 && si.si_code == CLD_KILLED && si.si_status == SIGTERM);
	assert(waitpid(pid, &status, 0) == pid && WIFSIGNALED(status) && WTERMSIG(status) == SIGTERM);
	assert(execl("/", "x", (char *)0) == -1 && errno == EACCES);
	assert(execvp("no-such-program-anywhere", argv) == -1 && errno == ENOENT);
	test_spawn();
	assert(WEXITSTATUS(system("exit 3")) == 3);
	assert(system(0) != 0);
	return 0;
}
