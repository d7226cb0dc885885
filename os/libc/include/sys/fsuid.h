/* SPDX-License-Identifier: MIT */
/* sys/fsuid.h: the ids that files are used with: always the effective ones. */
#ifndef _SYS_FSUID_H
#define _SYS_FSUID_H

#include <features.h>

#define __NEED_gid_t
#define __NEED_uid_t
#include <bits/alltypes.h>

__BEGIN_DECLS

int setfsuid(uid_t);
int setfsgid(gid_t);

__END_DECLS

#endif
