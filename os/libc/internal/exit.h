/* SPDX-License-Identifier: MIT */
/* What runs when the program ends. */
#ifndef INTERNAL_EXIT_H
#define INTERNAL_EXIT_H

#include "hidden.h"

/* Flushes all streams; only there when the program uses streams. */
hidden weak void __stdio_exit(void);
/* Destructors of the loaded objects. */
void __libc_exit_fini(void);
int __cxa_atexit(void (*fn)(void *), void *arg, void *dso);
void __cxa_finalize(void *dso);

/* What exit was called with, for handlers that want to know. */
extern hidden int __exit_code;

#endif
