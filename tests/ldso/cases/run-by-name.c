/* SPDX-License-Identifier: MIT */
/*
 * The interpreter run as a program: options, arguments, and --list as ldd uses it, with what is missing.
 *
 * so libl.so
 * so libgone.so
 * prog main libl.so libgone.so -Wl,-rpath,'$ORIGIN'
 * $ I=$(readlink -f ${INTERP:-/lib/ld-calx-x86_64.so.1})
 * $ $I ./main a b; $I --argv0 other ./main
 * $ mkdir -p else; mv libl.so else/; $I --library-path else ./main
 * $ rm libgone.so; $I --list ./main | sed 's/ (0x[0-9a-f]*)//; s|=> .*libc|=> libc|'; LD_TRACE_LOADED_OBJECTS=1 ./main | wc -l
 * $ $I ./none 2>&1 | sed "s/.*libraries: //"; $I ./make.log 2>&1 | sed "s/.*libraries: //"; $I --bad 2>&1 | head -1 | cut -c1-6
 * > ./main 3 b 0
 * > other 1 - 0
 * > ./main 1 - 0
 * > 	libl.so => not found
 * > 	libgone.so => not found
 * > 	libc.so.1 => libc.so.1
 * > 3
 * > ./none: cannot open shared object file: No such file or directory
 * > ./make.log: file too short
 * > usage:
 */
#ifdef IN_main
#include <stdio.h>
int l(void), gone(void);
int main(int argc, char **argv)
{
	printf("%s %d %s %d\n", argv[0], argc, argc > 2 ? argv[2] : "-", l() + gone());
	return 0;
}
#elif defined(IN_l)
int l(void) { return 0; }
#else
int gone(void) { return 0; }
#endif
