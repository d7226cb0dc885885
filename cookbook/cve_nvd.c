/* SPDX-License-Identifier: MIT */
/* An entry of the NVD's 2.0 feed against all recipes. */
#include <stdlib.h>
#include <string.h>

#include "cve.h"

/* One match of a configuration: "cpe:2.3:a:VENDOR:PRODUCT:VERSION:UPDATE:…" and a range. */
struct match {
	char *vendor_product, *product, *version, *update;
	const char *from, *after, *until, *before;	/* the range's ends, or NULL */
};

static const char *
text(const json_t *o, const char *key)
{
	return json_string_value(json_object_get(o, key));
}

/* The field that begins at s, without the escapes of its colons; *end behind it. */
static char *
field(const char *s, const char **end)
{
	size_t n;

	for (n = 0; s[n] && s[n] != ':'; n++)
		if (s[n] == '\\' && s[n + 1])
			n++;
	*end = s[n] ? s + n + 1 : s + n;
	return fmt("%.*s", (int)n, s);
}

static int
read_match(const json_t *o, struct match *m)
{
	const char *s = text(o, "criteria"), *end;
	char *vendor;

	memset(m, 0, sizeof(*m));
	if (!s || strncmp(s, "cpe:2.3:a:", 10) != 0 || !json_is_true(json_object_get(o, "vulnerable")))
		return 0;
	vendor = field(s + 10, &end);
	m->product = field(end, &end);
	m->version = field(end, &end);
	m->update = field(end, &end);
	m->vendor_product = fmt("%s:%s", vendor, m->product);
	free(vendor);
	m->from = text(o, "versionStartIncluding");
	m->after = text(o, "versionStartExcluding");
	m->until = text(o, "versionEndIncluding");
	m->before = text(o, "versionEndExcluding");
	return 1;
}

static void
free_match(struct match *m)
{
	free(m->vendor_product);
	free(m->product);
	free(m->version);
	free(m->update);
}

static int
same_version(const struct match *m, const char *v)
{
	char *all;
	int same;

	if (strcmp(m->version, "-") == 0)
		return 0;
	all = strcmp(m->update, "*") == 0 || strcmp(m->update, "-") == 0 ? xdup(m->version) :
		fmt("%s-%s", m->version, m->update);
	same = cve_version_cmp(v, all) == 0;
	free(all);
	return same;
}

static int
in_range(const struct match *m, const char *v)
{
	if (strcmp(m->version, "*") != 0)
		return same_version(m, v);
	return !(m->from && cve_version_cmp(v, m->from) < 0) &&
		!(m->after && cve_version_cmp(v, m->after) <= 0) &&
		!(m->until && cve_version_cmp(v, m->until) > 0) &&
		!(m->before && cve_version_cmp(v, m->before) >= 0);
}

/* What ties it to s: "cpe", "name" where the recipe has no cpe, or NULL. */
static const char *
matches(const struct match *m, const struct cve_subject *s)
{
	if (s->main && s->p->r->cpe.n)
		return list_has(&s->p->r->cpe, m->vendor_product) ? "cpe" : NULL;
	return strcmp(m->product, s->name) == 0 ||
		(s->debian && strcmp(m->product, s->debian) == 0) ? "name" : NULL;
}

/* "CRITICAL 9.8", of the newest CVSS that the entry has; fresh, or NULL. */
static char *
severity(const json_t *cve)
{
	static const char *const kinds[] = {
		"cvssMetricV40", "cvssMetricV31", "cvssMetricV30", "cvssMetricV2", NULL
	};
	const json_t *metrics = json_object_get(cve, "metrics"), *m, *data;
	const char *rating;
	size_t i;

	for (i = 0; kinds[i]; i++) {
		m = json_array_get(json_object_get(metrics, kinds[i]), 0);
		data = json_object_get(m, "cvssData");
		rating = text(data, "baseSeverity");
		if (!rating)
			rating = text(m, "baseSeverity");
		if (rating)
			return fmt("%s %.1f", rating, json_number_value(json_object_get(data, "baseScore")));
	}
	return NULL;
}

static void
try_match(struct cve_run *r, const json_t *cve, const struct match *m, const char *rating)
{
	char *fixed = m->before ? xdup(m->before) : m->until ? fmt("> %s", m->until) : NULL;
	const char *by;
	size_t i;

	for (i = 0; i < r->nsubjects; i++) {
		by = matches(m, &r->subject[i]);
		if (by && in_range(m, r->subject[i].version))
			cve_found(r, &r->subject[i], text(cve, "id"), fixed, rating, by);
	}
	free(fixed);
}

void
cve_nvd_entry(struct cve_run *r, const json_t *cve)
{
	const json_t *config, *node, *match;
	const char *status = text(cve, "vulnStatus");
	size_t i, j, k;
	char *rating;
	struct match m;

	r->entries++;
	if (!text(cve, "id") || (status && strcmp(status, "Rejected") == 0))
		return;
	rating = severity(cve);
	json_array_foreach(json_object_get(cve, "configurations"), i, config)
		json_array_foreach(json_object_get(config, "nodes"), j, node)
			json_array_foreach(json_object_get(node, "cpeMatch"), k, match)
				if (read_match(match, &m)) {
					try_match(r, cve, &m, rating);
					free_match(&m);
				}
	free(rating);
}
