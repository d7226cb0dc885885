/* SPDX-License-Identifier: MIT */
/* The TOML parser's lower half: bytes, strings, numbers, UTF-8. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "toml_parse.h"

int
toml_fail_at(struct toml_parser *p, int line, int col, const char *why)
{
	if (!p->err->line) {
		p->err->line = line;
		p->err->col = col;
		snprintf(p->err->text, sizeof(p->err->text), "%s", why);
	}
	return -1;
}

int
toml_fail(struct toml_parser *p, const char *why)
{
	return toml_fail_at(p, p->line, p->col, why);
}

int
toml_peek(const struct toml_parser *p)
{
	return p->at < p->len ? (unsigned char)p->text[p->at] : TOML_END;
}

void
toml_take(struct toml_parser *p)
{
	if (p->text[p->at] == '\n') {
		p->line++;
		p->col = 1;
	} else {
		p->col++;
	}
	p->at++;
}

void
toml_skip_blank(struct toml_parser *p)
{
	while (toml_peek(p) == ' ' || toml_peek(p) == '\t')
		toml_take(p);
}

int
toml_newline(struct toml_parser *p)
{
	if (toml_peek(p) == '\r')
		toml_take(p);
	if (toml_peek(p) != '\n')
		return toml_fail(p, "carriage return without newline");
	toml_take(p);
	return 0;
}

/* Control characters that may stand nowhere but as blanks and newlines. */
static int
is_control(int c)
{
	return (c >= 0 && c < ' ' && c != '\t') || c == 0x7f;
}

int
toml_comment(struct toml_parser *p)
{
	while (toml_peek(p) != TOML_END && toml_peek(p) != '\n') {
		if (toml_peek(p) == '\r')
			return 0;
		if (is_control(toml_peek(p)))
			return toml_fail(p, "control character in a comment");
		toml_take(p);
	}
	return 0;
}

/* The length of the UTF-8 sequence at s (n bytes left), or 0 when it is none. */
static size_t
utf8_len(const unsigned char *s, size_t n)
{
	uint32_t c = s[0], min;
	size_t len, i;

	if (c < 0x80)
		return 1;
	if ((c & 0xe0) == 0xc0)
		len = 2, c &= 0x1f, min = 0x80;
	else if ((c & 0xf0) == 0xe0)
		len = 3, c &= 0x0f, min = 0x800;
	else if ((c & 0xf8) == 0xf0)
		len = 4, c &= 0x07, min = 0x10000;
	else
		return 0;
	if (len > n)
		return 0;
	for (i = 1; i < len; i++) {
		if ((s[i] & 0xc0) != 0x80)
			return 0;
		c = c << 6 | (s[i] & 0x3f);
	}
	return c < min || c > 0x10ffff || (c >= 0xd800 && c <= 0xdfff) ? 0 : len;
}

int
toml_check_utf8(struct toml_parser *p)
{
	int line = 1, col = 1;
	size_t i, n;

	for (i = 0; i < p->len; i += n) {
		n = utf8_len((const unsigned char *)p->text + i, p->len - i);
		if (!n)
			return toml_fail_at(p, line, col, "not UTF-8");
		col += (int)n;
		if (p->text[i] == '\n')
			line++, col = 1;
	}
	return 0;
}

/* A string being put together. */
struct out {
	char *s;
	size_t n, cap;
};

static int
emit(struct toml_parser *p, struct out *o, char c)
{
	if (o->n + 1 >= o->cap) {
		size_t cap = o->cap ? 2 * o->cap : 32;
		char *s = realloc(o->s, cap);

		if (!s)
			return toml_fail(p, "out of memory");
		o->s = s;
		o->cap = cap;
	}
	o->s[o->n++] = c;
	o->s[o->n] = '\0';
	return 0;
}

static int
emit_code(struct toml_parser *p, struct out *o, uint32_t c)
{
	if (c < 0x80)
		return emit(p, o, (char)c);
	if (c < 0x800) {
		if (emit(p, o, (char)(0xc0 | c >> 6)) < 0)
			return -1;
	} else {
		if (c >= 0x10000) {
			if (emit(p, o, (char)(0xf0 | c >> 18)) < 0 ||
			    emit(p, o, (char)(0x80 | (c >> 12 & 0x3f))) < 0)
				return -1;
		} else if (emit(p, o, (char)(0xe0 | c >> 12)) < 0) {
			return -1;
		}
		if (emit(p, o, (char)(0x80 | (c >> 6 & 0x3f))) < 0)
			return -1;
	}
	return emit(p, o, (char)(0x80 | (c & 0x3f)));
}

static int
parse_unicode(struct toml_parser *p, struct out *o, int digits)
{
	uint32_t v = 0;
	int i, c;

	for (i = 0; i < digits; i++) {
		c = toml_peek(p);
		if (c >= '0' && c <= '9')
			v = v << 4 | (uint32_t)(c - '0');
		else if (c >= 'a' && c <= 'f')
			v = v << 4 | (uint32_t)(c - 'a' + 10);
		else if (c >= 'A' && c <= 'F')
			v = v << 4 | (uint32_t)(c - 'A' + 10);
		else
			return toml_fail(p, "expected a hexadecimal digit");
		toml_take(p);
	}
	if (v == 0)
		return toml_fail(p, "NUL in a string is not supported");
	if (v > 0x10ffff || (v >= 0xd800 && v <= 0xdfff))
		return toml_fail(p, "not a Unicode character");
	return emit_code(p, o, v);
}

/* The backslash at the end of a line: swallows white space up to the next text. */
static int
parse_line_fold(struct toml_parser *p)
{
	int lines = 0;

	for (;;) {
		toml_skip_blank(p);
		if (toml_peek(p) != '\n' && toml_peek(p) != '\r')
			break;
		if (toml_newline(p) < 0)
			return -1;
		lines++;
	}
	return lines ? 0 : toml_fail(p, "unknown escape");
}

