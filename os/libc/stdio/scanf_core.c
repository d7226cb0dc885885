/* SPDX-License-Identifier: MIT */
/* The engine of all scanf functions. */
#include <ctype.h>
#include <errno.h>
#include <limits.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>
#include <wctype.h>
#include "stdio_impl.h"
#include "utf8.h"

/*
 * Input is bytes, or wide characters in a wide stream; one unit can be looked at ahead. Formats are
 * bytes: in the wide functions UTF-8, whose characters are compared with those read.
 */
struct scan {
	FILE *f;
	int wide;
	long ahead;		/* unit read but not taken, -1 end, -2 none */
	size_t count;		/* units taken */
};

struct conv {
	char type, len;
	int suppress, alloc, width;	/* width: INT_MAX when there is none */
	const char *set, *set_end;	/* inside of [...] without the caret */
	int invert;
};

static long peek(struct scan *s)
{
	if (s->ahead == -2) {
		if (s->wide) {
			wint_t c = __fgetwc(s->f);
			s->ahead = c == WEOF ? -1 : (long)c;
		} else {
			s->ahead = __getc(s->f);
		}
	}
	return s->ahead;
}

static void take(struct scan *s)
{
	s->ahead = -2;
	s->count++;
}

static int is_space(const struct scan *s, long c)
{
	return c >= 0 && (s->wide ? iswspace(c) : isspace(c));
}

static void skip_space(struct scan *s)
{
	while (is_space(s, peek(s)))
		take(s);
}

/* -- formats -- */

static void parse_set(const char **fmt, struct conv *cv)
{
	const char *p = *fmt;
	if (*p == '^') {
		cv->invert = 1;
		p++;
	}
	cv->set = p;
	if (*p == ']')
		p++;
	p = strchrnul(p, ']');
	cv->set_end = p;
	*fmt = *p ? p + 1 : p;
}

static char parse_length(const char **fmt)
{
	const char *p = *fmt;
	char c = *p;
	if (!c || !strchr("hljztLq", c))
		return 0;
	*fmt = p + 1;
	if ((c == 'h' || c == 'l') && p[1] == c) {
		++*fmt;
		return c == 'h' ? 'H' : 'q';
	}
	return c;
}

/* Reads what follows a '%'; *pos is its argument's number or 0. */
static void parse(const char **fmt, struct conv *cv, int *pos)
{
	const char *p = *fmt;
	char *e;
	*cv = (struct conv){ .width = INT_MAX };
	*pos = 0;
	if (isdigit((unsigned char)*p)) {
		long n = strtol(p, &e, 10);
		if (*e == '$') {
			*pos = n;
			p = e + 1;
		}
	}
	if (*p == '*') {
		cv->suppress = 1;
		p++;
	}
	if (isdigit((unsigned char)*p)) {
		long n = strtol(p, &e, 10);
		cv->width = n > 0 && n < INT_MAX ? n : INT_MAX;
		p = e;
	}
	if (*p == 'm') {
		cv->alloc = 1;
		p++;
	}
	cv->len = parse_length(&p);
	cv->type = *p ? *p++ : 0;
	if (cv->type == 'C' || cv->type == 'S') {
		cv->len = 'l';
		cv->type |= 32;
	}
	if (cv->type == '[')
		parse_set(&p, cv);
	*fmt = p;
}

/* -- numbers: what may belong to one is collected, then converted -- */

struct text {
	char small[128];
	char *p;
	size_t n, cap;
	int oom;
};

static void add(struct text *t, char c)
{
	if (t->n + 1 >= t->cap) {
		char *p = realloc(t->p == t->small ? NULL : t->p, t->cap * 2);
		if (!p) {
			t->oom = 1;
			return;
		}
		if (t->p == t->small)
			memcpy(p, t->small, t->n);
		t->p = p;
		t->cap *= 2;
	}
	t->p[t->n++] = c;
	t->p[t->n] = 0;
}

/* Takes the next unit if it is one of set; width is counted down. */
static int accept(struct scan *s, struct text *t, const char *set, int *width)
{
	long c = *width > 0 ? peek(s) : -1;
	if (c <= 0 || c > 127 || !strchr(set, c))
		return 0;
	add(t, c);
	take(s);
	--*width;
	return (int)c;
}

#define DEC "0123456789"
#define HEX DEC "abcdefABCDEF"

static int collect_int(struct scan *s, struct text *t, int base, int width)
{
	const char *digits = base == 8 ? "01234567" : base == 16 ? HEX : DEC;
	int any = 0;
	accept(s, t, "+-", &width);
	if ((base == 0 || base == 16) && accept(s, t, "0", &width)) {
		any = 1;
		if (accept(s, t, "xX", &width)) {
			any = 0;
			digits = HEX;
		} else if (!base) {
			digits = "01234567";
		}
	}
	while (accept(s, t, digits, &width))
		any = 1;
	return any;
}

