/* SPDX-License-Identifier: MIT */
/* getpt: a new pseudo terminal's master. */
#include <fcntl.h>
#include <stdlib.h>

int getpt(void)
{
	return posix_openpt(O_RDWR | O_NOCTTY);
}
