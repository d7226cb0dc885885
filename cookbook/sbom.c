/* SPDX-License-Identifier: MIT */
/*
 * cook sbom: a bill of materials in CycloneDX 1.5 (JSON) of packages with all that they need
 * at run time, or of an image.  The same packages give the same bytes: the time is that of
 * SOURCE_DATE_EPOCH or of all builds, the serial number a hash of the rest.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include "patchfile.h"
#include "supply.h"

static void
put(json_t *o, const char *key, const char *value)
{
	if (value && json_object_set_new(o, key, json_string(value)) < 0)
		die("%s: not UTF-8: '%s'", key, value);
}

/* Adds a list to an object unless it is empty. */
static void
put_list(json_t *o, const char *key, json_t *list)
{
	if (json_array_size(list))
		json_object_set(o, key, list);
	json_decref(list);
}

static char *
full_version(const struct cpk_manifest *m)
{
	return fmt("%s-%u", m->version, m->release);
}

static char *
reference(const struct cpk_manifest *m)
{
	return fmt("%s@%s-%u", m->name, m->version, m->release);
}

static json_t *
one_hash(const char *alg, const char *content)
{
	return json_pack("[{s:s, s:s}]", "alg", alg, "content", content);
}

/* One known id goes by "id", what the SPDX list lacks by "name", anything else as expression. */
static json_t *
licences(const char *expression)
{
	if (strchr(expression, ' '))
		return json_pack("[{s:s}]", "expression", expression);
	return json_pack("[{s:{s:s}}]", "license",
			strncmp(expression, "LicenseRef-", 11) == 0 ? "name" : "id", expression);
}

static const char *
kind_of(const struct cpk_manifest *m)
{
	size_t i;

	if (strcmp(m->name, "kernel") == 0)
		return "operating-system";
	for (i = 0; i < m->nfiles; i++)
		if (strncmp(m->files[i].path, "usr/bin/", 8) == 0 ||
		    strncmp(m->files[i].path, "usr/sbin/", 9) == 0)
			return "application";
	return "library";
}

/* --- where it comes from --- */

static json_t *
ancestor(const struct origin *o, const char *of)
{
	json_t *a = json_object();
	char *ref = fmt("%s#%s@%s", of, o->name, o->version);

	put(a, "type", "library");
	put(a, "bom-ref", ref);
	put(a, "name", o->name);
	put(a, "version", o->version);
	json_object_set_new(a, "hashes", one_hash("SHA-256", o->sha256));
	put(a, "purl", o->purl);
	json_object_set_new(a, "externalReferences", json_pack("[{s:s, s:s, s:o}]", "type",
			"distribution", "url", o->location, "hashes", one_hash("SHA-256", o->sha256)));
	free(ref);
	return a;
}

static json_t *
patch_entry(const struct cook *c, const struct recipe *r, const char *name)
{
	char *dir = patch_dir(c, r), *path = fmt("%s/%s", dir, name), *text = read_file(path, NULL);
	json_t *e = json_object(), *resolves = json_array();
	struct patch_head h = { 0 };
	struct list ids = { 0 };
	size_t i;

	if (text)
		patch_head_read(&h, text, strlen(text));
	put(e, "type", h.status && strncmp(h.status, "Backport", 8) == 0 ? "backport" : "unofficial");
	json_object_set_new(e, "diff", json_pack("{s:s+++}", "url", "patches/", strrchr(dir, '/') + 1,
			"/", name));
	patch_cves(c, r, name, &ids);
	for (i = 0; i < ids.n; i++)
		json_array_append_new(resolves, json_pack("{s:s, s:s}", "type", "security", "id",
				ids.v[i]));
	put_list(e, "resolves", resolves);
	patch_head_free(&h);
	cpk_list_free(&ids);
	free(text);
	free(path);
	free(dir);
	return e;
}

