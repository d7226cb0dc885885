/* SPDX-License-Identifier: MIT */
/* memory.h: the old name of string.h. */
#ifndef _MEMORY_H
#define _MEMORY_H

#include <features.h>
#include <string.h>

#endif
