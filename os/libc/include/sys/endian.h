/* SPDX-License-Identifier: MIT */
/* sys/endian.h: the BSD name of endian.h. */
#ifndef _SYS_ENDIAN_H
#define _SYS_ENDIAN_H

#include <features.h>
#include <endian.h>

#endif
