/* SPDX-License-Identifier: MIT */
/*
 * Each reference binds to the version it was linked against; one without a version, of an object
 * that was linked before there were versions, to the first one; dlsym to the default one.
 *
 * file one.map V1 { global: f; local: *; };
 * file two.map V1 { }; V2 { global: f; local: *; } V1;
 * so libv.so -DOLD
 * prog old libv.so -Wl,-rpath,'$ORIGIN'
 * so libv.so -DONE -Wl,--version-script=one.map
 * prog one libv.so -Wl,-rpath,'$ORIGIN'
 * so libv.so -DTWO -Wl,--version-script=two.map
 * prog two libv.so -Wl,-rpath,'$ORIGIN'
 * $ ./old; ./one; ./two
 * > f 1, dlsym 2, V1 1, V2 2, V3 0
 * > f 1, dlsym 2, V1 1, V2 2, V3 0
 * > f 2, dlsym 2, V1 1, V2 2, V3 0
 */
#ifdef IN_v
#ifdef TWO
int f_one(void) { return 1; }
int f_two(void) { return 2; }
__asm__(".symver f_one,f@V1\n.symver f_two,f@@V2");
#else
int f(void) { return 1; }
#endif
#else
#include <dlfcn.h>
#include <stdio.h>
int f(void);

static int version(const char *v)
{
	int (*g)(void) = (int (*)(void))dlvsym(RTLD_DEFAULT, "f", v);

	return g ? g() : 0;
}

int main(void)
{
	int (*g)(void) = (int (*)(void))dlsym(RTLD_DEFAULT, "f");

	printf("f %d, dlsym %d, V1 %d, V2 %d, V3 %d\n", f(), g(), version("V1"), version("V2"), version("V3"));
	return 0;
}
#endif
