/* SPDX-License-Identifier: MIT */
/* Schedules of threads: attributes, changes, ceilings and lent priorities; clocks of threads. */
#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static pthread_mutex_t m;
static volatile int step;

static int prio(pthread_t t)
{
	struct sched_param p;
	int policy;

	if (pthread_getschedparam(t, &policy, &p))
		return -1;
	return policy * 1000 + p.sched_priority;
}

static void *hold(void *arg)
{
	pthread_mutex_lock(&m);
	step = 1;
	while (step == 1)
		usleep(1000);
	pthread_mutex_unlock(&m);
	return (void *)(long)prio(pthread_self());
}

static void *lock(void *arg)
{
	pthread_mutex_lock(&m);
	pthread_mutex_unlock(&m);
	return 0;
}

static void *tell(void *arg)
{
	return (void *)(long)prio(pthread_self());
}

static void start(pthread_t *t, int priority, void *(*fn)(void *))
{
	struct sched_param p = { .sched_priority = priority };
	pthread_attr_t a;

	pthread_attr_init(&a);
	pthread_attr_setinheritsched(&a, PTHREAD_EXPLICIT_SCHED);
	pthread_attr_setschedpolicy(&a, SCHED_FIFO);
	pthread_attr_setschedparam(&a, &p);
	if ((errno = pthread_create(t, &a, fn, 0)))
		perror("pthread_create");
}

static void lent(void)
{
	pthread_mutexattr_t a;
	pthread_t low, high;
	void *after;

	pthread_mutexattr_init(&a);
	pthread_mutexattr_setprotocol(&a, PTHREAD_PRIO_INHERIT);
	pthread_mutex_init(&m, &a);
	step = 0;
	start(&low, 5, hold);
	while (!step)
		usleep(1000);
	start(&high, 20, lock);
	for (int i = 0; i < 2000 && prio(low) != 1020; i++)
		usleep(1000);
	if (prio(low) != 1020)
		printf("the owner has %d\n", prio(low));
	step = 2;
	pthread_join(low, &after);
	pthread_join(high, 0);
	if ((long)after != 1005)
		printf("the owner keeps %ld\n", (long)after);
}

static void *under_ceiling(void *arg)
{
	pthread_mutexattr_t a;
	int old = 0, r;

	pthread_mutexattr_init(&a);
	pthread_mutexattr_setprotocol(&a, PTHREAD_PRIO_PROTECT);
	pthread_mutexattr_setprioceiling(&a, 30);
	pthread_mutex_init(&m, &a);
	pthread_mutex_lock(&m);
	if (prio(pthread_self()) != 1030)
		printf("below the ceiling: %d\n", prio(pthread_self()));
	pthread_mutex_unlock(&m);
	if (prio(pthread_self()) != 1010)
		printf("afterwards: %d\n", prio(pthread_self()));
	r = pthread_mutex_setprioceiling(&m, 8, &old);
	if (r || old != 30 || pthread_mutex_lock(&m) != EINVAL)
		printf("ceiling %d was %d\n", r, old);
	return 0;
}

static void clocks(void)
{
	struct timespec a, b;
	clockid_t mine, process;

	if (pthread_getcpuclockid(pthread_self(), &mine) || clock_getcpuclockid(0, &process)
			|| clock_gettime(mine, &a) || clock_gettime(process, &b) || b.tv_sec > 1000)
		printf("clocks of CPU time\n");
	if (clock_getcpuclockid(getppid(), &process) || clock_gettime(process, &b))
		printf("clock of the parent\n");
	if (clock_getcpuclockid(99999999, &process) != ESRCH)
		printf("clock of nobody\n");
}

int main(void)
{
	struct sched_param p = { .sched_priority = 1 };
	pthread_t t;
	void *r;

	alarm(60);
	clocks();
	if (sched_setscheduler(0, SCHED_OTHER, &p) != -1 || errno != EINVAL)
		printf("SCHED_OTHER with a priority\n");
	if (sched_setscheduler(0, SCHED_FIFO, &p) < 0 && errno == EPERM)
		return 0;		/* the rest needs the right */
	p.sched_priority = 0;
	sched_setscheduler(0, SCHED_OTHER, &p);
	start(&t, 7, tell);
	pthread_join(t, &r);
	if ((long)r != 1007)
		printf("attribute: %ld\n", (long)r);
	lent();
	start(&t, 10, under_ceiling);
	pthread_join(t, 0);
	return 0;
}
