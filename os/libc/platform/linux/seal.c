/* SPDX-License-Identifier: MIT */
/* seal.c: Linux has other means. */
#include <errno.h>
#include "plat.h"

int plat_seal_calls(unsigned what, int flags)
{
	(void)what, (void)flags;
	return -ENOSYS;
}

int plat_seal_names(const struct seal_name *keep, size_t n)
{
	(void)keep, (void)n;
	return -ENOSYS;
}
