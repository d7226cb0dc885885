/* SPDX-License-Identifier: MIT */
/* Manifests, package files and the store's meta of a finished build. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "share.h"
#include "view.h"

#define LEVEL 12			/* of zstd: small enough, and done in seconds */

static const char *
arch_name(const struct port *p)
{
	return p->r->arch == ARCH_HOST ? "host" : p->r->arch == ARCH_ANY ? "any" : p->target->name;
}

/* The last commit that touched the recipe or its patches, or NULL. */
static char *
find_commit(const struct job *j)
{
	char *command = fmt("git -C '%s' log -1 --format=%%H -- '%s' 'patches/%s' 2>/dev/null",
			j->c->root, j->r->dir, j->r->patches ? j->r->patches : j->r->name);
	char line[128] = "";
	FILE *f = popen(command, "re");

	free(command);
	if (!f)
		return NULL;
	if (!fgets(line, sizeof(line), f))
		line[0] = '\0';
	pclose(f);
	line[strcspn(line, "\n")] = '\0';
	return strlen(line) == 40 ? xdup(line) : NULL;
}

static void
fill_head(struct job *j, struct package *p, const char *commit)
{
	struct cpk_manifest *m = &p->m;
	size_t i;

	m->name = xdup(p->name);
	m->version = xdup(j->r->version);
	m->release = (unsigned)j->r->release;
	m->arch = xdup(arch_name(j->p));
	m->license = xdup(j->r->license);
	m->summary = xdup(p->summary);
	m->homepage = j->r->homepage ? xdup(j->r->homepage) : NULL;
	m->origin = xdup(j->r->dir);
	m->commit = commit ? xdup(commit) : NULL;
	for (i = 0; i < j->r->source.n; i++) {
		char *s = source_expand(j->r, i);

		list_take(&m->sources, fmt("%s %s", *j->r->sha256.v[i] ? j->r->sha256.v[i] : "-", s));
		free(s);
	}
}

/* The hash of one package, for those that are built with it alone. */
static void
put_content(struct buf *meta, const struct package *p, const char *text, size_t len)
{
	char hex[CPK_HEX];
	uint8_t hash[CPK_HASH];

	cpk_hash(text, len, hash);
	cpk_hex(hash, hex);
	buf_fmt(meta, "content %s %s\n", p->name, hex);
}

static int
pack_one(struct job *j, struct package *p, struct buf *meta, struct buf *content)
{
	struct cpk_error err;
	char *file, *path, *text;
	size_t len, i;
	int r = cpk_scan(&p->m, p->tree, NULL, &err);

	if (r == 0 && cpk_manifest_print_content(&p->m, &text, &len) == 0) {
		buf_add(content, text, len);
		put_content(meta, p, text, len);
		free(text);
	}
	file = fmt("%s-%s-%u.cpk", p->name, p->m.version, p->m.release);
	path = fmt("%s/store/%s", j->work, file);
	if (r == 0 && j->r->arch != ARCH_HOST)
		r = cpk_write(path, &p->m, p->tree, COOK_EPOCH, LEVEL, &err);
	if (r < 0)
		warn_("%s: %s", p->name, err.text);
	buf_fmt(meta, "package %s %s\n", p->name, j->r->arch == ARCH_HOST ? "-" : file);
	for (i = 0; i < p->m.provides.n; i++)
		buf_fmt(meta, "provides %s\n", p->m.provides.v[i]);
	printf("package %s: %zu files, %llu bytes\n", p->name, p->m.nfiles,
			(unsigned long long)p->m.size);
	free(path);
	free(file);
	return r;
}

int
pack_as(const char *from, const char *to, const char *tree, const char *arch, struct cpk_error *err)
{
	struct cpk_reader *reader;
	struct cpk_manifest m;
	char *other = xdup(arch);
	int r = cpk_open(&reader, from, err);

	if (r == 0) {
		m = *cpk_reader_manifest(reader);	/* all but arch stays the reader's */
		m.arch = other;
		r = cpk_write(to, &m, tree, COOK_EPOCH, LEVEL, err);
		cpk_close(reader);
	}
	free(other);
	return r;
}

static int
write_meta(struct job *j, const struct buf *packages, const struct buf *content, double seconds)
{
	char hex[CPK_HEX], *path = fmt("%s/store/meta", j->work);
	uint8_t hash[CPK_HASH];
	struct buf b = { 0 };
	size_t i;
	int r;

	cpk_hash(content->s, content->n, hash);
	cpk_hex(hash, hex);
	buf_fmt(&b, "name %s\nversion %s\nrelease %lld\noutput %s\nseconds %.1f\npublishable %s\n%s",
			j->r->name, j->r->version, (long long)j->r->release, hex, seconds,
			j->c->sandbox && j->r->arch != ARCH_HOST ? "yes" : "no", packages->s);
	for (i = 0; i < j->p->inputs.n; i++)
		buf_fmt(&b, "input %s\n", j->p->inputs.v[i]);
	r = write_file(path, b.s, b.n, 0644);
	if (r < 0)
		warn_("%s: %s", path, strerror(-r));
	free(path);
	free(b.s);
	return r;
}

int
pack_all(struct job *j, struct packages *ps, double seconds)
{
	struct buf meta = { 0 }, content = { 0 };
	char *commit = find_commit(j);
	size_t i;
	int r = 0;

	for (i = 0; r == 0 && i < ps->n; i++) {
		fill_head(j, &ps->v[i], commit);
		r = pack_one(j, &ps->v[i], &meta, &content);
	}
	if (r == 0 && j->r->arch != ARCH_HOST)
		r = view_make(j, ps, &meta);
	if (r == 0)
		r = write_meta(j, &meta, &content, seconds);
	free(commit);
	free(meta.s);
	free(content.s);
	return r < 0 ? -1 : 0;
}
