/* SPDX-License-Identifier: MIT */
/* clearenv. */
#include <stdlib.h>
#include "env.h"

extern char **__environ;

int clearenv(void)
{
	char **e = __environ;
	__environ = NULL;
	while (e && *e)
		__env_swap(*e++, NULL);
	return 0;
}
