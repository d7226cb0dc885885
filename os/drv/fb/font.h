/* SPDX-License-Identifier: MIT */
/* The console's font: a table made from a BDF file at build time, sorted by code point. */
#ifndef FONT_H
#define FONT_H

#include <stdint.h>

struct glyph { uint32_t code; uint8_t rows[16]; };	/* bit 7 is the left pixel */

extern const struct glyph font[];
extern const unsigned font_count, font_height;

#endif
