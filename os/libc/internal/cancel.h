/* SPDX-License-Identifier: MIT */
/*
 * cancel.h: cancellation points.
 *
 *	int old = __cp_enter();
 *	return __cp_leave(old, plat_read(fd, buf, len));
 *
 * Between the two a cancellation makes the platform's blocking calls return -ECANCELED without an
 * effect. __cp_enter and __cp_leave do not return when the thread is cancelled.
 */
#ifndef INTERNAL_CANCEL_H
#define INTERNAL_CANCEL_H

#include "hidden.h"

hidden int __cp_enter(void);
/* Acts on a cancellation, else returns __ret(r). */
hidden long __cp_leave(int old, long r);
/* The same, but returns r itself, for callers that want an error number. */
hidden long __cp_leave_raw(int old, long r);

#endif
