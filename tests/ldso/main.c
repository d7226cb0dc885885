/* SPDX-License-Identifier: MIT */
/* main: the program of the dynamic linker's tests; prints what it finds. */
#include <dlfcn.h>
#include <link.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

extern __thread int a_tls;
extern int shared_data;		/* copied into the program */
const char *who(void);
int a_value(void);
int *a_data(void);

static int (*plug)(int);
static int *(*plug_address)(void);
static pthread_barrier_t barrier;

int from_program(int n)
{
	return 2 * n;
}

static void *old_thread(void *arg)
{
	pthread_barrier_wait(&barrier);		/* started before dlopen */
	pthread_barrier_wait(&barrier);		/* now it is loaded */
	printf("old thread %d %d\n", plug(3), plug_address() != arg);
	return 0;
}

static void *new_thread(void *arg)
{
	printf("new thread %d %d %d\n", plug(4), plug_address() != arg, a_tls);
	return 0;
}

static int count(struct dl_phdr_info *info, size_t size, void *arg)
{
	(void)size;
	*(int *)arg += info->dlpi_phnum > 0;
	return 0;
}

static void test_plugin(const char *path)
{
	pthread_t t;
	void *h;

	pthread_barrier_init(&barrier, 0, 2);
	pthread_create(&t, 0, old_thread, 0);
	pthread_barrier_wait(&barrier);
	h = dlopen(path, RTLD_NOW);
	if (!h) {
		printf("%s\n", dlerror());
		exit(1);
	}
	plug = (int (*)(int))dlsym(h, "plug");
	plug_address = (int *(*)(void))dlsym(h, "plug_address");
	printf("plug %d ", plug(1));
	printf("%d\n", plug(1));
	pthread_barrier_wait(&barrier);
	pthread_join(t, 0);
	pthread_create(&t, 0, new_thread, plug_address());
	pthread_join(t, 0);
	printf("again %d\n", dlopen(path, RTLD_NOW | RTLD_NOLOAD) == h);
	printf("global %d\n", dlsym(RTLD_DEFAULT, "plug") != 0);
}

int main(int argc, char **argv)
{
	Dl_info info;
	int objects = 0;

	setvbuf(stdout, 0, _IOLBF, 0);
	printf("who %s\n", who());
	printf("value %d ", a_value());
	printf("%d\n", a_value());
	printf("data %d %d\n", shared_data, a_data() == &shared_data);
	printf("environ %d\n", environ == __environ && getenv("HERE") != 0);
	if (argc > 1)
		test_plugin(argv[1]);
	dl_iterate_phdr(count, &objects);
	printf("objects %d\n", objects);
	printf("addr %d\n", dladdr((void *)a_value, &info) && !strcmp(info.dli_sname, "a_value"));
	printf("missing %d\n", dlopen("libnothing.so", RTLD_NOW) == 0);
	printf("%s\n", dlerror());
	printf("%d ", dlsym(RTLD_DEFAULT, "no_such_symbol") == 0);
	printf("%s\n", dlerror());
	return argc > 2 ? 1 : 0;
}
