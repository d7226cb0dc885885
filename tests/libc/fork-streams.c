/* SPDX-License-Identifier: MIT */
/* A child of fork can use a stream that was locked at the fork, by its own thread or by another. */
#include <pthread.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

static volatile int held;

static void *hold(void *arg)
{
	flockfile(stdout);
	held = 1;
	pause();
	return 0;
}

static void child(void)
{
	int status, pid = fork();

	if (!pid) {
		alarm(10);
		setvbuf(stdout, 0, _IONBF, 0);
		_exit(ftrylockfile(stdout) || fprintf(stderr, "%s", "") != 0);
	}
	if (waitpid(pid, &status, 0) != pid || status)
		fprintf(stderr, "child: status %x\n", status);
}

int main(void)
{
	pthread_t t;

	flockfile(stdout);
	child();
	funlockfile(stdout);
	pthread_create(&t, 0, hold, 0);
	while (!held)
		usleep(1000);
	child();
	_exit(0);
}
