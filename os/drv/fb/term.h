/* SPDX-License-Identifier: MIT */
/* The terminal's state, for keys.c. */
#ifndef TERM_H
#define TERM_H

#include <vterm.h>

extern VTerm *term_vt;

#endif
