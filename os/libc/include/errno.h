/* SPDX-License-Identifier: MIT */
/* errno.h: error numbers. */
#ifndef _ERRNO_H
#define _ERRNO_H

#include <features.h>
#include <bits/errno.h>

__BEGIN_DECLS

int *__errno_location(void) __attribute__((__const__));

#define errno (*__errno_location())

#if __VISIBLE_MORE
extern char *program_invocation_name;
extern char *program_invocation_short_name;
typedef int error_t;
#endif

__END_DECLS

#endif
