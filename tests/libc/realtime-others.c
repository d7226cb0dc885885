/* SPDX-License-Identifier: MIT */
/*
 * A real-time thread that never sleeps and a busy one take two processors: those that only want a
 * little now and then are served soon all the same, by the processor that is not the real-time thread's.
 */
#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

#define THREADS 40
#define NAPS 20

static volatile int over;

static void *realtime(void *arg)
{
	(void)arg;
	while (!over)
		sched_yield();
	return 0;
}

static void *busy(void *arg)
{
	(void)arg;
	while (!over);
	return 0;
}

static void *modest(void *arg)
{
	(void)arg;
	for (int i = 0; i < NAPS; i++)
		nanosleep(&(struct timespec){ 0, 1000000 }, 0);
	return 0;
}

int main(void)
{
	struct sched_param param = { .sched_priority = 99 };
	pthread_t spinner, worker, t[THREADS];
	pthread_attr_t attr;

	if (sysconf(_SC_NPROCESSORS_ONLN) < 2)
		return 0;
	alarm(50);
	pthread_attr_init(&attr);
	pthread_attr_setinheritsched(&attr, PTHREAD_EXPLICIT_SCHED);
	pthread_attr_setschedpolicy(&attr, SCHED_FIFO);
	pthread_attr_setschedparam(&attr, &param);
	/* Who may not is not tested. */
	if (pthread_create(&spinner, &attr, realtime, 0))
		return 0;
	pthread_create(&worker, 0, busy, 0);
	for (int i = 0; i < THREADS; i++)
		if (pthread_create(t + i, 0, modest, 0))
			printf("thread %d\n", i);
	for (int i = 0; i < THREADS; i++)
		pthread_join(t[i], 0);
	over = 1;
	pthread_join(spinner, 0);
	pthread_join(worker, 0);
	return 0;
}
