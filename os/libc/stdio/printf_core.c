/* SPDX-License-Identifier: MIT */
/* The engine of all printf functions: parsing formats, fetching arguments, writing. */
#include <errno.h>
#include <limits.h>
#include <stdarg.h>
#include <stdlib.h>
#include <wchar.h>
#include "printf_impl.h"
#include "utf8.h"

#define MAX_ARGS 64

/* A copy whose address can be passed on, whatever kind of type va_list is. */
struct args {
	va_list ap;
	union arg *list;	/* positional arguments, all fetched before; else NULL */
};

void __print_pad(struct print *o, char c, long n)
{
	char block[64];
	if (n <= 0)
		return;
	memset(block, c, n < 64 ? n : 64);
	for (; n > 64; n -= 64)
		put(o, block, 64);
	put(o, block, n);
}

void __print_number(struct print *o, const struct spec *sp, const char *prefix, size_t npre,
	long zeros, const char *body, size_t n)
{
	long pad = sp->width - (long)(npre + zeros + n);
	if ((sp->flags & (FL_ZERO | FL_LEFT)) == FL_ZERO && pad > 0) {
		zeros += pad;
		pad = 0;
	}
	if (!(sp->flags & FL_LEFT))
		__print_pad(o, ' ', pad);
	put(o, prefix, npre);
	__print_pad(o, '0', zeros);
	put(o, body, n);
	if (sp->flags & FL_LEFT)
		__print_pad(o, ' ', pad);
}

/* -- parsing -- */

static int number(const char **p)
{
	int n = 0;
	for (; **p - '0' < 10u; ++*p)
		if (__builtin_mul_overflow(n, 10, &n) || __builtin_add_overflow(n, **p - '0', &n))
			n = INT_MAX;
	return n;
}

/* A number followed by '$', or 0 with *p unmoved. */
static int position(const char **p)
{
	const char *q = *p;
	int n = *q - '1' < 9u ? number(&q) : 0;
	if (!n || *q != '$')
		return 0;
	*p = q + 1;
	return n;
}

/* A width or precision: a number, or a star with or without a position. */
static int size_field(const char **p, int *arg)
{
	*arg = -1;
	if (**p != '*')
		return number(p);
	++*p;
	*arg = position(p);
	return 0;
}

static unsigned flags(const char **p)
{
	unsigned f = 0;
	for (;; ++*p) {
		switch (**p) {
		case '-': f |= FL_LEFT; break;
		case '+': f |= FL_PLUS; break;
		case ' ': f |= FL_SPACE; break;
		case '#': f |= FL_ALT; break;
		case '0': f |= FL_ZERO; break;
		case '\'': case 'I': break;
		default: return f;
		}
	}
}

static char length(const char **p)
{
	char c = **p;
	switch (c) {
	case 'h':
	case 'l':
		if (*++*p != c)
			return c;
		++*p;
		return c == 'h' ? 'H' : 'q';
	case 'w':
		if ((*p)[1] == 'f')
			++*p;
		++*p;
		switch (number(p)) {
		case 8: return 'H';
		case 16: return 'h';
		case 32: return 0;
		case 64: return 'l';
		}
		return '?';
	case 'L': case 'z': case 'j': case 't': case 'q':
		++*p;
		return c;
	}
	return 0;
}

/* Reads what follows a '%'; 0, or -1 for what is no conversion. */
static int parse(const char **p, struct spec *sp)
{
	sp->arg = position(p);
	sp->flags = flags(p);
	sp->width = size_field(p, &sp->width_arg);
	sp->prec = sp->prec_arg = -1;
	if (**p == '.') {
		++*p;
		sp->prec = size_field(p, &sp->prec_arg);
	}
	sp->len = length(p);
	sp->conv = *(*p)++;
	if (sp->conv == 'C' || sp->conv == 'S') {
		sp->len = 'l';
		sp->conv |= 32;
	}
	if (sp->conv == 'm' || sp->conv == '%')
		sp->arg = -1;
	return sp->conv && strchr("diouxXbBeEfFgGaAcspnm%", sp->conv) && sp->len != '?' ? 0 : -1;
}

