/* SPDX-License-Identifier: MIT */
/* shim.h: system calls of platform/calx as functions of the test, for code that is built for the host. */
#ifndef CALX_SYS_H
#define CALX_SYS_H

#include <stddef.h>
#include <stdint.h>
#include "../../os/abi/sys.h"

long fake_sys(long nr, long a, long b, long c, long d);
#define PICK(n, a, b, c, d, ...) fake_sys(n, (long)(a), (long)(b), (long)(c), (long)(d))
#define sys(...) PICK(__VA_ARGS__, 0, 0, 0, 0, 0)
#define sys_cp(...) PICK(__VA_ARGS__, 0, 0, 0, 0, 0)
size_t strlcpy(char *to, const char *from, size_t len);
#ifndef ELIBBAD
#define ELIBBAD 80
#endif

#endif
