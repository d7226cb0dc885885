/* SPDX-License-Identifier: MIT */
/*
 * RTLD_LOCAL keeps symbols from others until it is opened again with RTLD_GLOBAL; two plugins find
 * their common dependency each, whoever brought it in.
 *
 * so libx.so
 * so liba.so libx.so -Wl,-rpath,'$ORIGIN'
 * so libb.so libx.so -Wl,-rpath,'$ORIGIN'
 * prog main
 * $ ./main
 * > a 5, b 5
 * > default 0, in the plugin 1, global 1
 * > libx alone 5
 */
#ifdef IN_x
int x(void) { return 5; }
#endif
#if defined(IN_a) || defined(IN_b)
int x(void);
int call(void) { return x(); }
#endif
#ifdef IN_main
#include <dlfcn.h>
#include <stdio.h>
int main(void)
{
	void *a = dlopen("./liba.so", RTLD_LAZY | RTLD_LOCAL), *b = dlopen("./libb.so", RTLD_LAZY);
	int (*fa)(void) = (int (*)(void))dlsym(a, "call"), (*fb)(void) = (int (*)(void))dlsym(b, "call");

	printf("a %d, ", fa());
	printf("b %d\n", fb());
	printf("default %d, ", dlsym(RTLD_DEFAULT, "x") != 0);
	printf("in the plugin %d, ", dlsym(a, "x") != 0);
	dlopen("./libx.so", RTLD_LAZY | RTLD_NOLOAD | RTLD_GLOBAL);
	printf("global %d\n", dlsym(RTLD_DEFAULT, "x") != 0);
	dlclose(a);
	printf("libx alone %d\n", fb());
	return 0;
}
#endif
