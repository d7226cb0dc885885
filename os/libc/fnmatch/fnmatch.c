/* SPDX-License-Identifier: MIT */
/* fnmatch: POSIX patterns by characters of the locale, with the GNU flags (EXTMATCH as well). */
#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>
#include <wctype.h>

struct match {
	int flags;
	const char *start;		/* of the whole string */
	int depth;
};

/* Decodes one character; bytes that are none count as themselves. */
static size_t
next(const char *s, wchar_t *c)
{
	mbstate_t st = { 0 };
	size_t n;

	if ((unsigned char)*s < 0x80) {
		*c = *s;
		return *s != 0;
	}
	n = mbrtowc(c, s, 16, &st);
	if (n == (size_t)-1 || n == (size_t)-2) {
		*c = 0x110000 + (unsigned char)*s;
		return 1;
	}
	return n;
}

static wchar_t
fold(wchar_t c, int flags)
{
	return flags & FNM_CASEFOLD && c < 0x110000 ? (wchar_t)towlower((wint_t)c) : c;
}

/* A period that only a literal period may match. */
static int
leading_period(const struct match *m, const char *s)
{
	if (!(m->flags & FNM_PERIOD) || *s != '.')
		return 0;
	return s == m->start || (m->flags & FNM_PATHNAME && s[-1] == '/');
}

/* [:name:], [.x.], [=x=] at *p (after '['): 1 matched, 0 not, -1 it is none of them. */
static int
class_item(const char **p, wchar_t c, wchar_t *single)
{
	char kind = **p, name[32];
	const char *s = *p + 1, *e;
	size_t n;

	if (kind != ':' && kind != '.' && kind != '=')
		return -1;
	for (e = s; *e && !(e[0] == kind && e[1] == ']'); e++)
		;
	n = (size_t)(e - s);
	if (!*e || n >= sizeof(name))
		return -1;
	memcpy(name, s, n);
	name[n] = '\0';
	*p = e + 2;
	if (kind == ':')
		return iswctype((wint_t)c, wctype(name)) != 0;
	next(name, single);
	return c == *single;
}

/* The bracket after '[': 1 or 0 and *end after ']'; -1 when there is no ']'. */
static int
bracket(const struct match *m, const char *p, wchar_t c, const char **end)
{
	int invert = *p == '!' || *p == '^', found = 0, begun = 0, r;
	wchar_t low, high, fc = fold(c, m->flags);
	size_t n;

	for (p += invert; *p != ']' || !begun; begun = 1) {
		if (!*p || (*p == '/' && m->flags & FNM_PATHNAME))
			return -1;
		low = -1;
		r = -1;
		if (*p == '[') {
			const char *q = p + 1;

			r = class_item(&q, fc, &low);
			if (r < 0 && m->flags & FNM_CASEFOLD)
				r = -1;
			if (r >= 0)
				p = q;
		}
		if (r < 0) {
			if (*p == '\\' && p[1] && !(m->flags & FNM_NOESCAPE))
				p++;
			n = next(p, &low);
			if (!n)
				return -1;
			p += n;
		} else {
			found |= r;
			if (low == (wchar_t)-1)
				continue;
		}
		high = low;
		if (*p == '-' && p[1] && p[1] != ']') {
			p++;
			if (*p == '[' && (p[1] == '.' || p[1] == '=')) {
				p++;
				if (class_item(&p, fc, &high) < 0)
					return -1;
			} else {
				if (*p == '\\' && p[1] && !(m->flags & FNM_NOESCAPE))
					p++;
				p += next(p, &high);
			}
		}
		found |= (c >= low && c <= high) || (fc >= fold(low, m->flags) &&
				fc <= fold(high, m->flags));
	}
	*end = p + 1;
	return found != invert;
}

static int match(struct match *m, const char *p, const char *s, const char *pe);

/* The ')' that closes an extended pattern whose text begins at p, or NULL. */
static const char *
closing(const char *p, const char *pe)
{
	int depth = 0;

	for (; p < pe; p++) {
		if (*p == '\\' && p + 1 < pe)
			p++;
		else if (*p == '(')
			depth++;
		else if (*p == ')' && depth-- == 0)
			return p;
	}
	return NULL;
}

