/* SPDX-License-Identifier: MIT */
/*
 * Runs in the guest: traces, crashes, a core file, then a stub that waits for a debugger. Prints lines
 * that tests/debug/run looks for.
 */
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static int run(char *const argv[])
{
	int st = -1;
	pid_t pid = fork();

	if (pid == 0) {
		execv(argv[0], argv);
		_exit(127);
	}
	waitpid(pid, &st, 0);
	return st;
}

static void show(const char *title, const char *path)
{
	char line[1024];
	FILE *f = fopen(path, "r");

	printf("== %s\n", title);
	while (f && fgets(line, sizeof(line), f))
		fputs(line, stdout);
	if (f)
		fclose(f);
	printf("== end\n");
	fflush(stdout);
}

static void trace(void)
{
	char *const argv[] = { "/usr/bin/trace", "-f", "-t", "-o", "/tmp/trace", "/t/demo", NULL };
	char *const bad[] = { "/usr/bin/trace", "/t/no-such-program", NULL };

	printf("trace ended with %d\n", WEXITSTATUS(run(argv)));
	show("trace", "/tmp/trace");
	printf("trace of nothing ended with %d\n", WEXITSTATUS(run(bad)));
}

/* A process that waits is looked at from outside. */
static void attach(void)
{
	char number[16];
	char *const argv[] = { "/usr/bin/trace", "-o", "/tmp/attach", "-p", number, NULL };
	pid_t pid = fork(), tracer;

	if (pid == 0) {
		for (;;)
			usleep(20000);
	}
	snprintf(number, sizeof(number), "%d", (int)pid);
	tracer = fork();
	if (tracer == 0) {
		execv(argv[0], argv);
		_exit(127);
	}
	sleep(1);
	kill(tracer, SIGINT);
	waitpid(tracer, NULL, 0);
	printf("alive after the trace: %d\n", kill(pid, 0) == 0);
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
	show("attach", "/tmp/attach");
}

static void crash(void)
{
	char *const argv[] = { "/t/demo", "crash", NULL };
	struct rlimit none = { 0, RLIM_INFINITY }, all = { RLIM_INFINITY, RLIM_INFINITY };
	int st;

	setrlimit(RLIMIT_CORE, &none);
	st = run(argv);
	printf("crash: signal %d core %d\n", WTERMSIG(st), WCOREDUMP(st) != 0);
	setrlimit(RLIMIT_CORE, &all);
	st = run(argv);
	printf("crash: signal %d core %d\n", WTERMSIG(st), WCOREDUMP(st) != 0);
	setrlimit(RLIMIT_CORE, &none);
}

static void serve(void)
{
	char *const argv[] = { "/usr/bin/gdbserver", ":1234", "/t/demo", "threads", NULL };

	printf("stub starts\n");
	fflush(stdout);
	printf("stub ended with %d\n", WEXITSTATUS(run(argv)));
}

int main(int argc, char **argv)
{
	setvbuf(stdout, NULL, _IOLBF, 0);
	trace();
	attach();
	crash();
	sync();
	if (argc > 1 || access("/usr/bin/gdbserver", X_OK) == 0)
		serve();
	(void)argv;
	printf("driver ends\n");
	return 0;
}
