/* SPDX-License-Identifier: MIT */
/* exit: handlers, destructors, streams, then the end. */
#include <stdlib.h>
#include "exit.h"
#include "plat.h"
#include "lock.h"

hidden weak void __run_atexit(void *dso);

int __exit_code;

void exit(int code)
{
	static struct lock exiting;	/* held for ever by the thread that ends the program */
	lock(&exiting);
	__exit_code = code;
	if (__run_atexit)
		__run_atexit(NULL);
	__libc_exit_fini();
	if (__stdio_exit)
		__stdio_exit();
	plat_exit_group(code);
}
