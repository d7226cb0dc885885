/* SPDX-License-Identifier: MIT */
/* pipe.c: pipe, pipe2. */
#include <unistd.h>
#include "../internal/ret.h"
#include "../internal/plat.h"

int pipe(int fds[2])
{
	return __ret(plat_pipe2(fds, 0));
}

int pipe2(int fds[2], int flags)
{
	return __ret(plat_pipe2(fds, flags));
}
