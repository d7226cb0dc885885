/* SPDX-License-Identifier: MIT */
/* alloca.h: memory on the stack of the caller. */
#ifndef _ALLOCA_H
#define _ALLOCA_H

#include <features.h>

__BEGIN_DECLS

#undef alloca

#define alloca __builtin_alloca

__END_DECLS

#endif
