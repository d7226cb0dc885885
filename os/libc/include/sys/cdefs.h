/* SPDX-License-Identifier: MIT */
/* sys/cdefs.h: macros that BSD programs expect. */
#ifndef _SYS_CDEFS_H
#define _SYS_CDEFS_H

#include <features.h>
#include <bits/alltypes.h>

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
#ifndef __unused
#endif
#ifndef __packed
#define __packed __attribute__((__packed__))
#endif

__END_DECLS

#endif
