/* SPDX-License-Identifier: MIT */
/* The screen console: between its files. */
#ifndef FB_H
#define FB_H

#include <stddef.h>
#include <stdint.h>
#include "../../abi/input.h"
#include "../../lib/sys.h"

#define CELL_W	8
#define CELL_H	16

struct screen {
	volatile uint32_t *pixels;
	unsigned width, height, pitch;	/* pixels; pitch in pixels */
	handle_t gpu;			/* the driver that shows them, or H_NONE */
};

/*
 * display.c: opens the screen: `what` is the address of an adapter, "loader" for what the boot loader
 * left, or "gpu" for that of a driver of its own. 0 or -errno.
 */
int display_open(handle_t dev, const char *what, struct screen *s);
/* What was drawn in these lines of pixels is to be seen. */
void display_flush(struct screen *s, unsigned y, unsigned height);

/* keyboards.c: all keyboards there are, and those that come later. */
struct srv;
void keyboards_init(struct srv *s);

/* draw.c: one character cell. */
struct cell {
	uint32_t ch, fg, bg;		/* code point, 0xRRGGBB */
	uint8_t bold, underline, pad[2];
};
void draw_cell(struct screen *s, unsigned row, unsigned col, const struct cell *c);

/* term.c: the emulated terminal. */
int term_init(struct screen *s, void (*reply)(const char *p, size_t n));
void term_write(const uint8_t *p, size_t n);
void term_render(void);
void term_scroll(int lines);		/* > 0: back into the past */
unsigned term_rows(void), term_cols(void);

/* keys.c: key events become what the terminal sends. */
void keys_init(void (*reply)(const char *p, size_t n));
void keys_event(const struct input_event *e);

#endif
