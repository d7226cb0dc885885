/* SPDX-License-Identifier: MIT */
/* kill, run as a program: by name, by number, to a group; what is wrong is told by its status. */
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>
#include "../check.h"

static pid_t sleeper(void)
{
	pid_t pid = fork();

	if (!pid) {
		setpgid(0, 0);
		for (;;)
			pause();
	}
	setpgid(pid, pid);
	return pid;
}

/* The status of "env kill OPTIONS PID": env, as a shell has a kill of its own. */
static int run(const char *options, pid_t pid)
{
	char line[128];
	int status;

	snprintf(line, sizeof(line), "env kill %s%d 2>/dev/null", options, (int)pid);
	status = system(line);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static int ended_by(pid_t pid)
{
	int status;

	return waitpid(pid, &status, 0) == pid && WIFSIGNALED(status) ? WTERMSIG(status) : -1;
}

static void signals_by_name_and_number(void)
{
	static const struct { const char *options; int sig; } by[] = {
		{ "", SIGTERM }, { "-HUP ", SIGHUP }, { "-9 ", SIGKILL }, { "-s sigint ", SIGINT }, { "-s USR1 -- -", SIGUSR1 },
	};

	for (unsigned i = 0; i < sizeof(by) / sizeof(by[0]); i++) {
		pid_t pid = sleeper();

		CHECK(run("-0 ", pid) == 0);
		CHECK(run(by[i].options, pid) == 0);
		CHECK(ended_by(pid) == by[i].sig);
		CHECK(run("", pid) == 1);
	}
}

static void wrong_words_are_told(void)
{
	CHECK(run("-NONE ", getpid()) == 2);
	CHECK(run("x", getpid()) == 2);
}

int main(void)
{
	static const struct test tests[] = {
		{ "signals_by_name_and_number", signals_by_name_and_number },
		{ "wrong_words_are_told", wrong_words_are_told }, { NULL, NULL },
	};

	return run_tests(tests);
}
