/* SPDX-License-Identifier: MIT */
/*
 * A program that starts threads without end is refused while there is memory for the others. Started where
 * there is little memory (tests/os/boot.py).
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include "../check.h"

#define TOO_MANY	4000		/* their stacks in the kernel alone are as much as the memory */
#define SOME		(4 << 20)

static pthread_t threads[TOO_MANY];
static sem_t end;
static int n;

static void *waits(void *arg)
{
	while (sem_wait(&end))
		;
	return arg;
}

static int start(void)
{
	pthread_attr_t a;
	int err = 0;

	sem_init(&end, 0, 0);
	pthread_attr_init(&a);
	pthread_attr_setstacksize(&a, PTHREAD_STACK_MIN);
	while (n < TOO_MANY && !(err = pthread_create(&threads[n], &a, waits, NULL)))
		n++;
	return err;
}

static void too_many_threads_are_refused(void)
{
	CHECK(start() == EAGAIN);
	CHECK(n >= 100 && n < TOO_MANY);
}

static void memory_and_files_are_left(void)
{
	char *p = malloc(SOME), c = 0;
	int fd = open("/root/many-threads", O_RDWR | O_CREAT | O_TRUNC, 0600);

	CHECK(p && fd >= 0);
	memset(p, 'x', SOME);
	CHECK(write(fd, p, SOME) == SOME && pread(fd, &c, 1, SOME - 1) == 1 && c == 'x');
	close(fd);
	CHECK(!unlink("/root/many-threads"));
	free(p);
}

static void all_goes_on_when_they_have_ended(void)
{
	int status = -1;
	pid_t pid;

	for (int i = 0; i < n; i++)
		sem_post(&end);
	for (int i = 0; i < n; i++)
		CHECK(!pthread_join(threads[i], NULL));
	pid = fork();
	if (!pid) {
		execl("/bin/sh", "sh", "-c", ":", (char *)NULL);
		_exit(1);
	}
	CHECK(waitpid(pid, &status, 0) == pid && status == 0);
}

#define T(f) { #f, f }
int main(void)
{
	static const struct test tests[] = {
		T(too_many_threads_are_refused), T(memory_and_files_are_left), T(all_goes_on_when_they_have_ended),
		{ NULL, NULL },
	};

	return run_tests(tests);
}
