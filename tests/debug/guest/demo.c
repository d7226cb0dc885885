/* SPDX-License-Identifier: MIT */
/* What the debuggers are shown: three calls deep it counts, waits, writes a line, or crashes. */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

volatile int counter = 41;
volatile double ratio = 2.5;
static volatile int *nowhere;

__attribute__((noinline)) int third(int how, const char *what)
{
	counter += how;
	if (!strcmp(what, "crash"))
		*nowhere = counter;
	if (!strcmp(what, "abort"))
		abort();
	if (!strcmp(what, "wait"))
		sleep(1000);
	__asm__ volatile("");
	return counter;
}

__attribute__((noinline)) int second(int how, const char *what)
{
	int r = third(how + 1, what);

	__asm__ volatile("");
	return r + 1;
}

static void *idle(void *arg)
{
	pause();
	return arg;
}

int main(int argc, char **argv)
{
	const char *what = argc > 1 ? argv[1] : "hello";
	pthread_t t;

	if (!strcmp(what, "threads"))
		pthread_create(&t, NULL, idle, NULL);
	printf("demo: %s %d\n", what, second(0, what));
	return 3;
}
