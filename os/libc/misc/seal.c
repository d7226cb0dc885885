/* SPDX-License-Identifier: MIT */
/* seal_calls, seal_names. */
#include <sys/seal.h>
#include "plat.h"
#include "ret.h"

int seal_calls(unsigned what, int flags)
{
	return __ret(plat_seal_calls(what, flags));
}

int seal_names(const struct seal_name *keep, size_t n)
{
	return __ret(plat_seal_names(keep, n));
}