/* -- arguments -- */

static uintmax_t fetch_int(const struct spec *sp, va_list *ap)
{
	int sign = sp->conv == 'd' || sp->conv == 'i';
	switch (sp->len) {
	case 'H': return sign ? (uintmax_t)(signed char)va_arg(*ap, int) : (unsigned char)va_arg(*ap, int);
	case 'h': return sign ? (uintmax_t)(short)va_arg(*ap, int) : (unsigned short)va_arg(*ap, int);
	case 'l': case 'q': case 'L': case 'z': case 'j': case 't':
		return va_arg(*ap, uintmax_t);
	}
	return sign ? (uintmax_t)va_arg(*ap, int) : va_arg(*ap, unsigned);
}

static void fetch(const struct spec *sp, va_list *ap, union arg *a)
{
	switch (sp->conv) {
	case 's': case 'p': case 'n':
		a->p = va_arg(*ap, void *);
		break;
	case 'c':
		a->i = va_arg(*ap, int);
		break;
	case 'm': case '%':
		break;
	case 'e': case 'E': case 'f': case 'F': case 'g': case 'G': case 'a': case 'A':
		a->f = sp->len == 'L' ? va_arg(*ap, long double) : va_arg(*ap, double);
		break;
	default:
		a->i = fetch_int(sp, ap);
	}
}

/* Positional formats: learns every argument's type first, then fetches them in order. */
static int fetch_all(const char *p, struct args *args)
{
	static const struct spec plain_int = { .conv = 'd' };
	struct spec type[MAX_ARGS + 1] = { 0 }, sp;
	int max = 0;
	while ((p = strchr(p, '%'))) {
		p++;
		if (parse(&p, &sp) < 0)
			return -1;
		int used[3] = { sp.arg, sp.width_arg, sp.prec_arg };
		for (int i = 0; i < 3; i++) {
			if (used[i] < 0)
				continue;
			if (used[i] == 0 || used[i] > MAX_ARGS)
				return -1;
			type[used[i]] = i ? plain_int : sp;
			max = used[i] > max ? used[i] : max;
		}
	}
	for (int i = 1; i <= max; i++) {
		if (!type[i].conv)
			return -1;
		fetch(&type[i], &args->ap, &args->list[i]);
	}
	return 0;
}

static int take_int(struct args *args, int which)
{
	return args->list ? (int)args->list[which].i : va_arg(args->ap, int);
}

static void resolve(struct spec *sp, struct args *args, union arg *a)
{
	if (sp->width_arg >= 0) {
		sp->width = take_int(args, sp->width_arg);
		if (sp->width < 0) {
			sp->flags |= FL_LEFT;
			sp->width = sp->width == INT_MIN ? INT_MAX : -sp->width;
		}
	}
	if (sp->prec_arg >= 0)
		sp->prec = take_int(args, sp->prec_arg);
	if (sp->prec < 0)
		sp->prec = -1;
	if (!args->list)
		fetch(sp, &args->ap, a);
	else if (sp->arg > 0)
		*a = args->list[sp->arg];
}

/* -- writing -- */

