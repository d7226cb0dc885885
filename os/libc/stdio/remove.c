/* SPDX-License-Identifier: MIT */
/* remove. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include "plat.h"
#include "ret.h"

int remove(const char *path)
{
	int r = plat_unlinkat(AT_FDCWD, path, 0);
	if (r == -EISDIR || r == -EPERM)
		r = plat_unlinkat(AT_FDCWD, path, AT_REMOVEDIR);
	return __ret(r);
}
