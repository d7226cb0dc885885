/* SPDX-License-Identifier: MIT */
/* sys/vfs.h: the old name of sys/statfs.h. */
#ifndef _SYS_VFS_H
#define _SYS_VFS_H

#include <features.h>
#include <sys/statfs.h>

#endif
