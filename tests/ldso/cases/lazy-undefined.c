/* SPDX-License-Identifier: MIT */
/*
 * A missing function is met at its first call when binding is lazy, at the start with LD_BIND_NOW;
 * RTLD_NOW makes dlopen fail, RTLD_LAZY does not.
 *
 * so libplug.so -Wl,-z,lazy
 * so libf.so -Wl,-z,lazy
 * prog main -Wl,-z,lazy libf.so -Wl,-rpath,'$ORIGIN'
 * so libf.so -DGONE
 * $ ./main; echo $?
 * $ LD_BIND_NOW=1 ./main; echo $?
 * > ./libplug.so: undefined symbol: missing
 * > lazily 1
 * > ./main: symbol lookup error: ./main: undefined symbol: f
 * > 127
 * > ./main: error while loading shared libraries: ./main: undefined symbol: f
 * > 127
 */
#ifdef IN_plug
int missing(void);
int g(void) { return missing(); }
#endif
#ifdef IN_f
#ifndef GONE
int f(void) { return 1; }
#endif
#endif
#ifdef IN_main
#include <dlfcn.h>
#include <stdio.h>
int f(void);
int main(void)
{
	setvbuf(stdout, 0, _IOLBF, 0);
	if (!dlopen("./libplug.so", RTLD_NOW))
		printf("%s\n", dlerror());
	printf("lazily %d\n", dlopen("./libplug.so", RTLD_LAZY) != 0);
	return f();
}
#endif
