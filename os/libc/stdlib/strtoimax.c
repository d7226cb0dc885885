/* SPDX-License-Identifier: MIT */
/* strtoimax, strtoumax. */
#include <inttypes.h>
#include "strtox.h"

intmax_t strtoimax(const char *restrict s, char **restrict end, int base)
{
	return __strtos(s, end, base, INT64_MAX);
}

uintmax_t strtoumax(const char *restrict s, char **restrict end, int base)
{
	return __strtou(s, end, base);
}
