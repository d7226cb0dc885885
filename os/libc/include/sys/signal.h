/* SPDX-License-Identifier: MIT */
/* sys/signal.h: the old name of signal.h. */
#ifndef _SYS_SIGNAL_H
#define _SYS_SIGNAL_H

#include <features.h>
#include <signal.h>

#endif
