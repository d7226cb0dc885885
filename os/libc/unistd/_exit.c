/* SPDX-License-Identifier: MIT */
/* _exit.c: _exit, _Exit, quick ends. */
#include <stdlib.h>
#include <unistd.h>
#include "../internal/plat.h"

_Noreturn void _exit(int status)
{
	plat_exit_group(status);
}

_Noreturn void _Exit(int status)
{
	plat_exit_group(status);
}
