/* SPDX-License-Identifier: MIT */
/*
 * A constructor opens a library and its destructor closes it; a constructor that ends the program
 * runs destructors of what is complete.
 *
 * so libinner.so
 * so libouter.so
 * so libquit.so
 * prog main
 * $ ./main; ./main quit; echo $?
 * > +inner
 * > +outer
 * > -outer
 * > -inner
 * > closed
 * > quits
 * > 3
 */
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#ifdef IN_main
int main(int argc, char **argv)
{
	setvbuf(stdout, 0, _IOLBF, 0);
	dlclose(dlopen(argc > 1 ? "./libquit.so" : "./libouter.so", RTLD_NOW));
	puts("closed");
	return 0;
}
#elif defined(IN_inner)
__attribute__((constructor)) static void start(void) { puts("+inner"); }
__attribute__((destructor)) static void stop(void) { puts("-inner"); }
#elif defined(IN_quit)
__attribute__((constructor)) static void start(void) { puts("quits"); exit(3); }
#else
static void *inner;
__attribute__((constructor)) static void start(void)
{
	inner = dlopen("./libinner.so", RTLD_NOW);
	puts("+outer");
}
__attribute__((destructor)) static void stop(void)
{
	puts("-outer");
	dlclose(inner);
}
#endif
