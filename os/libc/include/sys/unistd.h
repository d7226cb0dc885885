/* SPDX-License-Identifier: MIT */
/* sys/unistd.h: the old name of unistd.h. */
#ifndef _SYS_UNISTD_H
#define _SYS_UNISTD_H

#include <features.h>
#include <unistd.h>

#endif
