/* SPDX-License-Identifier: MIT */
/* atfork.h: what the parts of the library do around fork; who: -1 before, 0 in the parent, 1 in the child. */
#ifndef INTERNAL_ATFORK_H
#define INTERNAL_ATFORK_H

#include "hidden.h"

hidden void __malloc_atfork(int who);
hidden void __stdio_atfork(int who);

#endif
