/* SPDX-License-Identifier: MIT */
/*
 * Thread-local data of a library that is opened again and again, by threads that come and go, starts
 * anew each time; blocks are aligned as asked for.
 *
 * so libt.so
 * prog main
 * $ ./main
 */
#ifdef IN_t
__thread long t = 42;
__thread struct { char c[200]; } big __attribute__((__aligned__(256))) = { "x" };
long next(void) { return t++; }
void *address(void) { return &big; }
#else
#include <dlfcn.h>
#include <pthread.h>
#include <stdio.h>
#include <stdint.h>
static long (*next)(void);
static void *(*address)(void);

static void *run(void *arg)
{
	for (long i = 42; i < 45; i++)
		if (next() != i)
			printf("wrong value in round %ld\n", (long)arg);
	if ((uintptr_t)address() % 256 || *(char *)address() != 'x')
		printf("wrong block in round %ld\n", (long)arg);
	return 0;
}

int main(void)
{
	pthread_t old;

	for (long i = 0; i < 40; i++) {
		pthread_t t[3];
		void *h = dlopen("./libt.so", RTLD_NOW);
		next = (long (*)(void))dlsym(h, "next");
		address = (void *(*)(void))dlsym(h, "address");
		for (int k = 0; k < 3; k++)
			pthread_create(t + k, 0, run, (void *)i);
		run((void *)i);
		for (int k = 0; k < 3; k++)
			pthread_join(t[k], 0);
		if (dlclose(h))
			printf("%s\n", dlerror());
	}
	return 0;
}
#endif