static int word(struct scan *s, struct text *t, const char *low, const char *up, int *width)
{
	for (; *low; low++, up++)
		if (!accept(s, t, (char[]){ *low, *up, 0 }, width))
			return 0;
	return 1;
}

static int collect_float(struct scan *s, struct text *t, int width)
{
	const char *digits = DEC, *letter = "eE";
	int any = 0;
	accept(s, t, "+-", &width);
	if (accept(s, t, "nN", &width))
		return word(s, t, "an", "AN", &width);
	if (accept(s, t, "iI", &width)) {
		if (!word(s, t, "nf", "NF", &width))
			return 0;
		return accept(s, t, "iI", &width) ? word(s, t, "nity", "NITY", &width) : 1;
	}
	if (accept(s, t, "0", &width)) {
		any = 1;
		if (accept(s, t, "xX", &width)) {
			any = 0;
			digits = HEX;
			letter = "pP";
		}
	}
	while (accept(s, t, digits, &width))
		any = 1;
	if (accept(s, t, ".", &width))
		while (accept(s, t, digits, &width))
			any = 1;
	if (any && accept(s, t, letter, &width)) {
		any = 0;
		accept(s, t, "+-", &width);
		while (accept(s, t, DEC, &width))
			any = 1;
	}
	return any;
}

static void store_int(const struct conv *cv, void *p, uintmax_t v)
{
	switch (cv->len) {
	case 'H': *(char *)p = v; break;
	case 'h': *(short *)p = v; break;
	case 0: *(int *)p = v; break;
	default: *(long *)p = v;
	}
}

static int scan_int(struct scan *s, const struct conv *cv, void *p)
{
	struct text t = { .p = t.small, .cap = sizeof(t.small) };
	int base = 10, sign = 1;
	switch (cv->type) {
	case 'i': base = 0; break;
	case 'o': base = 8; sign = 0; break;
	case 'u': sign = 0; break;
	case 'x': case 'X': case 'p': base = 16; sign = 0; break;
	}
	int ok = collect_int(s, &t, base, cv->width);
	if (ok && !cv->suppress) {
		uintmax_t v = sign ? (uintmax_t)strtoll(t.p, NULL, base) : strtoull(t.p, NULL, base);
		if (cv->type == 'p')
			*(void **)p = (void *)v;
		else
			store_int(cv, p, v);
	}
	if (t.p != t.small)
		free(t.p);
	return ok;
}

static int scan_float(struct scan *s, const struct conv *cv, void *p)
{
	struct text t = { .p = t.small, .cap = sizeof(t.small) };
	int ok = collect_float(s, &t, cv->width);
	if (ok && !cv->suppress) {
		if (cv->len == 'L')
			*(long double *)p = strtold(t.p, NULL);
		else if (cv->len == 'l')
			*(double *)p = strtod(t.p, NULL);
		else
			*(float *)p = strtof(t.p, NULL);
	}
	if (t.p != t.small)
		free(t.p);
	return ok;
}

/* -- strings -- */

/* The next character of a set of UTF-8 or bytes. */
static unsigned next_char(const char **p, int wide)
{
	const unsigned char *q = (const void *)*p;
	unsigned c = *q++;
	if (wide && c >= 0xc0) {
		int n = c >= 0xf0 ? 3 : c >= 0xe0 ? 2 : 1;
		c &= 0x3f >> n;
		for (; n && *q; n--)
			c = c << 6 | (*q++ & 63);
	}
	*p = (const char *)q;
	return c;
}

static int in_set(const struct scan *s, const struct conv *cv, long c)
{
	const char *p = cv->set;
	while (p < cv->set_end) {
		unsigned lo = next_char(&p, s->wide), hi = lo;
		if (*p == '-' && p + 1 < cv->set_end) {
			p++;
			hi = next_char(&p, s->wide);
		}
		if ((unsigned long)c >= lo && (unsigned long)c <= hi)
			return !cv->invert;
	}
	return cv->invert;
}

static int belongs(const struct scan *s, const struct conv *cv, long c)
{
	if (c < 0)
		return 0;
	if (cv->type == 'c')
		return 1;
	return cv->type == 's' ? !is_space(s, c) : in_set(s, cv, c);
}

/* Where a string goes: the caller's memory, or allocated memory that grows. */
struct dest {
	char *p;
	size_t n, cap;		/* in bytes; cap 0: the caller's */
	int oom;
};

static void dest_put(struct dest *d, const void *p, size_t n)
{
	if (d->oom || !d->p)
		return;
	if (d->cap && d->n + n + sizeof(wchar_t) > d->cap) {
		char *q = realloc(d->p, d->cap * 2);
		if (!q) {
			d->oom = 1;
			return;
		}
		d->p = q;
		d->cap *= 2;
	}
	memcpy(d->p + d->n, p, n);
	d->n += n;
}

