/* SPDX-License-Identifier: MIT */
/* Threads allocate and free each other's blocks. */
#include <assert.h>
#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

static void *volatile slot[64];

static void *work(void *arg)
{
	unsigned seed = (uintptr_t)arg;
	for (int i = 0; i < 50000; i++) {
		size_t n = rand_r(&seed) % 2000;
		char *p = malloc(n + 1);
		assert(p);
		memset(p, seed, n);
		free(__atomic_exchange_n(&slot[rand_r(&seed) % 64], p, __ATOMIC_ACQ_REL));
	}
	return NULL;
}

int main(void)
{
	pthread_t t[4];
	for (uintptr_t i = 0; i < 4; i++)
		assert(pthread_create(&t[i], NULL, work, (void *)(i + 1)) == 0);
	for (int i = 0; i < 4; i++)
		assert(pthread_join(t[i], NULL) == 0);
	return 0;
}
