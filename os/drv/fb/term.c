/* SPDX-License-Identifier: MIT */
/* The terminal: libvterm keeps its state, this draws what changed and keeps what scrolled away. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <vterm.h>
#include "fb.h"
#include "term.h"

#define HISTORY	1000

static struct screen *screen;
static VTermScreen *vts;
static int rows, cols;
static struct cell *shown;		/* what is on the glass, rows * cols */
static uint8_t *dirty;			/* a flag a row */
static VTermPos cursor;
static int cursor_on = 1, cursor_row_drawn;
static struct cell *history;		/* ring of HISTORY rows */
static unsigned hist_count, hist_next;
static int back;			/* rows that the view is scrolled back */
VTerm *term_vt;

unsigned term_rows(void)
{
	return (unsigned)rows;
}

unsigned term_cols(void)
{
	return (unsigned)cols;
}

static uint32_t rgb(VTermColor c)
{
	vterm_screen_convert_color_to_rgb(vts, &c);
	return (uint32_t)c.rgb.red << 16 | (uint32_t)c.rgb.green << 8 | c.rgb.blue;
}

static void convert(const VTermScreenCell *from, struct cell *to)
{
	memset(to, 0, sizeof(*to));
	to->ch = from->chars[0] == (uint32_t)-1 || !from->chars[0] ? ' ' : from->chars[0];
	to->fg = rgb(from->fg);
	to->bg = rgb(from->bg);
	to->bold = from->attrs.bold;
	to->underline = from->attrs.underline != 0;
	if (from->attrs.reverse) {
		uint32_t t = to->fg;

		to->fg = to->bg;
		to->bg = t;
	}
}

/* Nothing of a blank's colour is seen: all blanks of one background are alike. */
static void normalise(struct cell *c)
{
	if (c->ch == ' ' && !c->underline)
		c->fg = c->bold = 0;
}

static int on_damage(VTermRect r, void *user)
{
	(void)user;
	for (int i = r.start_row; i < r.end_row; i++)
		dirty[i] = 1;
	return 1;
}

static int on_cursor(VTermPos pos, VTermPos old, int visible, void *user)
{
	(void)user;
	(void)visible;
	dirty[old.row] = 1;
	dirty[pos.row] = 1;
	cursor = pos;
	return 1;
}

static int on_prop(VTermProp prop, VTermValue *val, void *user)
{
	(void)user;
	if (prop == VTERM_PROP_CURSORVISIBLE)
		cursor_on = val->boolean;
	dirty[cursor.row] = 1;
	return 1;
}

static int on_push(int n, const VTermScreenCell *cells, void *user)
{
	struct cell *to = history + (size_t)hist_next * (size_t)cols;

	(void)user;
	for (int i = 0; i < cols; i++)
		convert(&cells[i < n ? i : n - 1], &to[i]);
	hist_next = (hist_next + 1) % HISTORY;
	if (hist_count < HISTORY)
		hist_count++;
	return 1;
}

static const VTermScreenCallbacks callbacks = {
	.damage = on_damage,
	.movecursor = on_cursor,
	.settermprop = on_prop,
	.sb_pushline = on_push,
};

/* The cell seen at a place, scrolled back or not. */
static void view(int row, int col, struct cell *c)
{
	VTermScreenCell sc;
	VTermPos pos = { row - back, col };

	if (row < back) {
		unsigned at = (hist_next + HISTORY - (unsigned)(back - row)) % HISTORY;

		*c = history[(size_t)at * (size_t)cols + (size_t)col];
		return;
	}
	vterm_screen_get_cell(vts, pos, &sc);
	convert(&sc, c);
	if (cursor_on && !back && cursor.row == row && cursor.col == col) {
		uint32_t t = c->fg;

		c->fg = c->bg;
		c->bg = t;
	}
}

static void render_row(int row)
{
	for (int col = 0; col < cols; col++) {
		struct cell *old = &shown[row * cols + col], c;

		view(row, col, &c);
		normalise(&c);
		if (!memcmp(old, &c, sizeof(c)))
			continue;
		*old = c;
		draw_cell(screen, (unsigned)row, (unsigned)col, &c);
	}
}

void term_render(void)
{
	int first = rows, last = -1;

	vterm_screen_flush_damage(vts);
	dirty[cursor_row_drawn] = 1;
	for (int row = 0; row < rows; row++) {
		if (!dirty[row])
			continue;
		dirty[row] = 0;
		render_row(row);
		last = row;
		if (first == rows)
			first = row;
	}
	cursor_row_drawn = cursor.row;
	if (last >= 0)
		display_flush(screen, (unsigned)first * CELL_H, (unsigned)(last - first + 1) * CELL_H);
}

void term_scroll(int lines)
{
	int to = back + lines;

	if (to > (int)hist_count)
		to = (int)hist_count;
	if (to < 0)
		to = 0;
	if (to == back)
		return;
	back = to;
	memset(dirty, 1, (size_t)rows);
}

void term_write(const uint8_t *p, size_t n)
{
	if (back)
		term_scroll(-back);
	vterm_input_write(term_vt, (const char *)p, n);
}

static void (*reply_fn)(const char *p, size_t n);

static void on_output(const char *p, size_t n, void *user)
{
	(void)user;
	reply_fn(p, n);
}

static int allocate(void)
{
	size_t cells = (size_t)rows * (size_t)cols;

	shown = calloc(cells, sizeof(*shown));
	dirty = calloc((size_t)rows, 1);
	history = calloc((size_t)HISTORY * (size_t)cols, sizeof(*history));
	term_vt = vterm_new(rows, cols);
	if (!shown || !dirty || !history || !term_vt)
		return -ENOMEM;
	memset((void *)screen->pixels, 0, (size_t)screen->pitch * screen->height * 4);
	for (size_t i = 0; i < cells; i++)
		shown[i].ch = ' ';
	return 0;
}

int term_init(struct screen *s, void (*reply)(const char *p, size_t n))
{
	VTermColor fg, bg;

	screen = s;
	reply_fn = reply;
	rows = (int)(s->height / CELL_H);
	cols = (int)(s->width / CELL_W);
	if (allocate())
		return -ENOMEM;
	vterm_set_utf8(term_vt, 1);
	vterm_output_set_callback(term_vt, on_output, NULL);
	vts = vterm_obtain_screen(term_vt);
	vterm_screen_set_callbacks(vts, &callbacks, NULL);
	vterm_screen_set_damage_merge(vts, VTERM_DAMAGE_ROW);
	vterm_screen_enable_altscreen(vts, 1);
	vterm_color_rgb(&fg, 0xd0, 0xd0, 0xd0);
	vterm_color_rgb(&bg, 0, 0, 0);
	vterm_screen_set_default_colors(vts, &fg, &bg);
	vterm_state_set_bold_highbright(vterm_obtain_state(term_vt), 1);
	vterm_screen_reset(vts, 1);
	memset(dirty, 1, (size_t)rows);
	return 0;
}
