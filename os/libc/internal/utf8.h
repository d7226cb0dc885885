/* SPDX-License-Identifier: MIT */
/* UTF-8 and single bytes as wide characters. */
#ifndef INTERNAL_UTF8_H
#define INTERNAL_UTF8_H

#include <stddef.h>
#include "hidden.h"

/* In the C locale bytes from 128 on are the wide characters from here on. */
#define BYTE_BASE 0xdf00
#define IS_BYTE_CHAR(c) ((unsigned)(c) - BYTE_BASE - 128 < 128)

/* Encodes c in 1 to 4 bytes; 0 when it is no character. */
hidden size_t __utf8_put(char *s, unsigned c);

#endif
