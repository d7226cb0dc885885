/* SPDX-License-Identifier: MIT */
/* The keyboard map (US) and what keys send: characters here, cursor and function keys by libvterm. */
#include "fb.h"
#include "term.h"

enum { LSHIFT = 42, RSHIFT = 54, LCTRL = 29, RCTRL = 97, LALT = 56, RALT = 100, CAPS = 58,
       PAGE_UP = 104, PAGE_DOWN = 109 };

static const char plain[] = "\0\0331234567890-=\177\tqwertyuiop[]\r\0asdfghjkl;'`\0\\zxcvbnm,./\0*\0 ";
static const char shifted[] = "\0\033!@#$%^&*()_+\177\tQWERTYUIOP{}\r\0ASDFGHJKL:\"~\0|ZXCVBNM<>?\0*\0 ";

static const struct { uint8_t key; VTermKey send; } special[] = {
	{ 103, VTERM_KEY_UP }, { 108, VTERM_KEY_DOWN }, { 105, VTERM_KEY_LEFT },
	{ 106, VTERM_KEY_RIGHT }, { 102, VTERM_KEY_HOME }, { 107, VTERM_KEY_END },
	{ 110, VTERM_KEY_INS }, { 111, VTERM_KEY_DEL }, { PAGE_UP, VTERM_KEY_PAGEUP },
	{ PAGE_DOWN, VTERM_KEY_PAGEDOWN }, { 59, VTERM_KEY_FUNCTION(1) },
	{ 60, VTERM_KEY_FUNCTION(2) }, { 61, VTERM_KEY_FUNCTION(3) },
	{ 62, VTERM_KEY_FUNCTION(4) }, { 63, VTERM_KEY_FUNCTION(5) },
	{ 64, VTERM_KEY_FUNCTION(6) }, { 65, VTERM_KEY_FUNCTION(7) },
	{ 66, VTERM_KEY_FUNCTION(8) }, { 67, VTERM_KEY_FUNCTION(9) },
	{ 68, VTERM_KEY_FUNCTION(10) }, { 87, VTERM_KEY_FUNCTION(11) },
	{ 88, VTERM_KEY_FUNCTION(12) },
};

static int shift, ctrl, alt, caps;	/* shift, ctrl, alt: bit 0 left, bit 1 right */
static void (*out)(const char *p, size_t n);

void keys_init(void (*reply)(const char *p, size_t n))
{
	out = reply;
}

static int modifier(const struct input_event *e)
{
	static const struct { uint8_t key; int *state, bit; } mods[] = {
		{ LSHIFT, &shift, 1 }, { RSHIFT, &shift, 2 }, { LCTRL, &ctrl, 1 },
		{ RCTRL, &ctrl, 2 }, { LALT, &alt, 1 }, { RALT, &alt, 2 },
	};

	for (unsigned i = 0; i < sizeof(mods) / sizeof(mods[0]); i++) {
		if (mods[i].key != e->code)
			continue;
		if (e->value)
			*mods[i].state |= mods[i].bit;
		else
			*mods[i].state &= ~mods[i].bit;
		return 1;
	}
	if (e->code == CAPS && e->value == 1)
		caps = !caps;
	return e->code == CAPS;
}

static char character(uint16_t code)
{
	char c;

	if (code == 96)			/* keypad enter */
		return '\r';
	if (code == 98)
		return '/';
	if (code >= sizeof(plain) - 1)
		return 0;
	c = plain[code];
	if (c >= 'a' && c <= 'z')
		return (shift != 0) != caps ? shifted[code] : c;
	return shift ? shifted[code] : c;
}

static void send_char(char c)
{
	char buf[2];
	size_t n = 0;

	if (ctrl && c == ' ')
		c = 0;
	else if (ctrl && (c == '/' || c == '-'))
		c = 31;
	else if (ctrl && c >= '@' && c < 127)
		c &= 31;
	if (alt)
		buf[n++] = 27;
	buf[n++] = c;
	out(buf, n);
}

static void send_special(uint16_t code)
{
	int mod = (shift ? VTERM_MOD_SHIFT : 0) | (alt ? VTERM_MOD_ALT : 0) |
		  (ctrl ? VTERM_MOD_CTRL : 0);

	if (shift && (code == PAGE_UP || code == PAGE_DOWN)) {
		int half = (int)term_rows() / 2;

		term_scroll(code == PAGE_UP ? half : -half);
		return;
	}
	for (unsigned i = 0; i < sizeof(special) / sizeof(special[0]); i++)
		if (special[i].key == code)
			vterm_keyboard_key(term_vt, special[i].send, (VTermModifier)mod);
}

void keys_event(const struct input_event *e)
{
	char c;

	if (e->type != INPUT_KEY || modifier(e) || !e->value)
		return;
	c = character(e->code);
	if (c)
		send_char(c);
	else
		send_special(e->code);
}
