/* SPDX-License-Identifier: MIT */
/* sys/sockio.h: ioctl requests of sockets. */
#ifndef _SYS_SOCKIO_H
#define _SYS_SOCKIO_H

#include <features.h>
#include <sys/ioctl.h>

__BEGIN_DECLS

__END_DECLS

#endif
