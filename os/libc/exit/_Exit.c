/* SPDX-License-Identifier: MIT */
/* _Exit, _exit: the end at once. */
#include <stdlib.h>
#include <unistd.h>
#include "plat.h"

void _Exit(int code)
{
	plat_exit_group(code);
}

void _exit(int code)
{
	plat_exit_group(code);
}
