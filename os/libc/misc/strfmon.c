/* SPDX-License-Identifier: MIT */
/* strfmon: in all locales there are two digits after the point and no symbol. */
#include <errno.h>
#include <monetary.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

/* Reads what follows a '%' up to the conversion letter. */
struct spec { int left, paren, nosign, width, whole, frac; char fill; };

static const char *parse(const char *p, struct spec *sp)
{
	*sp = (struct spec){ .frac = 2, .fill = ' ' };
	for (; ; p++) {
		if (*p == '=' && p[1])
			sp->fill = *++p;
		else if (*p == '-')
			sp->left = 1;
		else if (*p == '(')
			sp->paren = 1;
		else if (*p != '^' && *p != '+' && *p != '!')
			break;
	}
	sp->width = strtol(p, (char **)&p, 10);
	if (*p == '#')
		sp->whole = strtol(p + 1, (char **)&p, 10);
	if (*p == '.')
		sp->frac = strtol(p + 1, (char **)&p, 10);
	return p;
}

static int format(char *s, size_t n, const struct spec *sp, double v)
{
	char num[400], out[900];
	int neg = v < 0, len = snprintf(num, sizeof(num), "%.*f", sp->frac, neg ? -v : v);
	int lead = sp->whole - (len - sp->frac - (sp->frac > 0)), i = 0;
	out[i++] = neg ? sp->paren ? '(' : '-' : ' ';
	if (!neg && !sp->whole && !sp->paren)
		i = 0;
	for (; lead > 0 && i < 400; lead--)
		out[i++] = sp->fill;
	snprintf(out + i, sizeof(out) - i, "%s%s", num, sp->paren ? neg ? ")" : " " : "");
	return snprintf(s, n, sp->left ? "%-*s" : "%*s", sp->width, out);
}

static ssize_t vformat(char *s, size_t n, const char *p, va_list ap)
{
	size_t i = 0;
	struct spec sp;
	for (; *p; p++) {
		if (*p == '%' && p[1] == '%')
			p++;
		else if (*p == '%') {
			p = parse(p + 1, &sp);
			if (*p != 'i' && *p != 'n') {
				errno = EINVAL;
				return -1;
			}
			i += format(i < n ? s + i : NULL, i < n ? n - i : 0, &sp, va_arg(ap, double));
			continue;
		}
		if (i < n)
			s[i] = *p;
		i++;
	}
	if (i >= n) {
		errno = E2BIG;
		return -1;
	}
	s[i] = 0;
	return i;
}

ssize_t strfmon(char *restrict s, size_t n, const char *restrict fmt, ...)
{
	va_list ap;
	va_start(ap, fmt);
	ssize_t r = vformat(s, n, fmt, ap);
	va_end(ap);
	return r;
}

ssize_t strfmon_l(char *restrict s, size_t n, locale_t l, const char *restrict fmt, ...)
{
	va_list ap;
	(void)l;
	va_start(ap, fmt);
	ssize_t r = vformat(s, n, fmt, ap);
	va_end(ap);
	return r;
}
