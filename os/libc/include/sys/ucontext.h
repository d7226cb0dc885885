/* SPDX-License-Identifier: MIT */
/* sys/ucontext.h: the old name of ucontext.h. */
#ifndef _SYS_UCONTEXT_H
#define _SYS_UCONTEXT_H

#include <features.h>
#include <ucontext.h>

#endif
