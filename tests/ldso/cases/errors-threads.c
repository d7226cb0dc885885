/* SPDX-License-Identifier: MIT */
/*
 * dlerror: the message of this thread's last failure, once; other threads have their own.
 *
 * prog main
 * $ ./main
 * > none 1
 * > other: none 1, ./main: undefined symbol: theirs
 * > ./main: undefined symbol: mine
 * > none 1
 * > invalid library handle
 * > invalid mode for dlopen()
 */
#include <dlfcn.h>
#include <pthread.h>
#include <stdio.h>
static void *other(void *arg)
{
	printf("other: none %d, ", !dlerror());
	dlsym(RTLD_DEFAULT, "theirs");
	printf("%s\n", dlerror());
	return 0;
}
int main(void)
{
	pthread_t t;

	printf("none %d\n", !dlerror());
	dlsym(RTLD_DEFAULT, "mine");
	pthread_create(&t, 0, other, 0);
	pthread_join(t, 0);
	printf("%s\n", dlerror());
	printf("none %d\n", !dlerror());
	dlsym(&t, "x");
	printf("%s\n", dlerror());
	dlopen("libnone.so", 0);
	printf("%s\n", dlerror());
	return 0;
}