/* One unit of input in the form the argument wants; -1: no character. */
static int dest_unit(struct scan *s, struct dest *d, int towide, long c, mbstate_t *st)
{
	wchar_t w = c;
	char b[4] = { c };
	if (s->wide == towide) {
		dest_put(d, s->wide ? (void *)&w : b, s->wide ? sizeof(w) : 1);
		return 0;
	}
	if (!towide) {
		size_t n = wcrtomb(b, w, NULL);
		if (n == (size_t)-1)
			return -1;
		dest_put(d, b, n);
		return 0;
	}
	size_t n = mbrtowc(&w, b, 1, st);
	if (n == (size_t)-1)
		return -1;
	if (n != (size_t)-2)
		dest_put(d, &w, sizeof(w));
	return 0;
}

static int scan_string(struct scan *s, const struct conv *cv, void *arg)
{
	int width = cv->type == 'c' && cv->width == INT_MAX ? 1 : cv->width, want = width, r = 1;
	struct dest d = { 0 };
	mbstate_t st = { 0 };
	if (!cv->suppress) {
		if (cv->alloc)
			d.cap = 64;
		d.p = cv->alloc ? malloc(d.cap) : arg;
		d.oom = !d.p;
	}
	while (width > 0 && belongs(s, cv, peek(s))) {
		if (dest_unit(s, &d, cv->len == 'l', s->ahead, &st) < 0) {
			r = -1;
			break;
		}
		take(s);
		width--;
	}
	if (width == want || (cv->type == 'c' && width))
		r = r < 0 ? r : 0;
	if (cv->type != 'c')
		dest_put(&d, L"", cv->len == 'l' ? sizeof(wchar_t) : 1);
	if (d.oom)
		r = -1;
	if (cv->alloc && !cv->suppress) {
		if (r <= 0)
			free(d.p);
		else
			*(void **)arg = d.p;
	}
	return r;
}

/* -- the engine -- */

static void *nth_arg(va_list ap, int n)
{
	va_list copy;
	void *p = NULL;
	va_copy(copy, ap);
	while (n-- > 0)
		p = va_arg(copy, void *);
	va_end(copy);
	return p;
}

/* 1 done, 0 no match, -1 input failure. */
static int convert(struct scan *s, const struct conv *cv, void *arg)
{
	if (!strchr("cn[", cv->type))
		skip_space(s);
	if (cv->type == 'n') {
		if (!cv->suppress)
			store_int(cv, arg, s->count);
		return 1;
	}
	if (peek(s) < 0)
		return -1;
	switch (cv->type) {
	case 'd': case 'i': case 'o': case 'u': case 'x': case 'X': case 'p':
		return scan_int(s, cv, arg);
	case 'a': case 'A': case 'e': case 'E': case 'f': case 'F': case 'g': case 'G':
		return scan_float(s, cv, arg);
	case 's': case 'c': case '[':
		return scan_string(s, cv, arg);
	}
	return 0;
}

/* Text of the format that must be there; 1, 0, or -1 at the end of input. */
static int match_literal(struct scan *s, const char **fmt)
{
	if (isspace((unsigned char)**fmt)) {
		while (isspace((unsigned char)**fmt))
			++*fmt;
		skip_space(s);
		return 1;
	}
	if (**fmt == '%') {
		++*fmt;
		skip_space(s);
	}
	unsigned c = next_char(fmt, s->wide);
	if (peek(s) < 0)
		return -1;
	if (s->ahead != (long)c)
		return 0;
	take(s);
	return 1;
}

static int run(struct scan *s, const char *fmt, va_list ap)
{
	va_list seq;
	int done = 0, r = 1;
	va_copy(seq, ap);
	while (*fmt && r > 0) {
		if (*fmt != '%' || fmt[1] == '%') {
			r = match_literal(s, &fmt);
			continue;
		}
		struct conv cv;
		int pos;
		fmt++;
		parse(&fmt, &cv, &pos);
		void *arg = cv.suppress ? NULL : pos ? nth_arg(ap, pos) : va_arg(seq, void *);
		r = convert(s, &cv, arg);
		done += r > 0 && !cv.suppress && cv.type != 'n';
	}
	va_end(seq);
	return r < 0 && !done ? EOF : done;
}

int __scanf_core(FILE *f, const char *fmt, va_list ap, int wide)
{
	struct scan s = { .f = f, .wide = wide, .ahead = -2 };
	int r = run(&s, fmt, ap);
	if (s.ahead >= 0) {
		if (wide)
			ungetwc(s.ahead, f);
		else
			ungetc(s.ahead, f);
	}
	return r;
}
