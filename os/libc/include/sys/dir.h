/* SPDX-License-Identifier: MIT */
/* sys/dir.h: the old name of dirent.h. */
#ifndef _SYS_DIR_H
#define _SYS_DIR_H

#include <features.h>
#include <dirent.h>

__BEGIN_DECLS

#define direct dirent

__END_DECLS

#endif