static json_t *
pedigree(const struct cook *c, const struct bom_package *b, const char *ref)
{
	json_t *o = json_object(), *ancestors = json_array(), *patches = json_array();
	struct list names = { 0 };
	struct origin from;
	size_t i;

	for (i = 0; i < b->p->r->source.n; i++) {
		if (origin_of(b->p->r, i, &from))
			json_array_append_new(ancestors, ancestor(&from, ref));
		origin_free(&from);
	}
	patch_list(c, b->p->r, &names);
	for (i = 0; i < names.n; i++)
		json_array_append_new(patches, patch_entry(c, b->p->r, names.v[i]));
	put_list(o, "ancestors", ancestors);
	put_list(o, "patches", patches);
	cpk_list_free(&names);
	return o;
}

/* --- components --- */

static char *
own_purl(const struct cpk_manifest *m)
{
	return fmt("pkg:generic/calx/%s@%s-%u?arch=%s", m->name, m->version, m->release, m->arch);
}

static void
add_hash(json_t *o, const struct bom_package *b)
{
	char hex[65];

	if (b->file && sha256_file(b->file, hex) == 0)
		json_object_set_new(o, "hashes", one_hash("SHA-256", hex));
}

static json_t *
properties(const struct cpk_manifest *m)
{
	json_t *a = json_array();

	if (m->origin)
		json_array_append_new(a, json_pack("{s:s, s:s}", "name", "calx:recipe", "value",
				m->origin));
	if (m->commit)
		json_array_append_new(a, json_pack("{s:s, s:s}", "name", "calx:commit", "value",
				m->commit));
	return a;
}

static json_t *
component(const struct cook *c, const struct bom_package *b)
{
	char *ref = reference(&b->m), *version = full_version(&b->m), *purl = own_purl(&b->m), *cpe;
	json_t *o = json_object(), *p;

	put(o, "type", kind_of(&b->m));
	put(o, "bom-ref", ref);
	put(o, "name", b->m.name);
	put(o, "version", version);
	put(o, "description", b->m.summary);
	add_hash(o, b);
	json_object_set_new(o, "licenses", licences(b->m.license));
	if (b->p && b->p->r->cpe.n) {
		cpe = cpe_name(b->p->r->cpe.v[0], b->m.version);
		put(o, "cpe", cpe);
		free(cpe);
	}
	put(o, "purl", purl);
	p = b->p ? pedigree(c, b, ref) : json_object();
	if (json_object_size(p))
		json_object_set(o, "pedigree", p);
	json_decref(p);
	if (b->m.homepage)
		json_object_set_new(o, "externalReferences", json_pack("[{s:s, s:s}]", "type",
				"website", "url", b->m.homepage));
	put_list(o, "properties", properties(&b->m));
	free(ref);
	free(version);
	free(purl);
	return o;
}

