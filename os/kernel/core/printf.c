/* SPDX-License-Identifier: MIT */
/* Formatted text, the part of printf that the kernel needs. */
#include <stdbool.h>

#include "core/lib.h"

struct out { char *d; size_t n, used; };
struct spec { bool left, zero, is_long, has_prec; int width, prec; };

static void put(struct out *o, char c)
{
	if (o->used + 1 < o->n)
		o->d[o->used] = c;
	o->used++;
}

static void put_padded(struct out *o, const struct spec *s, const char *t, size_t len)
{
	int pad = s->width - (int)len;

	for (; !s->left && pad > 0; pad--)
		put(o, s->zero ? '0' : ' ');
	for (size_t i = 0; i < len; i++)
		put(o, t[i]);
	for (; pad > 0; pad--)
		put(o, ' ');
}

static void put_number(struct out *o, const struct spec *s, uint64_t v, unsigned base, bool minus)
{
	char buf[24];
	size_t i = sizeof(buf);

	do
		buf[--i] = "0123456789abcdef"[v % base];
	while ((v /= base) != 0);
	if (minus)
		buf[--i] = '-';
	put_padded(o, s, buf + i, sizeof(buf) - i);
}

static void put_text(struct out *o, const struct spec *s, const char *t)
{
	size_t n = 0;

	if (t == NULL)
		t = "(null)";
	while (t[n] != 0 && (!s->has_prec || n < (size_t)s->prec))
		n++;
	put_padded(o, s, t, n);
}

static int number(const char **f, va_list *ap)
{
	int n = 0;

	if (**f == '*') {
		(*f)++;
		return va_arg(*ap, int);
	}
	for (; **f >= '0' && **f <= '9'; (*f)++)
		n = n * 10 + **f - '0';
	return n;
}

static const char *parse(const char *f, struct spec *s, va_list *ap)
{
	*s = (struct spec){ 0 };
	for (;; f++) {
		if (*f == '-')
			s->left = true;
		else if (*f == '0')
			s->zero = true;
		else if (*f != '#')
			break;
	}
	s->width = number(&f, ap);
	if (*f == '.') {
		f++;
		s->has_prec = true;
		s->prec = number(&f, ap);
	}
	for (; *f == 'l' || *f == 'z'; f++)
		s->is_long = true;
	return f;
}

static void convert(struct out *o, char c, const struct spec *s, va_list *ap)
{
	int64_t v;
	char ch;

	switch (c) {
	case 'd': case 'i':
		v = s->is_long ? va_arg(*ap, int64_t) : va_arg(*ap, int);
		put_number(o, s, v < 0 ? -(uint64_t)v : (uint64_t)v, 10, v < 0);
		break;
	case 'u':
		put_number(o, s, s->is_long ? va_arg(*ap, uint64_t) : va_arg(*ap, unsigned), 10, false);
		break;
	case 'x':
		put_number(o, s, s->is_long ? va_arg(*ap, uint64_t) : va_arg(*ap, unsigned), 16, false);
		break;
	case 'p':
		put_number(o, s, (uint64_t)va_arg(*ap, void *), 16, false);
		break;
	case 'c':
		ch = (char)va_arg(*ap, int);
		put_padded(o, s, &ch, 1);
		break;
	case 's':
		put_text(o, s, va_arg(*ap, const char *));
		break;
	default:
		put(o, c);
	}
}

int vsnprintf(char *d, size_t n, const char *f, va_list ap0)
{
	struct out o = { d, n, 0 };
	struct spec s;
	va_list ap;

	va_copy(ap, ap0);
	for (; *f != 0; f++) {
		if (*f != '%') {
			put(&o, *f);
			continue;
		}
		f = parse(f + 1, &s, &ap);
		if (*f == 0)
			break;
		convert(&o, *f, &s, &ap);
	}
	va_end(ap);
	if (n != 0)
		d[o.used < n ? o.used : n - 1] = 0;
	return (int)o.used;
}

int snprintf(char *d, size_t n, const char *fmt, ...)
{
	va_list ap;
	int r;

	va_start(ap, fmt);
	r = vsnprintf(d, n, fmt, ap);
	va_end(ap);
	return r;
}
