/* SPDX-License-Identifier: MIT */
/* Threads start with initial thread-local values, run, and hand their result to who joins them. */
#include <assert.h>
#include <errno.h>
#include <pthread.h>
#include <stdint.h>
#include <unistd.h>

static __thread int mine = 42;
static int counter;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static void *work(void *arg)
{
	assert(mine == 42);
	mine = (int)(intptr_t)arg;
	for (int i = 0; i < 10000; i++) {
		pthread_mutex_lock(&lock);
		counter++;
		pthread_mutex_unlock(&lock);
	}
	assert(mine == (int)(intptr_t)arg);
	return arg;
}

static void *count_up(void *arg)
{
	__atomic_add_fetch((int *)arg, 1, __ATOMIC_SEQ_CST);
	return 0;
}

int main(void)
{
	pthread_t t[8];
	pthread_attr_t attr;
	void *result;
	int detached = 0;

	for (intptr_t i = 0; i < 8; i++)
		assert(pthread_create(&t[i], 0, work, (void *)i) == 0);
	for (intptr_t i = 0; i < 8; i++) {
		assert(pthread_join(t[i], &result) == 0);
		assert((intptr_t)result == i);
	}
	assert(counter == 80000 && mine == 42);
	assert(pthread_join(pthread_self(), 0) == EDEADLK);
	pthread_attr_init(&attr);
	assert(pthread_attr_setdetachstate(&attr, PTHREAD_CREATE_DETACHED) == 0);
	assert(pthread_attr_setstacksize(&attr, 1) == EINVAL);
	assert(pthread_attr_setstacksize(&attr, 65536) == 0);
	for (int i = 0; i < 100; i++)
		assert(pthread_create(&t[0], &attr, count_up, &detached) == 0);
	for (int i = 0; i < 5000 && __atomic_load_n(&detached, __ATOMIC_SEQ_CST) < 100; i++)
		usleep(1000);
	assert(detached == 100);
	return 0;
}
