/* SPDX-License-Identifier: MIT */
/* sys/syslog.h: the old name of syslog.h. */
#ifndef _SYS_SYSLOG_H
#define _SYS_SYSLOG_H

#include <features.h>
#include <syslog.h>

#endif
