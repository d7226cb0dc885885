/* SPDX-License-Identifier: MIT */
/*
 * Merging by lines: what base became in two versions, both changes in one. A change is a hunk:
 * lines [from, to) of base replaced by lines of the version. Hunks of the two that touch the same
 * lines of base are a conflict unless they say the same.
 */
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "change.h"
#include "local.h"

#define MAX_LINES	4000

struct line {
	const char *s;
	size_t n;
};

struct text {
	struct line *v;
	size_t n;
};

/* base lines [from, to) became lines [a, b). */
struct hunk {
	size_t from, to, a, b;
};

struct hunks {
	struct hunk v[MAX_LINES + 1];
	size_t n;
};

static int
split(struct text *t, const char *s, size_t n)
{
	const char *end = s + n;

	t->n = 0;
	t->v = calloc(MAX_LINES, sizeof(*t->v));
	if (!t->v)
		return -ENOMEM;
	while (s < end) {
		const char *nl = memchr(s, '\n', (size_t)(end - s));
		size_t len = nl ? (size_t)(nl + 1 - s) : (size_t)(end - s);

		if (t->n == MAX_LINES)
			return -EEXIST;
		t->v[t->n++] = (struct line){ s, len };
		s += len;
	}
	return 0;
}

static bool
same(const struct line *a, const struct line *b)
{
	return a->n == b->n && memcmp(a->s, b->s, a->n) == 0;
}

/*
 * The lengths of longest common subsequences of all tails: l[i][j] of base from i and version from
 * j. Configuration files are short; MAX_LINES bounds it to 32 MiB.
 */
static unsigned short *
table(const struct text *base, const struct text *to)
{
	size_t w = to->n + 1, i, j;
	unsigned short *l = calloc((base->n + 1) * w, sizeof(*l));

	for (i = base->n; l && i-- > 0;)
		for (j = to->n; j-- > 0;) {
			unsigned short down = l[(i + 1) * w + j], right = l[i * w + j + 1];

			if (same(&base->v[i], &to->v[j]))
				l[i * w + j] = (unsigned short)(l[(i + 1) * w + j + 1] + 1);
			else
				l[i * w + j] = down > right ? down : right;
		}
	return l;
}

static int
diff(const struct text *base, const struct text *to, struct hunks *out)
{
	size_t w = to->n + 1, i = 0, j = 0;
	unsigned short *l = table(base, to);

	if (!l)
		return -ENOMEM;
	out->n = 0;
	while (i < base->n || j < to->n) {
		struct hunk h = { i, i, j, j };

		while (i < base->n && j < to->n && same(&base->v[i], &to->v[j]))
			i++, j++;
		h.from = i;
		h.a = j;
		while ((i < base->n || j < to->n) &&
		       !(i < base->n && j < to->n && same(&base->v[i], &to->v[j]))) {
			if (i < base->n && (j == to->n || l[(i + 1) * w + j] >= l[i * w + j + 1]))
				i++;
			else
				j++;
		}
		h.to = i;
		h.b = j;
		if (h.to > h.from || h.b > h.a)
			out->v[out->n++] = h;
	}
	free(l);
	return 0;
}

static void
emit(struct cpk_buf *b, const struct text *t, size_t from, size_t to)
{
	for (; from < to; from++)
		cpk_buf_add(b, t->v[from].s, t->v[from].n);
}

static bool
equal(const struct hunk *h, const struct text *t, const struct hunk *g, const struct text *u)
{
	size_t i, n = h->b - h->a;

	if (h->from != g->from || h->to != g->to || n != g->b - g->a)
		return false;
	for (i = 0; i < n; i++)
		if (!same(&t->v[h->a + i], &u->v[g->a + i]))
			return false;
	return true;
}

/* Also neighbours: what one deletes and the other extends belongs together. */
static bool
overlap(const struct hunk *h, const struct hunk *g)
{
	return h->from <= g->to && g->from <= h->to;
}

static int
weave(const struct text t[3], const struct hunks *mine, const struct hunks *theirs, struct cpk_buf *b)
{
	size_t i = 0, j = 0, at = 0;

	while (i < mine->n || j < theirs->n) {
		const struct hunk *h = i < mine->n ? &mine->v[i] : NULL;
		const struct hunk *g = j < theirs->n ? &theirs->v[j] : NULL;
		bool first = h && (!g || h->from <= g->from);
		const struct hunk *now = first ? h : g;

		if (h && g && overlap(h, g)) {
			if (!equal(h, &t[1], g, &t[2]))
				return -EEXIST;
			j++;
			first = true;
			now = h;
		}
		emit(b, &t[0], at, now->from);
		emit(b, first ? &t[1] : &t[2], now->a, now->b);
		at = now->to;
		if (first)
			i++;
		else
			j++;
	}
	emit(b, &t[0], at, t[0].n);
	return 0;
}

int
merge3(const char *base, size_t nbase, const char *mine, size_t nmine, const char *theirs,
		size_t ntheirs, char **out, size_t *nout)
{
	struct text t[3] = { { 0 } };
	struct hunks *d = malloc(2 * sizeof(*d));
	struct cpk_buf b = { 0 };
	int r = d ? split(&t[0], base, nbase) : -ENOMEM;

	if (memchr(base, '\0', nbase) || memchr(mine, '\0', nmine) || memchr(theirs, '\0', ntheirs))
		r = r ? r : -EEXIST;
	if (!r)
		r = split(&t[1], mine, nmine);
	if (!r)
		r = split(&t[2], theirs, ntheirs);
	if (!r)
		r = diff(&t[0], &t[1], &d[0]);
	if (!r)
		r = diff(&t[0], &t[2], &d[1]);
	cpk_buf_add(&b, "", 0);
	if (!r)
		r = weave(t, &d[0], &d[1], &b);
	if (!r && b.bad)
		r = -ENOMEM;
	if (r) {
		free(b.s);
	} else {
		*out = b.s;
		*nout = b.n;
	}
	free(t[0].v);
	free(t[1].v);
	free(t[2].v);
	free(d);
	return r;
}
