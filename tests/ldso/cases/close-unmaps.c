/* SPDX-License-Identifier: MIT */
/*
 * dlclose runs destructors, newest first, then the memory is gone and the counters tell; what a
 * library registered with atexit runs then too; a handle that is not open is refused.
 *
 * so libdep.so
 * so libtop.so libdep.so -Wl,-rpath,'$ORIGIN'
 * prog main
 * $ ./main
 * > dep starts
 * > top starts
 * > opened twice 1
 * > still 1
 * > at exit of top
 * > top stops
 * > dep stops
 * > gone 1, adds 1, subs 1
 * > -1 shared object not open
 */
#ifndef IN_main
#include <stdio.h>
#include <stdlib.h>
int __cxa_atexit(void (*)(void *), void *, void *);
void __cxa_finalize(void *);
#ifdef IN_top
#define NAME "top"
int dep(void);
int top(void) { return dep(); }
static char here;
static void bye(void *arg) { puts("at exit of top"); }
#else
#define NAME "dep"
int dep(void) { return 1; }
#endif
__attribute__((constructor)) static void start(void)
{
	puts(NAME " starts");
#ifdef IN_top
	__cxa_atexit(bye, 0, &here);
#endif
}
__attribute__((destructor)) static void stop(void)
{
#ifdef IN_top
	__cxa_finalize(&here);
#endif
	puts(NAME " stops");
}
#else
#include <dlfcn.h>
#include <link.h>
#include <stdio.h>
static unsigned long long adds, subs;

static int count(struct dl_phdr_info *info, size_t size, void *arg)
{
	adds = info->dlpi_adds;
	subs = info->dlpi_subs;
	return 0;
}

int main(void)
{
	unsigned long long a, s;
	void *h, *f;
	Dl_info info;

	setvbuf(stdout, 0, _IOLBF, 0);
	dl_iterate_phdr(count, 0);
	a = adds, s = subs;
	h = dlopen("./libtop.so", RTLD_NOW);
	f = dlsym(h, "top");
	printf("opened twice %d\n", dlopen("./libtop.so", RTLD_NOW) == h);
	dlclose(h);
	printf("still %d\n", ((int (*)(void))f)());
	dlclose(h);
	dl_iterate_phdr(count, 0);
	printf("gone %d, adds %d, subs %d\n", !dladdr(f, &info), adds - a == 2, subs - s == 2);
	printf("%d ", dlclose(h));
	printf("%s\n", dlerror());
	return 0;
}
#endif
