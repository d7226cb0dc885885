/* SPDX-License-Identifier: MIT */
/* sigaltstack.c: the stack of signal handlers. */
#include <errno.h>
#include <signal.h>
#include "../internal/ret.h"
#include "../internal/plat.h"

int sigaltstack(const stack_t *restrict new, stack_t *restrict old)
{
	return __ret(plat_sigaltstack(new, old));
}
