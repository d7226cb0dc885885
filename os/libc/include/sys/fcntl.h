/* SPDX-License-Identifier: MIT */
/* sys/fcntl.h: the old name of fcntl.h. */
#ifndef _SYS_FCNTL_H
#define _SYS_FCNTL_H

#include <features.h>
#include <fcntl.h>

#endif
