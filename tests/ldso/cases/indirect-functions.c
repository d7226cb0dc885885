/* SPDX-License-Identifier: MIT */
/*
 * Indirect functions: called within the library, from another one, through a pointer, by dlsym, and
 * when the resolver itself uses data of its library.
 *
 * so libi.so
 * so libuse.so libi.so -Wl,-rpath,'$ORIGIN'
 * prog main libuse.so libi.so -Wl,-rpath,'$ORIGIN'
 * $ ./main
 * > 5 5 5 5 5
 */
#ifdef IN_i
static int five(void) { return 5; }
static int six(void) { return 6; }
int which = 1;
static int (*choose(void))(void) { return which ? five : six; }
int chosen(void) __attribute__((__ifunc__("choose")));
int inside(void) { return chosen(); }
#else
int chosen(void), inside(void), used(void);
#endif
#ifdef IN_use
static int (*pointer)(void) = chosen;
int used(void) { return pointer(); }
#endif
#ifdef IN_main
#include <dlfcn.h>
#include <stdio.h>
static int (*volatile pointer)(void) = chosen;
int main(void)
{
	printf("%d %d %d %d %d\n", chosen(), inside(), used(), pointer(), ((int (*)(void))dlsym(RTLD_DEFAULT, "chosen"))());
	return 0;
}
#endif
