/* SPDX-License-Identifier: MIT */
/* cook cve: which advisories of an offline dump (OSV, NVD) are about what recipes package. */
#include <stdlib.h>
#include <string.h>

#include "cve.h"

/* --- what is packaged --- */

static void
add_subject(struct cve_run *r, struct port *p, const char *name, const char *version,
		const char *debian, int main)
{
	r->subject = xgrow(r->subject, (r->nsubjects + 1) * sizeof(*r->subject));
	r->subject[r->nsubjects++] = (struct cve_subject){ p, xdup(name), xdup(version),
		debian ? xdup(debian) : NULL, main };
}

static void
add_subjects(struct cve_run *r, struct port *p)
{
	struct origin o;
	size_t i, n = 0;

	for (i = 0; i < p->r->source.n; i++) {
		int main = i == 0 && p->r->source.n == 1;

		if (origin_of(p->r, i, &o)) {
			add_subject(r, p, o.name, main ? p->r->version : o.version, o.debian,
					main || (i == 0 && p->r->cpe.n));
			n++;
		}
		origin_free(&o);
	}
	if (!n)
		add_subject(r, p, p->name, p->r->version, NULL, 1);
}

/* --- what is found --- */

/* The patch of the recipe that names id; fresh, or NULL. */
static char *
patched_by(struct cook *c, const struct recipe *r, const char *id)
{
	struct list names = { 0 }, ids = { 0 };
	char *found = NULL;
	size_t i;

	patch_list(c, r, &names);
	for (i = 0; !found && i < names.n; i++) {
		patch_cves(c, r, names.v[i], &ids);
		if (list_has(&ids, id))
			found = xdup(names.v[i]);
		cpk_list_free(&ids);
	}
	cpk_list_free(&names);
	return found;
}

static void
replace(char **to, const char *s)
{
	free(*to);
	*to = xdup(s);
}

/* Several databases, or several ranges, tell of the same: one line, with what is known. */
static void
merge_hit(struct cve_hit *h, const char *fixed, const char *severity, const char *by)
{
	if (fixed && (strcmp(h->fixed, "-") == 0 || (*h->fixed == '>' && *fixed != '>')))
		replace(&h->fixed, fixed);
	if (severity && strcmp(h->severity, "-") == 0)
		replace(&h->severity, severity);
	if (strcmp(h->by, "name") == 0)
		h->by = by;
}

void
cve_found(struct cve_run *r, const struct cve_subject *s, const char *id, const char *fixed,
		const char *severity, const char *by)
{
	struct cve_hit *h;
	size_t i;

	for (i = 0; i < r->nhits; i++) {
		h = &r->hit[i];
		if (h->s == s && strcmp(h->id, id) == 0) {
			merge_hit(h, fixed, severity, by);
			return;
		}
	}
	r->hit = xgrow(r->hit, (r->nhits + 1) * sizeof(*r->hit));
	h = &r->hit[r->nhits++];
	*h = (struct cve_hit){ s, xdup(id), xdup(fixed ? fixed : "-"),
		xdup(severity ? severity : "-"), by, patched_by(r->c, s->p->r, id) };
}

static int
compare_hits(const void *a, const void *b)
{
	const struct cve_hit *x = a, *y = b;
	int r = strcmp(x->s->p->name, y->s->p->name);

	return r ? r : cve_version_cmp(x->id, y->id) ? cve_version_cmp(x->id, y->id) :
		strcmp(x->s->name, y->s->name);
}

/* What comes out of a dump goes to a terminal: no control bytes. */
static void
print_clean(const char *s, int width)
{
	int n = 0;

	for (; *s; s++, n++)
		putchar((unsigned char)*s < ' ' || *s == 0x7f ? '?' : *s);
	for (; n < width; n++)
		putchar(' ');
}

static void
print_hit(const struct cook *c, const struct cve_hit *h)
{
	const char *in[] = { h->id, h->s->p->name, h->s->version, h->fixed, h->severity, h->by };
	static const int width[] = { 16, 12, 10, 10, 13, 5 };
	size_t i;

	for (i = 0; i < 6; i++) {
		print_clean(in[i], c->tsv ? 0 : width[i] - 1);
		fputs(c->tsv ? "\t" : " ", stdout);
	}
	print_clean(h->patch ? "patched " : "open", 0);
	print_clean(h->patch ? h->patch : "", 0);
	putchar('\n');
}

static int
print_all(struct cve_run *r)
{
	size_t i, open = 0;

	if (r->nhits)
		qsort(r->hit, r->nhits, sizeof(*r->hit), compare_hits);
	for (i = 0; i < r->nhits; i++) {
		print_hit(r->c, &r->hit[i]);
		open += !r->hit[i].patch;
	}
	fflush(stdout);
	fprintf(stderr, "%zu advisories, %zu sources: %zu open, %zu patched\n", r->entries,
			r->nsubjects, open, r->nhits - open);
	return open > 0;
}

int
cmd_cve(struct cook *c, int argc, char **argv)
{
	struct cve_run r = { .c = c };
	size_t i;
	int k;

	if (!supply_options.db)
		misuse("usage: cook cve --db FILE|DIR [--tsv] [NAME...]");
	for (k = 0; k < argc; k++)
		cook_need(c, argv[k]);
	cpe_load(c);
	for (i = 0; i < c->nports; i++) {
		struct port *p = &c->port[i];

		for (k = 0; k < argc && strcmp(argv[k], p->name) != 0; k++)
			;
		if (p->r && !strchr(p->name, '@') && (!argc || k < argc))
			add_subjects(&r, p);
	}
	if (cve_read(&r, supply_options.db) < 0)
		return 1;
	if (!r.entries)
		die("%s: no advisories in it", supply_options.db);
	return print_all(&r) ? 3 : 0;
}
