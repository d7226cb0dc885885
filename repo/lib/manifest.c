/* SPDX-License-Identifier: MIT */
/*
 * Parsing the lines of a manifest.  The form is strict (one way to write each
 * manifest), so that parsing and printing are inverse.  The head has its keys in
 * a fixed order; rows of the file table are parsed in rows.c.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "parse.h"

enum kind { STRING, NUMBER, LIST };

/* Keys of the head, in their order. */
static const struct key {
	const char *name;
	enum kind kind;
	int needed;
	size_t at;			/* offset in struct cpk_manifest */
	const char *(*refused)(const char *value);
} keys[] = {
#define AT(field) offsetof(struct cpk_manifest, field)
	{ "name", STRING, 1, AT(name), cpk_bad_name },
	{ "version", STRING, 1, AT(version), cpk_bad_version },
	{ "release", NUMBER, 1, AT(release), NULL },
	{ "arch", STRING, 1, AT(arch), cpk_bad_arch },
	{ "license", STRING, 1, AT(license), cpk_bad_text },
	{ "summary", STRING, 1, AT(summary), cpk_bad_text },
	{ "homepage", STRING, 0, AT(homepage), cpk_bad_text },
	{ "origin", STRING, 1, AT(origin), cpk_bad_text },
	{ "commit", STRING, 0, AT(commit), cpk_bad_text },
	{ "depends", LIST, 0, AT(depends), cpk_bad_dep },
	{ "provides", LIST, 0, AT(provides), cpk_bad_dep },
	{ "conflicts", LIST, 0, AT(conflicts), cpk_bad_dep },
	{ "replaces", LIST, 0, AT(replaces), cpk_bad_dep },
	{ "source", LIST, 0, AT(sources), cpk_bad_text },
#undef AT
};
#define NKEYS (sizeof(keys) / sizeof(keys[0]))

int
cpk_parse_fail(struct cpk_parse *p, size_t col, const char *why)
{
	return cpk_fail(p->err, -EINVAL, "%s:%zu:%zu: %s", p->file, p->line_no, col + 1, why);
}

/* Takes the next line without its newline into p->line; it has no NUL inside. */
int
cpk_parse_line(struct cpk_parse *p)
{
	const char *nl;
	size_t n;

	p->line_no++;
	if (p->at == p->len)
		return cpk_parse_fail(p, 0, "unexpected end of the manifest");
	nl = memchr(p->text + p->at, '\n', p->len - p->at);
	if (!nl)
		return cpk_parse_fail(p, 0, "line without its end");
	n = (size_t)(nl - (p->text + p->at));
	if (n >= CPK_MAX_LINE)
		return cpk_parse_fail(p, 0, "line too long");
	if (memchr(p->text + p->at, '\0', n))
		return cpk_parse_fail(p, 0, "NUL in a line");
	memcpy(p->line, p->text + p->at, n);
	p->line[n] = '\0';
	p->at += n + 1;
	return 0;
}

int
cpk_parse_number(const char *s, uint64_t max, uint64_t *out)
{
	uint64_t v = 0;

	if (!*s || (*s == '0' && s[1]))
		return -EINVAL;
	for (; *s; s++) {
		unsigned d = (unsigned)(*s - '0');

		if (*s < '0' || *s > '9' || v > (UINT64_MAX - d) / 10)
			return -EINVAL;
		v = v * 10 + d;
	}
	if (v > max)
		return -EINVAL;
	*out = v;
	return 0;
}

static int
set_value(struct cpk_parse *p, const struct key *k, const char *value, size_t col)
{
	void *field = (char *)p->m + k->at;
	const char *why = k->refused ? k->refused(value) : NULL;
	struct cpk_list *l = field;
	uint64_t v;

	if (why)
		return cpk_parse_fail(p, col, why);
	switch (k->kind) {
	case STRING:
		*(char **)field = strdup(value);
		return *(char **)field ? 0 : cpk_parse_fail(p, col, "out of memory");
	case NUMBER:
		if (cpk_parse_number(value, 999999, &v) < 0 || v == 0)
			return cpk_parse_fail(p, col, "not a number from 1 to 999999");
		*(unsigned *)field = (unsigned)v;
		return 0;
	case LIST:
		if (l->n >= CPK_MAX_LIST)
			return cpk_parse_fail(p, col, "too many entries");
		return cpk_list_add(l, value) < 0 ? cpk_parse_fail(p, col, "out of memory") : 0;
	}
	return -EINVAL;
}

