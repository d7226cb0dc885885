/* SPDX-License-Identifier: MIT */
/* Kinds of mutexes: recursive, error checking, robust; time limits. */
#include <assert.h>
#include <errno.h>
#include <pthread.h>
#include <time.h>

static pthread_mutex_t m;

static void make(int type, int robust)
{
	pthread_mutexattr_t a;

	assert(pthread_mutexattr_init(&a) == 0);
	assert(pthread_mutexattr_settype(&a, type) == 0);
	assert(pthread_mutexattr_setrobust(&a, robust) == 0);
	assert(pthread_mutex_init(&m, &a) == 0);
}

static void *try(void *arg)
{
	struct timespec t;

	(void)arg;
	assert(pthread_mutex_trylock(&m) == EBUSY);
	assert(pthread_mutex_unlock(&m) == EPERM);
	clock_gettime(CLOCK_REALTIME, &t);
	t.tv_nsec += 20000000;
	t.tv_sec += t.tv_nsec / 1000000000;
	t.tv_nsec %= 1000000000;
	assert(pthread_mutex_timedlock(&m, &t) == ETIMEDOUT);
	t.tv_nsec = -1;
	assert(pthread_mutex_timedlock(&m, &t) == EINVAL);
	return 0;
}

static void *die(void *arg)
{
	int r = pthread_mutex_lock(&m);

	(void)arg;
	assert(r == 0);
	return 0;
}

static void run(void *(*fn)(void *))
{
	pthread_t t;

	assert(pthread_create(&t, 0, fn, 0) == 0);
	assert(pthread_join(t, 0) == 0);
}

int main(void)
{
	make(PTHREAD_MUTEX_RECURSIVE, PTHREAD_MUTEX_STALLED);
	assert(pthread_mutex_lock(&m) == 0 && pthread_mutex_lock(&m) == 0 && pthread_mutex_trylock(&m) == 0);
	run(try);
	for (int i = 0; i < 3; i++)
		assert(pthread_mutex_unlock(&m) == 0);
	assert(pthread_mutex_unlock(&m) == EPERM);
	make(PTHREAD_MUTEX_ERRORCHECK, PTHREAD_MUTEX_STALLED);
	assert(pthread_mutex_lock(&m) == 0 && pthread_mutex_lock(&m) == EDEADLK);
	run(try);
	assert(pthread_mutex_unlock(&m) == 0);
	make(PTHREAD_MUTEX_NORMAL, PTHREAD_MUTEX_ROBUST);
	run(die);
	assert(pthread_mutex_lock(&m) == EOWNERDEAD);
	assert(pthread_mutex_consistent(&m) == 0 && pthread_mutex_unlock(&m) == 0);
	run(die);
	assert(pthread_mutex_lock(&m) == EOWNERDEAD && pthread_mutex_unlock(&m) == 0);
	assert(pthread_mutex_lock(&m) == ENOTRECOVERABLE);
	return 0;
}
