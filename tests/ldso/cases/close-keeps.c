/* SPDX-License-Identifier: MIT */
/*
 * What is needed stays: RTLD_NODELETE, -z nodelete, a dependency of another open library, an object
 * that a relocation of another points into, one with destructors of thread_local objects to run.
 *
 * so libnodel.so -Wl,-z,nodelete
 * so libplain.so
 * so libdep.so
 * so libone.so libdep.so -Wl,-rpath,'$ORIGIN'
 * so libtwo.so libdep.so -Wl,-rpath,'$ORIGIN'
 * so libglob.so
 * so libuser.so -Wl,-z,now
 * so libtls.so
 * prog main
 * $ ./main
 * > nodelete 1 1
 * > shared dependency 1 0
 * > relocation 1 0
 * > thread_local 1
 * > destroyed
 * > thread_local 0
 */
#if defined(IN_nodel) || defined(IN_plain) || defined(IN_dep) || defined(IN_glob)
int f(void) { return 1; }
#endif
#if defined(IN_one) || defined(IN_two) || defined(IN_user)
int f(void);
int g(void) { return f(); }
#endif
#ifdef IN_tls
#include <stdio.h>
int __cxa_thread_atexit_impl(void (*)(void *), void *, void *);
static char here;
static void destroyed(void *arg) { puts("destroyed"); }
void use(void) { __cxa_thread_atexit_impl(destroyed, 0, &here); }
#endif
#ifdef IN_main
#include <dlfcn.h>
#include <pthread.h>
#include <stdio.h>
static int loaded(const char *name)
{
	void *h = dlopen(name, RTLD_LAZY | RTLD_NOLOAD);

	if (h)
		dlclose(h);
	return h != 0;
}

static void *use_tls(void *arg)
{
	void *h = dlopen("./libtls.so", RTLD_NOW);

	((void (*)(void))dlsym(h, "use"))();
	dlclose(h);
	printf("thread_local %d\n", loaded("./libtls.so"));
	return 0;
}

int main(void)
{
	void *one, *two;
	pthread_t t;

	setvbuf(stdout, 0, _IOLBF, 0);
	dlclose(dlopen("./libnodel.so", RTLD_NOW));
	dlclose(dlopen("./libplain.so", RTLD_NOW | RTLD_NODELETE));
	printf("nodelete %d %d\n", loaded("./libnodel.so"), loaded("./libplain.so"));
	one = dlopen("./libone.so", RTLD_NOW);
	two = dlopen("./libtwo.so", RTLD_NOW);
	dlclose(one);
	printf("shared dependency %d ", ((int (*)(void))dlsym(two, "g"))());
	dlclose(two);
	printf("%d\n", loaded("./libdep.so"));
	one = dlopen("./libglob.so", RTLD_NOW | RTLD_GLOBAL);
	two = dlopen("./libuser.so", RTLD_NOW);
	dlclose(one);
	printf("relocation %d ", ((int (*)(void))dlsym(two, "g"))());
	dlclose(two);
	printf("%d\n", loaded("./libglob.so"));
	pthread_create(&t, 0, use_tls, 0);
	pthread_join(t, 0);
	dlclose(dlopen("./libone.so", RTLD_NOW));
	printf("thread_local %d\n", loaded("./libtls.so"));
	return 0;
}
#endif
