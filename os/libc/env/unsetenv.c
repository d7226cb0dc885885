/* SPDX-License-Identifier: MIT */
/* unsetenv. */
#include <stdlib.h>
#include <string.h>
#include <errno.h>
#include "env.h"

int unsetenv(const char *name)
{
	size_t n = name ? strchrnul(name, '=') - name : 0;
	if (!n || name[n]) {
		errno = EINVAL;
		return -1;
	}
	__env_remove(name, n);
	return 0;
}
