/* SPDX-License-Identifier: MIT */
/* sys/poll.h: the old name of poll.h. */
#ifndef _SYS_POLL_H
#define _SYS_POLL_H

#include <features.h>
#include <poll.h>

#endif
