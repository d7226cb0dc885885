/* SPDX-License-Identifier: MIT */
/* Finding the disk or partition that holds a calxfs. */
#ifndef LIB_BLKFIND_H
#define LIB_BLKFIND_H

#include <stddef.h>

/*
 * The name (without "dev:") of the block device that `spec` means: a name, "LABEL=text" or
 * "UUID=hex"; "root" is what root= on the kernel's command line says, and without it the first
 * device found with a calxfs. Waits until there is one; says so in the log when that takes long.
 * 0, or -EINVAL for a malformed UUID, -ENAMETOOLONG.
 */
int blk_find(const char *spec, char *name, size_t size);

#endif
