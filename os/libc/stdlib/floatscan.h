/* SPDX-License-Identifier: MIT */
/* The parser behind strtod and friends. */
#ifndef STDLIB_FLOATSCAN_H
#define STDLIB_FLOATSCAN_H

#include "hidden.h"

/* which: 0 float, 1 double, 2 long double; the result is exact in that format. */
hidden long double __strtofloat(const char *s, char **end, int which);

#endif
