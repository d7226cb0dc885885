/* SPDX-License-Identifier: MIT */
/*
 * Threads open, use and close libraries while others walk the list of objects and look up symbols.
 *
 * so liba.so
 * so libb.so
 * prog main
 * $ ./main
 */
#ifndef IN_main
static __thread int t = 1;
int add(int n) { return n + t; }
#else
#include <dlfcn.h>
#include <link.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
static volatile int stop;

static int look(struct dl_phdr_info *info, size_t size, void *arg)
{
	*(size_t *)arg += strlen(info->dlpi_name) + info->dlpi_phdr[0].p_type;
	return 0;
}

static void *walk(void *arg)
{
	size_t n = 0;
	Dl_info info;

	while (!stop) {
		dl_iterate_phdr(look, &n);
		dladdr((void *)walk, &info);
		if (!dlsym(RTLD_DEFAULT, "printf"))
			puts("printf is gone");
	}
	return 0;
}

static void *opener(void *arg)
{
	for (int i = 0; i < 60; i++) {
		void *h = dlopen(arg, i & 1 ? RTLD_NOW : RTLD_NOW | RTLD_GLOBAL);
		int (*add)(int) = (int (*)(int))dlsym(h, "add");
		if (!h || add(i) != i + 1)
			puts("wrong");
		dlclose(h);
	}
	return 0;
}

int main(void)
{
	pthread_t w[2], o[3];

	for (int i = 0; i < 2; i++)
		pthread_create(w + i, 0, walk, 0);
	for (int i = 0; i < 3; i++)
		pthread_create(o + i, 0, opener, i ? "./libb.so" : "./liba.so");
	for (int i = 0; i < 3; i++)
		pthread_join(o[i], 0);
	stop = 1;
	for (int i = 0; i < 2; i++)
		pthread_join(w[i], 0);
	return 0;
}
#endif
