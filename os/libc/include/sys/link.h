/* SPDX-License-Identifier: MIT */
/* sys/link.h: the old name of link.h. */
#ifndef _SYS_LINK_H
#define _SYS_LINK_H

#include <features.h>
#include <link.h>

#endif
