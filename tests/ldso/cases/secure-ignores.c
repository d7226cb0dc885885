/* SPDX-License-Identifier: MIT */
/*
 * A set-user-id program takes no LD_* from its caller, and looks into no $ORIGIN.
 *
 * so libp.so
 * prog main libp.so -Wl,-rpath,'$ORIGIN'
 * prog plain
 * $ LD_PRELOAD=./libp.so ./plain
 * $ [ $(id -u) = 0 ] || { printf 'set 0\nset 127\n'; exit; }
 * $ chown 65534 plain main; chmod 4755 plain main
 * $ LD_PRELOAD=./libp.so ./plain; ./main 2>/dev/null; echo set $?
 * > set 1
 * > set 0
 * > set 127
 */
#ifdef IN_p
int p(void) { return 1; }
#else
#include <dlfcn.h>
#include <stdio.h>
int p(void);
int main(void)
{
#ifdef IN_plain
	printf("set %d\n", dlsym(RTLD_DEFAULT, "p") != 0);
#else
	return p();
#endif
	return 0;
}
#endif