static int
parse_escape(struct toml_parser *p, struct out *o, int multi)
{
	static const char from[] = "btnfr\"\\", to[] = "\b\t\n\f\r\"\\";
	const char *e;
	int c;

	toml_take(p);
	c = toml_peek(p);
	e = c > 0 ? strchr(from, c) : NULL;
	if (e) {
		toml_take(p);
		return emit(p, o, to[e - from]);
	}
	if (c == 'u' || c == 'U') {
		toml_take(p);
		return parse_unicode(p, o, c == 'u' ? 4 : 8);
	}
	if (multi && (c == ' ' || c == '\t' || c == '\n' || c == '\r'))
		return parse_line_fold(p);
	return toml_fail(p, "unknown escape");
}

/* How many quotes q stand at the cursor, at most 5. */
static int
count_quotes(const struct toml_parser *p, int q)
{
	int n = 0;

	while (n < 5 && p->at + (size_t)n < p->len && p->text[p->at + (size_t)n] == q)
		n++;
	return n;
}

/* Quotes inside a long string: the last three of up to five end it.  1 at the end. */
static int
long_quotes(struct toml_parser *p, struct out *o, int q)
{
	int n = count_quotes(p, q), i;

	for (i = 0; i < n; i++)
		toml_take(p);
	for (i = n >= 3 ? 3 : 0; i < n; i++)
		if (emit(p, o, (char)q) < 0)
			return -1;
	return n >= 3;
}

static int
long_newline(struct toml_parser *p, struct out *o)
{
	if (toml_newline(p) < 0)
		return -1;
	return emit(p, o, '\n');
}

/* One step inside a string: 1 at its end, 0 to go on, -1 on error. */
static int
string_step(struct toml_parser *p, struct out *o, int q, int is_long)
{
	int c = toml_peek(p);

	if (c == TOML_END)
		return toml_fail(p, "string without its end");
	if (c == q) {
		if (is_long)
			return long_quotes(p, o, q);
		toml_take(p);
		return 1;
	}
	if (c == '\n' || c == '\r')
		return is_long ? long_newline(p, o) : toml_fail(p, "newline in a string");
	if (is_control(c))
		return toml_fail(p, "control character in a string");
	if (c == '\\' && q == '"')
		return parse_escape(p, o, is_long);
	toml_take(p);
	return emit(p, o, (char)c);
}

char *
toml_string(struct toml_parser *p, int multi)
{
	struct out o = { 0 };
	int q = toml_peek(p), quotes = count_quotes(p, q), is_long = quotes >= 3, r = 0, i;

	if (is_long && !multi) {
		toml_fail(p, "a key cannot be a long string");
		return NULL;
	}
	for (i = 0; i < (is_long ? 3 : 1); i++)
		toml_take(p);
	if (is_long && toml_peek(p) == '\r' && p->at + 1 < p->len && p->text[p->at + 1] == '\n')
		toml_take(p);
	if (is_long && toml_peek(p) == '\n')
		toml_take(p);
	if (emit(p, &o, 'x') == 0) {		/* so that an empty string has memory */
		o.n = 0;
		o.s[0] = '\0';
		while ((r = string_step(p, &o, q, is_long)) == 0)
			;
	}
	if (r == 1)
		return o.s;
	free(o.s);
	return NULL;
}

/* An unsigned number with its base; underscores only between digits. */
static int
parse_digits(const char *s, int base, uint64_t *out)
{
	uint64_t v = 0;
	int d, last = '_';

	for (; *s; last = *s++) {
		if (*s == '_') {
			if (last == '_')
				return -1;
			continue;
		}
		d = *s >= '0' && *s <= '9' ? *s - '0' : *s >= 'a' && *s <= 'f' ? *s - 'a' + 10 :
			*s >= 'A' && *s <= 'F' ? *s - 'A' + 10 : 99;
		if (d >= base || v > (UINT64_MAX - (uint64_t)d) / (uint64_t)base)
			return -1;
		v = v * (uint64_t)base + (uint64_t)d;
	}
	*out = v;
	return last == '_' ? -1 : 0;
}

static int
parse_integer(const char *s, int64_t *out)
{
	int neg = *s == '-', sign = *s == '-' || *s == '+', base = 10;
	uint64_t v;

	s += sign;
	if (s[0] == '0' && s[1]) {
		base = s[1] == 'x' ? 16 : s[1] == 'o' ? 8 : s[1] == 'b' ? 2 : 0;
		if (!base || sign)
			return -1;
		s += 2;
	}
	if (parse_digits(s, base, &v) < 0 || v > (uint64_t)INT64_MAX + (uint64_t)neg)
		return -1;
	*out = neg ? (int64_t)(0 - v) : (int64_t)v;
	return 0;
}

int
toml_scalar(struct toml_parser *p, struct toml *t)
{
	int line = p->line, col = p->col, c;
	char word[64];
	size_t n = 0;

	while ((c = toml_peek(p)) > ' ' && !strchr(",]}#='\"[{", c) && n < sizeof(word) - 1) {
		word[n++] = (char)c;
		toml_take(p);
	}
	word[n] = '\0';
	t->type = TOML_BOOLEAN;
	t->num = strcmp(word, "true") == 0;
	if (t->num || strcmp(word, "false") == 0)
		return 0;
	t->type = TOML_INTEGER;
	if (parse_integer(word, &t->num) == 0)
		return 0;
	if (n && strspn(word, "0123456789+-._eEinfaTZtz:") == n)
		return toml_fail_at(p, line, col, "not an integer (floats and dates are not supported)");
	return toml_fail_at(p, line, col, "expected a value");
}
