/* SPDX-License-Identifier: MIT */
/* Thread-specific data: each thread its own, destructors at the end, again while values appear. */
#include <assert.h>
#include <errno.h>
#include <limits.h>
#include <pthread.h>
#include <stdint.h>

static pthread_key_t key, again;
static int destroyed, rounds;

static void destroy(void *value)
{
	assert((intptr_t)value == 5);
	destroyed++;
}

static void once_more(void *value)
{
	rounds++;
	if (rounds < 3)
		pthread_setspecific(again, value);
}

static void *work(void *arg)
{
	(void)arg;
	assert(pthread_getspecific(key) == 0);
	pthread_setspecific(key, (void *)5);
	pthread_setspecific(again, (void *)6);
	return 0;
}

int main(void)
{
	pthread_key_t many[PTHREAD_KEYS_MAX + 1];
	pthread_t t;
	int n = 0;

	assert(pthread_key_create(&key, destroy) == 0);
	assert(pthread_key_create(&again, once_more) == 0);
	pthread_setspecific(key, (void *)9);
	assert(pthread_create(&t, 0, work, 0) == 0);
	assert(pthread_join(t, 0) == 0);
	assert(destroyed == 1 && rounds == 3);
	assert(pthread_getspecific(key) == (void *)9);
	while (n <= PTHREAD_KEYS_MAX && !pthread_key_create(&many[n], 0))
		n++;
	assert(n >= PTHREAD_KEYS_MAX - 4 && n <= PTHREAD_KEYS_MAX - 2);
	assert(pthread_key_delete(many[3]) == 0);
	assert(pthread_key_create(&many[3], 0) == 0);
	assert(pthread_getspecific(many[3]) == 0);
	return 0;
}
