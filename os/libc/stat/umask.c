/* SPDX-License-Identifier: MIT */
/* umask.c: umask. */
#include <sys/stat.h>
#include "../internal/plat.h"

mode_t umask(mode_t mask)
{
	return plat_umask(mask);
}

mode_t getumask(void)
{
	mode_t mask = plat_umask(077);

	plat_umask(mask);
	return mask;
}