/* Some alternative of a|b|c in [p, close) matches exactly the n bytes at s: 0, 1 or FNM_NOSYS. */
static int
alternatives(struct match *m, const char *p, const char *close, const char *s, size_t n)
{
	char *part = strndup(s, n);
	struct match inner = { m->flags & ~FNM_LEADING_DIR, part, m->depth };
	int r = FNM_NOMATCH;

	if (!part)
		return FNM_NOSYS;
	if (!leading_period(m, s))
		inner.flags &= ~FNM_PERIOD;
	while (r == FNM_NOMATCH && p <= close) {
		const char *q = p;
		int depth = 0;

		for (; q < close && (*q != '|' || depth); q++) {
			if (*q == '\\' && q + 1 < close)
				q++;
			else if (*q == '(')
				depth++;
			else if (*q == ')')
				depth--;
		}
		r = match(&inner, p, part, q);
		p = q + 1;
	}
	free(part);
	return r;
}

/*
 * ?(..) *(..) +(..) @(..) !(..) with the alternatives in [p, close) against s, the rest of the pattern
 * behind them: tries every length of what the group may stand for. A repetition takes at least a byte.
 */
static int
group(struct match *m, char op, const char *p, const char *close, const char *s, const char *pe)
{
	const char *e = s + (op == '*');
	int r;

	if ((op == '?' || op == '*') && (r = match(m, close + 1, s, pe)) != FNM_NOMATCH)
		return r;
	for (;; e++) {
		if (e > s && (!e[-1] || (e[-1] == '/' && m->flags & FNM_PATHNAME)))
			return FNM_NOMATCH;
		r = alternatives(m, p, close, s, (size_t)(e - s));
		if (r == FNM_NOSYS)
			return r;
		if ((r == 0) == (op == '!'))
			continue;
		r = match(m, close + 1, e, pe);
		if (r == FNM_NOMATCH && e > s && (op == '*' || op == '+'))
			r = group(m, '*', p, close, e, pe);
		if (r != FNM_NOMATCH)
			return r;
	}
}

static int
extended(struct match *m, const char *p, const char *close, const char *s, const char *pe)
{
	int r = FNM_NOSYS;

	if (++m->depth <= 200)
		r = group(m, *p, p + 2, close, s, pe);
	m->depth--;
	return r;
}

static int
star(struct match *m, const char *p, const char *s, const char *pe)
{
	wchar_t c;
	int r;

	if (leading_period(m, s))
		return FNM_NOMATCH;
	p++;
	/* More stars are one, but the star of *(..) is not one of them. */
	while (p < pe && *p == '*' && !(m->flags & FNM_EXTMATCH && p + 1 < pe && p[1] == '('))
		p++;
	if (p == pe && !(m->flags & (FNM_PATHNAME | FNM_LEADING_DIR)))
		return 0;
	for (;;) {
		r = match(m, p, s, pe);
		if (r != FNM_NOMATCH)
			return r;
		if (!*s || (*s == '/' && m->flags & FNM_PATHNAME))
			return FNM_NOMATCH;
		s += next(s, &c);
	}
}

/* [p, pe) against all of s. Only a star recurses, and its failure past a later star is final. */
static int
match(struct match *m, const char *p, const char *s, const char *pe)
{
	const char *close, *end;
	wchar_t pc, sc;
	size_t n;
	int r;

	while (p < pe) {
		if (m->flags & FNM_EXTMATCH && p + 1 < pe && p[1] == '(' && strchr("?*+@!", *p) &&
		    (close = closing(p + 2, pe)))
			return extended(m, p, close, s, pe);
		if (*p == '*')
			return star(m, p, s, pe);
		n = next(s, &sc);
		if (!n || ((*p == '?' || *p == '[') && ((*s == '/' && m->flags & FNM_PATHNAME) ||
		    leading_period(m, s))))
			return FNM_NOMATCH;
		if (*p == '?') {
			p++;
		} else if (*p == '[' && (r = bracket(m, p + 1, sc, &end)) >= 0) {
			if (!r)
				return FNM_NOMATCH;
			p = end;
		} else {
			if (*p == '\\' && !(m->flags & FNM_NOESCAPE) && p + 1 < pe)
				p++;
			p += next(p, &pc);
			if (fold(pc, m->flags) != fold(sc, m->flags))
				return FNM_NOMATCH;
		}
		s += n;
	}
	if (!*s || (m->flags & FNM_LEADING_DIR && *s == '/'))
		return 0;
	return FNM_NOMATCH;
}

int
fnmatch(const char *p, const char *s, int flags)
{
	struct match m = { flags, s, 0 };

	return match(&m, p, s, p + strlen(p));
}
