/* SPDX-License-Identifier: MIT */
/* Drawing characters. */
#include "fb.h"
#include "font.h"

static const struct glyph *find(uint32_t code)
{
	unsigned lo = 0, hi = font_count;

	while (lo < hi) {
		unsigned mid = (lo + hi) / 2;

		if (font[mid].code == code)
			return &font[mid];
		if (font[mid].code < code)
			lo = mid + 1;
		else
			hi = mid;
	}
	return code == '?' ? &font[0] : find('?');
}

void draw_cell(struct screen *s, unsigned row, unsigned col, const struct cell *c)
{
	const struct glyph *g = find(c->ch ? c->ch : ' ');
	volatile uint32_t *p = s->pixels + (size_t)row * CELL_H * s->pitch + col * CELL_W;

	for (unsigned y = 0; y < CELL_H; y++, p += s->pitch) {
		uint8_t bits = g->rows[y];

		if (c->bold)
			bits |= bits >> 1;
		if (c->underline && y == CELL_H - 2)
			bits = 0xff;
		for (unsigned x = 0; x < CELL_W; x++)
			p[x] = bits & (0x80 >> x) ? c->fg : c->bg;
	}
}
