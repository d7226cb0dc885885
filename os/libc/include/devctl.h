/* SPDX-License-Identifier: MIT */
/* devctl.h: requests to device drivers (POSIX.1-2024). */
#ifndef _DEVCTL_H
#define _DEVCTL_H

#include <features.h>

#define __NEED_size_t
#include <bits/alltypes.h>

__BEGIN_DECLS

int posix_devctl(int, int, void *__restrict, size_t, int *__restrict);

__END_DECLS

#endif