static int
compare_text(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static json_t *
dependency(const struct bom_set *s, const struct bom_package *b)
{
	char *ref = reference(&b->m);
	json_t *o = json_pack("{s:s}", "ref", ref), *on = json_array();
	struct list refs = { 0 };
	size_t i;

	for (i = 0; i < b->m.depends.n; i++) {
		const struct bom_package *d = bom_satisfy(s, b->m.depends.v[i]);

		if (d && d != b)
			list_take(&refs, reference(&d->m));
	}
	if (refs.n)
		qsort(refs.v, refs.n, sizeof(*refs.v), compare_text);
	for (i = 0; i < refs.n; i++)
		if (i == 0 || strcmp(refs.v[i], refs.v[i - 1]) != 0)
			json_array_append_new(on, json_string(refs.v[i]));
	put_list(o, "dependsOn", on);
	cpk_list_free(&refs);
	free(ref);
	return o;
}

/* --- the document --- */

/* A name-based UUID of what the document says. */
static char *
serial(const json_t *doc)
{
	char *text = json_dumps(doc, JSON_COMPACT | JSON_SORT_KEYS), hex[CPK_HEX];
	uint8_t hash[CPK_HASH];

	cpk_hash(text, strlen(text), hash);
	hash[6] = (uint8_t)((hash[6] & 0x0f) | 0x80);
	hash[8] = (uint8_t)((hash[8] & 0x3f) | 0x80);
	cpk_hex(hash, hex);
	free(text);
	return fmt("urn:uuid:%.8s-%.4s-%.4s-%.4s-%.12s", hex, hex + 8, hex + 12, hex + 16, hex + 20);
}

static json_t *
metadata(json_t *about)
{
	const char *epoch = getenv("SOURCE_DATE_EPOCH");
	time_t t = epoch && *epoch ? (time_t)strtoll(epoch, NULL, 10) : COOK_EPOCH;
	char text[32], version[16];

	strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%SZ", gmtime(&t));
	snprintf(version, sizeof(version), "%d", COOK_FORMAT);
	return json_pack("{s:s, s:{s:[{s:s, s:s, s:s}]}, s:o}", "timestamp", text, "tools",
			"components", "type", "application", "name", "cook", "version", version,
			"component", about);
}

/* about: the root component, whose reference is ref; the package that it is, or NULL. */
static void
print_document(const struct cook *c, const struct bom_set *s, json_t *about,
		const struct bom_package *self, json_t *needs)
{
	json_t *doc = json_object(), *components = json_array(), *deps = json_array();
	char *id;
	size_t i;

	if (needs)
		json_array_append_new(deps, needs);
	for (i = 0; i < s->n; i++) {
		if (!s->v[i].in)
			continue;
		if (&s->v[i] != self)
			json_array_append_new(components, component(c, &s->v[i]));
		json_array_append_new(deps, dependency(s, &s->v[i]));
	}
	put(doc, "bomFormat", "CycloneDX");
	put(doc, "specVersion", "1.5");
	put(doc, "serialNumber", "");
	json_object_set_new(doc, "version", json_integer(1));
	json_object_set_new(doc, "metadata", metadata(about));
	json_object_set_new(doc, "components", components);
	json_object_set_new(doc, "dependencies", deps);
	id = serial(doc);
	put(doc, "serialNumber", id);
	json_dumpf(doc, stdout, JSON_INDENT(1));
	putchar('\n');
	free(id);
	json_decref(doc);
}

static void
sbom_package(const struct cook *c, struct bom_set *s, const char *name)
{
	struct bom_package *b = bom_find(s, name);

	if (!b)
		die("no package called %s is built", name);
	bom_close(s, b);
	print_document(c, s, component(c, b), b, NULL);
}

static void
add_listed(struct bom_set *s, const char *file)
{
	char *text = read_file(file, NULL), *line, *word, *a, *b;

	if (!text)
		die("%s: %s", file, strerror(errno));
	for (line = strtok_r(text, "\n", &a); line; line = strtok_r(NULL, "\n", &a)) {
		line[strcspn(line, "#")] = '\0';
		for (word = strtok_r(line, " \t", &b); word; word = strtok_r(NULL, " \t", &b)) {
			if (!bom_find(s, word))
				die("%s: no package called %s is built", file, word);
			bom_close(s, bom_find(s, word));
		}
	}
	free(text);
}

static void
sbom_image(struct cook *c, struct bom_set *s, const char *from)
{
	const struct bom_package *base;
	json_t *needs = json_array(), *about = json_object();
	struct stat st;
	size_t i;

	if (stat(from, &st) == 0 && S_ISDIR(st.st_mode)) {
		if (bom_add_root(c, s, from) < 0)
			exit(1);
	} else {
		bom_add_built(c, s);
		add_listed(s, from);
	}
	for (i = 0; i < s->n; i++) {
		char *ref = reference(&s->v[i].m);

		if (s->v[i].in)
			json_array_append_new(needs, json_string(ref));
		free(ref);
	}
	base = bom_find(s, "base");
	put(about, "type", "operating-system");
	put(about, "bom-ref", "image");
	put(about, "name", "calx");
	put(about, "version", base ? base->m.version : "0");
	print_document(c, s, about, NULL, json_pack("{s:s, s:o}", "ref", "image", "dependsOn", needs));
}

int
cmd_sbom(struct cook *c, int argc, char **argv)
{
	struct bom_set s = { 0 };

	if (argc != !supply_options.image)
		misuse("usage: cook sbom PACKAGE, or cook sbom --image ROOT|LIST");
	want_named(c, 0, NULL);
	sched_scan(c);
	cpe_load(c);
	if (supply_options.image) {
		sbom_image(c, &s, supply_options.image);
	} else {
		bom_add_built(c, &s);
		sbom_package(c, &s, argv[0]);
	}
	bom_free(&s);
	return fflush(stdout) != 0;
}
