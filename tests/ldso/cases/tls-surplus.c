/* SPDX-License-Identifier: MIT */
/*
 * A library linked for initial-exec can be opened at run time while there is room, in old and new
 * threads alike; a big one is refused with the usual sentence, and room comes back by dlclose.
 *
 * so libsmall.so -ftls-model=initial-exec -DSIZE=100
 * so libbig.so -ftls-model=initial-exec -DSIZE=100000
 * prog main
 * $ ./main
 * > 7 7
 * > ./libbig.so: cannot allocate memory in static TLS block
 * > 50 times 7
 */
#ifndef IN_main
__thread int x[SIZE] = { 7 };
int value(void) { return x[0]++; }
#else
#include <dlfcn.h>
#include <pthread.h>
#include <stdio.h>
static pthread_barrier_t step;
static int (*value)(void);

static void *old(void *arg)
{
	pthread_barrier_wait(&step);
	pthread_barrier_wait(&step);
	printf("%d ", value());
	return 0;
}

int main(void)
{
	pthread_t t;
	void *h;
	int n = 0;

	pthread_barrier_init(&step, 0, 2);
	pthread_create(&t, 0, old, 0);
	pthread_barrier_wait(&step);
	h = dlopen("./libsmall.so", RTLD_NOW);
	value = (int (*)(void))dlsym(h, "value");
	pthread_barrier_wait(&step);
	pthread_join(t, 0);
	printf("%d\n", value());
	if (!dlopen("./libbig.so", RTLD_NOW))
		printf("%s\n", dlerror());
	dlclose(h);
	for (; n < 50 && (h = dlopen("./libsmall.so", RTLD_NOW)); n++) {
		value = (int (*)(void))dlsym(h, "value");
		if (value() != 7)
			break;
		dlclose(h);
	}
	printf("%d times 7\n", n);
	return 0;
}
#endif
