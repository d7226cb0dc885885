/* SPDX-License-Identifier: MIT */
/*
 * LD_PRELOAD: two libraries, separated by a space or a colon, before all others; RTLD_NEXT goes down the
 * line; what cannot be preloaded is named.
 *
 * so libone.so
 * so libtwo.so
 * so libreal.so
 * prog main libreal.so -Wl,-rpath,'$ORIGIN'
 * $ ./main
 * $ LD_PRELOAD='./libone.so ./libtwo.so' ./main
 * $ LD_PRELOAD=./libtwo.so:./libone.so ./main
 * $ LD_PRELOAD=./libnone.so ./main; echo $?
 * > real
 * > one two real
 * > two one real
 * > ./main: error while loading shared libraries: ./libnone.so: cannot open shared object file: No such file or directory
 * > 127
 */
#include <dlfcn.h>
#include <stdio.h>
#ifdef IN_main
void say(void);
int main(void)
{
	say();
	puts("");
	return 0;
}
#else
#ifdef IN_one
#define NAME "one "
#elif defined(IN_two)
#define NAME "two "
#else
#define NAME "real"
#endif
void say(void)
{
	void (*next)(void) = (void (*)(void))dlsym(RTLD_NEXT, "say");

	printf(NAME);
	if (next)
		next();
}
#endif