static void print_int(struct print *o, struct spec *sp, uintmax_t v)
{
	char buf[72], *e = buf + sizeof(buf), *p = e, prefix[2];
	const char *set = sp->conv == 'X' ? "0123456789ABCDEF" : "0123456789abcdef";
	int npre = 0, shift = 0;

	switch (sp->conv) {
	case 'd': case 'i':
		if ((intmax_t)v < 0) {
			v = -v;
			prefix[npre++] = '-';
		} else if (sp->flags & (FL_PLUS | FL_SPACE)) {
			prefix[npre++] = sp->flags & FL_PLUS ? '+' : ' ';
		}
		break;
	case 'o': shift = 3; break;
	case 'x': case 'X': shift = 4; break;
	case 'b': case 'B': shift = 1; break;
	}
	if (shift != 3 && shift && sp->flags & FL_ALT && v) {
		prefix[npre++] = '0';
		prefix[npre++] = sp->conv;
	}
	if (shift)
		for (; v; v >>= shift)
			*--p = set[v & ((1u << shift) - 1)];
	else
		for (; v; v /= 10)
			*--p = '0' + v % 10;
	if (sp->conv == 'o' && sp->flags & FL_ALT && sp->prec <= e - p)
		*--p = '0';
	if (p == e && sp->prec)
		*--p = '0';
	if (sp->prec >= 0)
		sp->flags &= ~FL_ZERO;
	__print_number(o, sp, prefix, npre, sp->prec > e - p ? sp->prec - (e - p) : 0, p, e - p);
}

static void padded(struct print *o, const struct spec *sp, const char *s, size_t bytes, size_t chars)
{
	long pad = sp->width - (long)chars;
	if (!(sp->flags & FL_LEFT))
		__print_pad(o, ' ', pad);
	put(o, s, bytes);
	o->total -= bytes - chars;
	if (sp->flags & FL_LEFT)
		__print_pad(o, ' ', pad);
}

/* Encodes one wide character for the output; 0 when that cannot be. */
static size_t encode(const struct print *o, char *buf, wchar_t c)
{
	size_t n = o->wide ? __utf8_put(buf, c) : wcrtomb(buf, c, NULL);
	if (n == (size_t)-1 || !n) {
		errno = EILSEQ;
		return 0;
	}
	return n;
}

/* A wide string: first its length within the precision, then the text. */
static int print_wide(struct print *o, const struct spec *sp, const wchar_t *s)
{
	char buf[4];
	size_t bytes = 0, chars = 0, limit = sp->prec < 0 ? SIZE_MAX : (size_t)sp->prec, n;
	for (const wchar_t *p = s; (o->wide ? chars : bytes) < limit && *p; p++, chars++) {
		if (!(n = encode(o, buf, *p)))
			return -1;
		if (!o->wide && bytes + n > limit)
			break;
		bytes += n;
	}
	long pad = sp->width - (long)(o->wide ? chars : bytes);
	if (!(sp->flags & FL_LEFT))
		__print_pad(o, ' ', pad);
	for (size_t i = 0; i < chars; i++) {
		n = encode(o, buf, s[i]);
		put(o, buf, n);
		if (o->wide)
			o->total -= n - 1;
	}
	if (sp->flags & FL_LEFT)
		__print_pad(o, ' ', pad);
	return 0;
}

/* A multibyte string for a wide stream: decoded, then as a wide one. */
static int print_decoded(struct print *o, const struct spec *sp, const char *s)
{
	size_t n = sp->prec < 0 ? strlen(s) : strnlen(s, (size_t)sp->prec * 4), count = 0;
	wchar_t *w = malloc((n + 1) * sizeof(*w));
	mbstate_t st = { 0 };
	int r = -1;
	if (!w)
		return -1;
	while (sp->prec < 0 || count < (size_t)sp->prec) {
		size_t k = mbrtowc(w + count, s, 4, &st);
		if (k > 4) {
			if (k == (size_t)-2)
				errno = EILSEQ;
			goto out;
		}
		if (!k)
			break;
		s += k;
		count++;
	}
	w[count] = 0;
	r = print_wide(o, sp, w);
out:
	free(w);
	return r;
}

static int print_string(struct print *o, const struct spec *sp, void *p)
{
	const char *s = p ? p : "(null)";
	if (sp->len == 'l' && p)
		return print_wide(o, sp, p);
	if (o->wide)
		return print_decoded(o, sp, s);
	size_t n = sp->prec < 0 ? strlen(s) : strnlen(s, sp->prec);
	padded(o, sp, s, n, n);
	return 0;
}

