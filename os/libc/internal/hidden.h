/* SPDX-License-Identifier: MIT */
/* hidden.h: visibility and aliases. A hidden symbol is not seen outside libc.so.1. */
#ifndef INTERNAL_HIDDEN_H
#define INTERNAL_HIDDEN_H

#define hidden __attribute__((visibility("hidden")))
#define weak __attribute__((weak))
#define weak_alias(old, new) extern __typeof(old) new __attribute__((weak, alias(#old)))

#endif
