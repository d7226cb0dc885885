/* SPDX-License-Identifier: MIT */
/* hidden.h: visibility and aliases. A hidden symbol is not seen outside libc.so.1. */
#ifndef INTERNAL_HIDDEN_H
#define INTERNAL_HIDDEN_H

#define hidden __attribute__((__visibility__("hidden")))
#define weak __attribute__((__weak__))
#define weak_alias(old, new) extern __typeof(old) new __attribute__((__weak__, __alias__(#old)))

#endif
