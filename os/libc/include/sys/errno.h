/* SPDX-License-Identifier: MIT */
/* sys/errno.h: the old name of errno.h. */
#ifndef _SYS_ERRNO_H
#define _SYS_ERRNO_H

#include <features.h>
#include <errno.h>

#endif
