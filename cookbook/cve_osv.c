/* SPDX-License-Identifier: MIT */
/*
 * An entry of OSV against all recipes.  Packages of Debian are tied to recipes by the name of
 * the source package that a recipe's archive comes from, those of OSS-Fuzz and pkg:generic by
 * the recipe's name, and entries about git repositories by the last part of their address.
 */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "cve.h"

static const char *
text(const json_t *o, const char *key)
{
	return json_string_value(json_object_get(o, key));
}

static int
starts(const char *s, const char *prefix)
{
	return s && strncmp(s, prefix, strlen(prefix)) == 0;
}

/* "pkg:TYPE/…/NAME@VERSION?…" is about name. */
static int
purl_is(const char *purl, const char *prefix, const char *name)
{
	size_t n = strlen(prefix), len = strlen(name);

	return starts(purl, prefix) && strncmp(purl + n, name, len) == 0 &&
		(!purl[n + len] || strchr("@?#", purl[n + len]));
}

/* What ties a package to s ("purl", "name") or NULL; *debian: its versions are Debian's. */
static const char *
ties(const json_t *package, const struct cve_subject *s, int *debian)
{
	const char *system = text(package, "ecosystem"), *name = text(package, "name");
	const char *purl = text(package, "purl");

	*debian = starts(system, "Debian") || starts(purl, "pkg:deb/debian/");
	if (*debian) {
		if (!s->debian)
			return NULL;
		return purl_is(purl, "pkg:deb/debian/", s->debian) ? "purl" :
			name && strcmp(name, s->debian) == 0 ? "name" : NULL;
	}
	if (purl_is(purl, "pkg:generic/", s->name))
		return "purl";
	return starts(system, "OSS-Fuzz") && name && strcmp(name, s->name) == 0 ? "name" : NULL;
}

/* --- versions --- */

static int
compare(const char *ours, const char *other, int debian)
{
	if (strcmp(other, "0") == 0)
		return 1;
	return debian ? cve_debian_cmp(ours, other) : cve_version_cmp(ours, other);
}

/* Walks the events of a range, which stand in their order; *fixed: the first fix after ours. */
static int
in_events(const json_t *range, const char *ours, int debian, const char **fixed)
{
	const json_t *event;
	const char *v;
	size_t i;
	int in = 0;

	*fixed = NULL;
	json_array_foreach(json_object_get(range, "events"), i, event) {
		if ((v = text(event, "introduced")) && compare(ours, v, debian) >= 0)
			in = 1;
		if ((v = text(event, "fixed"))) {
			if (compare(ours, v, debian) >= 0)
				in = 0;
			else if (in && !*fixed)
				*fixed = v;
		}
		if ((v = text(event, "last_affected")) && compare(ours, v, debian) > 0)
			in = 0;
	}
	return in;
}

/* "v1.2.11", "zlib-1.2.11", "curl-7_88_0" name the version 1.2.11 and so on. */
static int
tag_is(const char *tag, const struct cve_subject *s)
{
	size_t n = strlen(s->name);

	if (strncasecmp(tag, s->name, n) == 0 && tag[n] && strchr("-_", tag[n]))
		tag += n + 1;
	while (*tag && !isdigit((unsigned char)*tag))
		tag++;
	return *tag && cve_version_cmp(tag, s->version) == 0;
}

static int
in_tags(const json_t *affected, const struct cve_subject *s)
{
	const json_t *tag;
	size_t i;

	json_array_foreach(json_object_get(affected, "versions"), i, tag)
		if (json_is_string(tag) && tag_is(json_string_value(tag), s))
			return 1;
	return 0;
}

/* The repository of a range is called as s is. */
static int
repo_is(const json_t *range, const struct cve_subject *s)
{
	const char *repo = text(range, "repo"), *slash = repo ? strrchr(repo, '/') : NULL;
	size_t n = strlen(s->name);

	return slash && strncmp(slash + 1, s->name, n) == 0 &&
		(!slash[n + 1] || strcmp(slash + n + 1, ".git") == 0);
}

/* --- the whole --- */

/* "CVE-…" of the id or the aliases; else the id. */
static const char *
cve_id(const json_t *doc)
{
	const char *id = text(doc, "id");
	const json_t *lists[2] = { json_object_get(doc, "aliases"), json_object_get(doc, "upstream") };
	const json_t *alias;
	size_t i, k;

	for (k = 0; k < 2 && !starts(id, "CVE-"); k++)
		json_array_foreach(lists[k], i, alias)
			if (starts(json_string_value(alias), "CVE-"))
				return json_string_value(alias);
	return id;
}

static char *
severity(const json_t *doc)
{
	const char *rating = text(json_object_get(doc, "database_specific"), "severity");
	const json_t *s;
	size_t i;
	int score;

	json_array_foreach(json_object_get(doc, "severity"), i, s) {
		score = text(s, "score") ? cve_cvss3(text(s, "score")) : -1;
		if (score >= 0)
			return fmt("%s %d.%d", cve_rating(score), score / 10, score % 10);
	}
	return rating ? xdup(rating) : NULL;
}

/* In upstream's terms: what Debian fixed by a patch of its own is no version to go to. */
static char *
upstream_fix(const char *fixed, const char *ours, int debian)
{
	char *s = !fixed ? NULL : debian ? cve_debian_upstream(fixed) : xdup(fixed);

	if (s && cve_version_cmp(ours, s) < 0)
		return s;
	free(s);
	return NULL;
}

static void
try_affected(struct cve_run *r, const json_t *doc, const json_t *a, const struct cve_subject *s)
{
	const json_t *package = json_object_get(a, "package"), *ranges = json_object_get(a, "ranges");
	const json_t *range;
	const char *fixed = NULL, *first = NULL, *by;
	int debian = 0, in = 0;
	char *rating, *fix;
	size_t i;

	by = package ? ties(package, s, &debian) : NULL;
	json_array_foreach(ranges, i, range) {
		const char *type = text(range, "type");

		if (type && strcmp(type, "GIT") == 0) {
			if (!by && !package && repo_is(range, s))
				by = "name";
		} else if (by && in_events(range, s->version, debian, &fixed)) {
			in = 1;
			first = fixed ? fixed : first;
		}
	}
	if (!by || !(in || (!debian && in_tags(a, s))))
		return;
	rating = severity(doc);
	fix = upstream_fix(first, s->version, debian);
	cve_found(r, s, cve_id(doc), fix, rating, by);
	free(fix);
	free(rating);
}

void
cve_osv_entry(struct cve_run *r, const json_t *doc)
{
	const json_t *affected;
	size_t i, k;

	r->entries++;
	if (!text(doc, "id") || text(doc, "withdrawn"))
		return;
	json_array_foreach(json_object_get(doc, "affected"), i, affected)
		for (k = 0; k < r->nsubjects; k++)
			try_affected(r, doc, affected, &r->subject[k]);
}