/* Finds the key of the current line at or after `from`; NKEYS when it is "size". */
static int
find_key(struct cpk_parse *p, size_t from, size_t *found)
{
	size_t n = strcspn(p->line, " "), i;

	if (p->line[n] != ' ' || !p->line[n + 1])
		return cpk_parse_fail(p, n, "expected 'KEY VALUE'");
	for (i = from; i < NKEYS; i++) {
		if (strlen(keys[i].name) == n && memcmp(keys[i].name, p->line, n) == 0) {
			*found = i;
			return 0;
		}
		if (keys[i].needed)
			return cpk_parse_fail(p, 0, "unknown key, or a needed one is missing before it");
	}
	if (n == 4 && memcmp(p->line, "size", 4) == 0) {
		*found = NKEYS;
		return 0;
	}
	return cpk_parse_fail(p, 0, "unknown or misplaced key");
}

/* Parses the head up to and including the "size" line. */
static int
parse_head(struct cpk_parse *p)
{
	size_t next = 0, k = 0, col;
	int r;

	for (;;) {
		r = cpk_parse_line(p);
		if (r < 0)
			return r;
		r = find_key(p, next, &k);
		if (r < 0)
			return r;
		if (k == NKEYS)
			break;
		col = strlen(keys[k].name) + 1;
		r = set_value(p, &keys[k], p->line + col, col);
		if (r < 0)
			return r;
		next = keys[k].kind == LIST ? k : k + 1;
	}
	if (cpk_parse_number(p->line + 5, UINT64_MAX, &p->m->size) < 0)
		return cpk_parse_fail(p, 5, "not a size");
	return 0;
}

static int
parse_all(struct cpk_parse *p)
{
	int r = cpk_parse_line(p);

	if (r < 0)
		return r;
	if (strcmp(p->line, "cpk 1") != 0)
		return cpk_parse_fail(p, 0, "expected 'cpk 1'");
	r = parse_head(p);
	if (r == 0)
		r = cpk_parse_rows(p);
	return r;
}

int
cpk_manifest_parse(struct cpk_manifest *m, const char *text, size_t len,
		const char *file, struct cpk_error *err)
{
	struct cpk_parse *p;
	int r;

	memset(m, 0, sizeof(*m));
	if (len > CPK_MAX_TEXT)
		return cpk_fail(err, -EINVAL, "%s: manifest too long", file);
	p = calloc(1, sizeof(*p));
	if (!p)
		return cpk_fail(err, -ENOMEM, "%s: out of memory", file);
	p->m = m;
	p->text = text;
	p->len = len;
	p->file = file;
	p->err = err;
	r = parse_all(p);
	free(p);
	if (r < 0)
		cpk_manifest_free(m);
	return r;
}

void
cpk_file_clear(struct cpk_file *f)
{
	free(f->owner);
	free(f->group);
	free(f->path);
	free(f->link);
	while (f->nattrs) {
		f->nattrs--;
		free(f->attrs[f->nattrs].name);
		free(f->attrs[f->nattrs].value);
	}
	free(f->attrs);
	memset(f, 0, sizeof(*f));
}

void
cpk_manifest_free(struct cpk_manifest *m)
{
	size_t i;

	for (i = 0; i < NKEYS; i++) {
		void *field = (char *)m + keys[i].at;

		if (keys[i].kind == STRING)
			free(*(char **)field);
		else if (keys[i].kind == LIST)
			cpk_list_free(field);
	}
	for (i = 0; i < m->nfiles; i++)
		cpk_file_clear(&m->files[i]);
	free(m->files);
	memset(m, 0, sizeof(*m));
}

const struct cpk_file *
cpk_manifest_find(const struct cpk_manifest *m, const char *path)
{
	size_t lo = 0, hi = m->nfiles;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;
		int c = strcmp(path, m->files[mid].path);

		if (c == 0)
			return &m->files[mid];
		if (c < 0)
			hi = mid;
		else
			lo = mid + 1;
	}
	return NULL;
}
