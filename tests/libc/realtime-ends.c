/* SPDX-License-Identifier: MIT */
/*
 * Threads in real time that end at once, on the processor of their creator, which is not done yet with what
 * it has locked for them: they wait for it asleep, so that it goes on. Yielding, they would keep it from that
 * for a second each.
 */
#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <unistd.h>

#define THREADS 60

static void *nothing(void *arg)
{
	return arg;
}

int main(void)
{
	struct sched_param param = { .sched_priority = 99 };
	pthread_attr_t attr;
	pthread_t t;
	cpu_set_t one;

	alarm(50);
	CPU_ZERO(&one);
	CPU_SET(sched_getcpu(), &one);
	if (sched_setaffinity(0, sizeof(one), &one))
		perror("sched_setaffinity");
	pthread_attr_init(&attr);
	pthread_attr_setinheritsched(&attr, PTHREAD_EXPLICIT_SCHED);
	pthread_attr_setschedpolicy(&attr, SCHED_FIFO);
	pthread_attr_setschedparam(&attr, &param);
	for (int i = 0; i < THREADS; i++) {
		/* Who may not is not tested. */
		if (pthread_create(&t, &attr, nothing, 0))
			return 0;
		pthread_join(t, 0);
	}
	return 0;
}
