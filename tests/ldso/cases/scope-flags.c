/* SPDX-License-Identifier: MIT */
/*
 * -Bsymbolic, protected and RTLD_DEEPBIND prefer the library's own definition, default visibility the
 * program's; a weak reference that nobody defines is null.
 *
 * so libsym.so -Wl,-Bsymbolic
 * so libprot.so -DVIS=protected
 * so libdeep.so
 * prog main libsym.so libprot.so -rdynamic -Wl,-rpath,'$ORIGIN'
 * $ ./main
 * > symbolic lib, protected lib, plain main, deep lib, weak 0
 */
#ifndef IN_main
#ifndef VIS
#define VIS default
#endif
#define S(x) #x
#define X(x) S(x)
__attribute__((__visibility__(X(VIS)))) const char *who(void) { return "lib"; }
extern int nobody(void) __attribute__((__weak__));
int weak(void) { return nobody != 0; }
#define J(a, b) a##b
#ifdef IN_sym
const char *sym(void) { return who(); }
#elif defined(IN_prot)
const char *prot(void) { return who(); }
#else
const char *deep(void) { return who(); }
#endif
#else
#include <dlfcn.h>
#include <stdio.h>
const char *who(void) { return "main"; }
const char *sym(void), *prot(void);
int weak(void);
int main(void)
{
	void *h = dlopen("./libdeep.so", RTLD_NOW);
	const char *plain = ((const char *(*)(void))dlsym(h, "deep"))();

	dlclose(h);
	h = dlopen("./libdeep.so", RTLD_NOW | RTLD_DEEPBIND);
	printf("symbolic %s, protected %s, plain %s, deep %s, weak %d\n", sym(), prot(), plain,
		((const char *(*)(void))dlsym(h, "deep"))(), weak());
	return 0;
}
#endif
