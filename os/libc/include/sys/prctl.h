/* SPDX-License-Identifier: MIT */
/* sys/prctl.h: settings of a process. */
#ifndef _SYS_PRCTL_H
#define _SYS_PRCTL_H

#include <features.h>

__BEGIN_DECLS

#define PR_SET_PDEATHSIG 1
#define PR_GET_PDEATHSIG 2
#define PR_GET_DUMPABLE 3
#define PR_SET_DUMPABLE 4
#define PR_SET_NAME 15
#define PR_GET_NAME 16

int prctl(int, ...);

__END_DECLS

#endif