static int print_char(struct print *o, const struct spec *sp, int c)
{
	char buf[4] = { c };
	size_t n = 1;
	if (sp->len == 'l' || o->wide) {
		wint_t w = sp->len == 'l' ? (wint_t)c : btowc(c);
		if (!(n = w ? encode(o, buf, w) : 1))
			return -1;
	}
	padded(o, sp, buf, n, o->wide ? 1 : n);
	return 0;
}

static void store_count(const struct spec *sp, void *p, size_t n)
{
	if (!p)
		return;
	switch (sp->len) {
	case 'H': *(signed char *)p = n; break;
	case 'h': *(short *)p = n; break;
	case 0: *(int *)p = n; break;
	default: *(long *)p = n;
	}
}

static int print_one(struct print *o, struct spec *sp, union arg *a, int saved_errno)
{
	switch (sp->conv) {
	case '%':
		put(o, "%", 1);
		return 0;
	case 'm':
		return print_string(o, &(struct spec){ sp->flags, sp->width, sp->prec, 0, 0, 0, 0, 's' },
			strerror(saved_errno));
	case 'c':
		return print_char(o, sp, a->i);
	case 's':
		return print_string(o, sp, a->p);
	case 'n':
		store_count(sp, a->p, o->total);
		return 0;
	case 'p':
		sp->conv = 'x';
		sp->flags |= FL_ALT;
		if (!a->p)
			return print_string(o, sp, "(nil)");
		print_int(o, sp, (uintptr_t)a->p);
		return 0;
	case 'd': case 'i': case 'o': case 'u': case 'x': case 'X': case 'b': case 'B':
		print_int(o, sp, a->i);
		return 0;
	}
	__print_float(o, sp, a->f);
	return 0;
}

/* Literal text up to the next '%'; in a wide stream it is UTF-8. */
static const char *literal(struct print *o, const char *p)
{
	const char *q = strchrnul(p, '%');
	put(o, p, q - p);
	if (o->wide)
		for (; p < q; p++)
			o->total -= (*p & 0xc0) == 0x80;
	return q;
}

static int positional(const char *p)
{
	while ((p = strchr(p, '%'))) {
		p++;
		if (position(&p))
			return 1;
		if (*p == '%')
			p++;
	}
	return 0;
}

static int run(struct print *o, const char *p, struct args *args)
{
	int saved = errno;
	struct spec sp;
	union arg a;
	while (*(p = literal(o, p))) {
		p++;
		if (parse(&p, &sp) < 0) {
			errno = EINVAL;
			return -1;
		}
		resolve(&sp, args, &a);
		if (print_one(o, &sp, &a, saved) < 0)
			return -1;
		if (o->total > INT_MAX) {
			errno = EOVERFLOW;
			return -1;
		}
	}
	return 0;
}

static int with_positions(struct print *o, const char *fmt, struct args *args)
{
	union arg list[MAX_ARGS + 1];
	args->list = list;
	if (fetch_all(fmt, args) < 0) {
		errno = EINVAL;
		return -1;
	}
	return run(o, fmt, args);
}

int __printf_core(FILE *f, const char *fmt, va_list ap, int wide)
{
	struct print o = { f, 0, wide };
	struct args args = { .list = NULL };
	unsigned old = f->flags & F_ERR;
	int r;
	if (!(f->flags & F_STRING) && __towrite(f) < 0)
		return -1;
	f->flags &= ~F_ERR;
	va_copy(args.ap, ap);
	r = strchr(fmt, '$') && positional(fmt) ? with_positions(&o, fmt, &args) : run(&o, fmt, &args);
	va_end(args.ap);
	if (f->flags & F_ERR)
		r = -1;
	f->flags |= old;
	if (o.total > INT_MAX && !r) {
		errno = EOVERFLOW;
		r = -1;
	}
	return r < 0 ? -1 : (int)o.total;
}
