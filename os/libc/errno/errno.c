/* SPDX-License-Identifier: MIT */
/* errno.c: where errno and h_errno live. */
#include <errno.h>
#include <netdb.h>
#include "../internal/plat.h"
#include "../internal/thread.h"

int *__errno_location(void)
{
	return &__self()->err;
}

int *__h_errno_location(void)
{
	return &__self()->h_err;
}
