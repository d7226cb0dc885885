/* SPDX-License-Identifier: MIT */
/* What the stack protector calls. */
#include <stdlib.h>
#include <string.h>
#include "plat.h"

extern char *__progname;

void __stack_chk_fail(void)
{
	static const char text[] = ": stack smashing detected\n";
	plat_write(2, __progname, strlen(__progname));
	plat_write(2, text, sizeof(text) - 1);
	abort();
}

__attribute__((visibility("hidden"))) void __stack_chk_fail_local(void)
{
	__stack_chk_fail();
}
