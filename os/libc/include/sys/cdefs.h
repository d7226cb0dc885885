/* SPDX-License-Identifier: MIT */
/* sys/cdefs.h: macros that BSD programs expect. */
#ifndef _SYS_CDEFS_H
#define _SYS_CDEFS_H

#include <features.h>

__BEGIN_DECLS

#define __P(p) p
#define __CONCAT(x, y) x##y
#define __STRING(x) #x
#define __THROW
#define __NTH(x) x
#define __nonnull(x)
#define __wur
#define __attribute_pure__ __attribute__((__pure__))
#define __attribute_const__ __attribute__((__const__))
#define __attribute_malloc__ __attribute__((__malloc__))
#define __attribute_deprecated__ __attribute__((__deprecated__))
#define __ptr_t void *

#ifndef __packed
#define __packed __attribute__((__packed__))
#endif

#define __dead2 __attribute__((__noreturn__))
#define __pure2 __attribute__((__const__))
#define __used __attribute__((__used__))
#define __aligned(x) __attribute__((__aligned__(x)))
#define __section(x) __attribute__((__section__(x)))
#define __printflike(f, a) __attribute__((__format__(__printf__, f, a)))
#define __scanflike(f, a) __attribute__((__format__(__scanf__, f, a)))
#define __predict_true(x) __builtin_expect(!!(x), 1)
#define __predict_false(x) __builtin_expect(!!(x), 0)
#define __glibc_likely(x) __builtin_expect(!!(x), 1)
#define __glibc_unlikely(x) __builtin_expect(!!(x), 0)
#define __DECONST(t, x) ((t)(__UINTPTR_TYPE__)(const void *)(x))
#define __UNCONST(x) ((void *)(__UINTPTR_TYPE__)(const void *)(x))
#define __IDSTRING(name, s) static const char name[] __attribute__((__unused__)) = s
#define __FBSDID(s) __asm__("")
#define __RCSID(s) __asm__("")
#define __COPYRIGHT(s) __asm__("")

#ifndef __unused
#endif

__END_DECLS

#endif
