/* SPDX-License-Identifier: MIT */
/* The parsers behind strtol and friends. */
#ifndef STDLIB_STRTOX_H
#define STDLIB_STRTOX_H

#include <stdint.h>
#include "hidden.h"

hidden int64_t __strtos(const char *s, char **end, int base, int64_t max);
hidden uint64_t __strtou(const char *s, char **end, int base);

#endif
