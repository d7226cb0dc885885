/* SPDX-License-Identifier: MIT */
/*
 * What is no library gets the sentence one expects, from dlopen and at the start.
 *
 * so libok.so
 * prog main
 * prog needs libok.so -Wl,-rpath,'$ORIGIN'
 * $ : >empty; echo 'GROUP ( libx.so )' >text; head -c 2000 libok.so >cut; cp /bin/sh other 2>/dev/null || :
 * $ { printf '\177ELF\1'; head -c 100 /dev/zero; } >class
 * $ ./main ./empty ./text ./cut ./class ./main ./. ./none
 * $ cp text libok.so; ./needs; echo $?
 * > ./empty: file too short
 * > ./text: invalid ELF header
 * > ./cut: file too short
 * > ./class: wrong ELF class: ELFCLASS32
 * > ./main: cannot dynamically load position-independent executable
 * > ./.: cannot read file data: Is a directory
 * > ./none: cannot open shared object file: No such file or directory
 * > ./needs: error while loading shared libraries: ./libok.so: invalid ELF header
 * > 127
 */
#ifdef IN_ok
int ok(void) { return 1; }
#else
#include <dlfcn.h>
#include <stdio.h>
int ok(void);
int main(int argc, char **argv)
{
#ifdef IN_needs
	ok();
#endif
	while (*++argv)
		if (!dlopen(*argv, RTLD_NOW))
			printf("%s\n", dlerror());
		else
			printf("%s: loaded\n", *argv);
	return 0;
}
#endif
