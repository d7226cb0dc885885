/* SPDX-License-Identifier: MIT */
/*
 * fork while another thread is in dlopen: the child can open libraries.
 *
 * so libf.so
 * prog main
 * $ ./main
 */
#ifdef IN_f
int f(void) { return 1; }
#else
#include <dlfcn.h>
#include <pthread.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>
static volatile int stop;
static void *open_close(void *arg)
{
	while (!stop)
		dlclose(dlopen("./libf.so", RTLD_NOW));
	return 0;
}
int main(void)
{
	pthread_t t;

	pthread_create(&t, 0, open_close, 0);
	for (int i = 0; i < 50; i++) {
		int status, pid = fork();
		if (!pid) {
			alarm(5);
			_exit(!dlopen("./libf.so", RTLD_NOW));
		}
		if (waitpid(pid, &status, 0) != pid || status)
			printf("child %d: status %x\n", i, status);
	}
	stop = 1;
	pthread_join(t, 0);
	return 0;
}
#endif
