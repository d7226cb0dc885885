/* SPDX-License-Identifier: MIT */
/*
 * Thread-local data of gigabytes of zeros costs no memory and no time until it is used.
 *
 * so libhuge.so -fPIC
 * prog main
 * $ ulimit -t 5; ./main
 * > 0 3 0
 * > 5
 */
#ifndef IN_main
static __thread char huge[3l << 30];
__thread int local = 3;
int value(long at) { return at < 0 ? local++ : huge[at]++; }
#else
#include <dlfcn.h>
#include <pthread.h>
#include <stdio.h>
#include <sys/resource.h>

static void *thread(void *value)
{
	return (void *)(long)((int (*)(long))value)(-1);
}

int main(void)
{
	struct rusage u;
	int (*value)(long);
	pthread_t t;
	void *r;
	void *h = dlopen("./libhuge.so", RTLD_NOW);

	if (!h) {
		printf("%s\n", dlerror());
		return 1;
	}
	value = (int (*)(long))dlsym(h, "value");
	printf("%d ", value(2l << 30));
	printf("%d ", value(-1));
	pthread_create(&t, 0, thread, value);
	pthread_join(t, &r);
	printf("%d\n", value(1l << 30));
	getrusage(RUSAGE_SELF, &u);
	if (u.ru_maxrss > 100000)
		printf("%ld KB are used\n", u.ru_maxrss);
	printf("%d\n", value(-1) + (int)(long)r - 2);
	return 0;
}
#endif
