/* SPDX-License-Identifier: MIT */
/* ret.h: the one place where -errno inside the library becomes errno and -1 outside. */
#ifndef INTERNAL_RET_H
#define INTERNAL_RET_H

#include <errno.h>
#include "hidden.h"

/* Returns r, or sets errno to -r and returns -1 when r is an error (-4095..-1). */
hidden long __ret(long r);
/* The same for pointers: NULL when the value is an error. */
hidden void *__retp(long r);

#endif
