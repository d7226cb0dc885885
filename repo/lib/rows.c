/* SPDX-License-Identifier: MIT */
/*
 * The file table of a manifest: "TYPE MODE OWNER GROUP SIZE HASH PATH [TARGET]",
 * one row a line; white space, control bytes and '%' are %XX in paths. Lines "+ NAME HEX" after a
 * row are its extended attributes.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "parse.h"

const char *
cpk_bad_name(const char *s)
{
	return cpk_name_ok(s) ? NULL : "not a package name";
}

const char *
cpk_bad_version(const char *s)
{
	return cpk_version_ok(s) ? NULL : "not a version";
}

const char *
cpk_bad_arch(const char *s)
{
	size_t n = strspn(s, "abcdefghijklmnopqrstuvwxyz0123456789_-");

	return n > 0 && n <= CPK_MAX_NAME && !s[n] ? NULL : "not an architecture";
}

const char *
cpk_bad_text(const char *s)
{
	for (; *s; s++)
		if ((unsigned char)*s < ' ' || *s == 0x7f)
			return "control character";
	return NULL;
}

const char *
cpk_bad_dep(const char *s)
{
	struct cpk_dep d;

	return cpk_dep_parse(&d, s) == 0 ? NULL : "not 'NAME' or 'NAME OP VERSION'";
}

struct cpk_file *
cpk_files_grow(struct cpk_manifest *m, size_t *cap)
{
	struct cpk_file *f;

	if (m->nfiles == *cap) {
		size_t n = *cap ? 2 * *cap : 64;

		f = realloc(m->files, n * sizeof(*f));
		if (!f)
			return NULL;
		m->files = f;
		*cap = n;
	}
	f = &m->files[m->nfiles++];
	memset(f, 0, sizeof(*f));
	return f;
}

/* Cuts the field that starts at *s; returns it and moves *s past its space. */
static char *
cut(char **s)
{
	char *field = *s;
	size_t n = strcspn(field, " ");

	*s = field + n + (field[n] == ' ');
	field[n] = '\0';
	return field;
}

static int
hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* Undoes %XX in place; only bytes that must be escaped may be. */
static const char *
unescape(char *s)
{
	char *to = s;

	for (; *s; s++) {
		int hi, lo;
		unsigned char c;

		if (*s != '%') {
			*to++ = *s;
			continue;
		}
		hi = hex_digit(s[1]);
		lo = hi < 0 ? -1 : hex_digit(s[2]);
		if (lo < 0)
			return "'%' without two upper-case hexadecimal digits";
		c = (unsigned char)(hi << 4 | lo);
		if (c == 0 || !(c <= ' ' || c == '%' || c == 0x7f))
			return "needless or forbidden %XX";
		*to++ = (char)c;
		s += 2;
	}
	*to = '\0';
	return NULL;
}

static const char *
parse_mode(struct cpk_file *f, const char *type, const char *mode)
{
	unsigned v = 0;
	size_t i;

	if (strlen(type) != 1 || !strchr("fdlh", *type))
		return "type is not f, d, l or h";
	f->type = *type;
	if (strlen(mode) != 4)
		return "mode is not four octal digits";
	for (i = 0; i < 4; i++) {
		if (mode[i] < '0' || mode[i] > '7')
			return "mode is not four octal digits";
		v = v << 3 | (unsigned)(mode[i] - '0');
	}
	f->mode = v;
	return f->type == 'l' && v != 0777 ? "mode of a link is not 0777" : NULL;
}

static const char *
parse_content(struct cpk_file *f, const char *size, const char *hash)
{
	if (cpk_parse_number(size, INT64_MAX, &f->size) < 0)
		return "not a size";
	if (f->type != 'f')
		return f->size || strcmp(hash, "-") ? "size or hash of what is no file" : NULL;
	return cpk_unhex(hash, f->hash) < 0 ? "hash is not 64 hexadecimal digits" : NULL;
}

static const char *
parse_paths(struct cpk_file *f, char *path, char *target)
{
	const char *why = unescape(path);

	if (!why)
		why = unescape(target);
	if (!why)
		why = cpk_path_refused(path);
	if (!why && strcmp(path, CPK_MANIFEST) == 0)
		why = "the manifest names itself";
	if (!why && f->type == 'l')
		why = cpk_link_refused(path, target);
	else if (!why && f->type == 'h')
		why = cpk_path_refused(target);
	else if (!why && *target)
		why = "link target of what is no link";
	if (why)
		return why;
	f->path = strdup(path);
	if (*target)
		f->link = strdup(target);
	return f->path && (!*target || f->link) ? NULL : "out of memory";
}

static const char *
parse_row(struct cpk_file *f, char *s, size_t *col)
{
	char *field[8], *start = s;
	const char *why;
	size_t i;

	for (i = 0; i < 7; i++) {
		*col = (size_t)(s - start);
		field[i] = cut(&s);
		if (!*field[i])
			return "missing field";
	}
	field[7] = s;
	*col = 0;
	why = parse_mode(f, field[0], field[1]);
	if (why)
		return why;
	*col = (size_t)(field[2] - start);
	if (cpk_bad_name(field[2]) || cpk_bad_name(field[3]))
		return "not a name of owner or group";
	f->owner = strdup(field[2]);
	f->group = strdup(field[3]);
	if (!f->owner || !f->group)
		return "out of memory";
	*col = (size_t)(field[4] - start);
	why = parse_content(f, field[4], field[5]);
	if (why)
		return why;
	*col = (size_t)(field[6] - start);
	if (f->type != 'l' && f->type != 'h' && field[7] != field[6] + strlen(field[6]))
		return "superfluous field";
	return strchr(s, ' ') ? "superfluous field" : parse_paths(f, field[6], field[7]);
}

static const char *
parse_value(struct cpk_attr *a, const char *hex)
{
	size_t i, n = strcmp(hex, "-") ? strlen(hex) : 0;

	if (n % 2 || n > 2 * CPK_MAX_VALUE || !*hex)
		return "value is not hexadecimal or too long";
	a->value = malloc(n / 2 + 1);
	if (!a->value)
		return "out of memory";
	for (i = 0; i < n; i++) {
		const char *digits = "0123456789abcdef", *d = strchr(digits, hex[i]);

		if (!d)
			return "value is not in lower-case hexadecimal";
		a->value[i / 2] = (uint8_t)((i & 1 ? a->value[i / 2] << 4 : 0) | (d - digits));
	}
	a->len = n / 2;
	return NULL;
}

/* "+ NAME HEX" after the row f; an empty value is "-". */
static const char *
parse_attr(struct cpk_file *f, char *s)
{
	char *name = s + 2, *value = strchr(name, ' ');
	struct cpk_attr *v;
	const char *why;

	if (!value || value == name || f->type == 'l' || f->type == 'h')
		return "not '+ NAME VALUE' of a file or directory";
	*value++ = '\0';
	why = unescape(name);
	if (!why && f->nattrs && strcmp(f->attrs[f->nattrs - 1].name, name) >= 0)
		why = "attribute repeated or out of order";
	if (why || f->nattrs == CPK_MAX_ATTRS || strlen(name) > 255)
		return why ? why : "too many attributes, or name too long";
	v = realloc(f->attrs, (f->nattrs + 1) * sizeof(*v));
	if (!v)
		return "out of memory";
	f->attrs = v;
	memset(&v[f->nattrs], 0, sizeof(*v));
	v = &v[f->nattrs++];
	v->name = strdup(name);
	return v->name ? parse_value(v, value) : "out of memory";
}

/* A hard link names a file above it, and has its mode. */
static int
hard_ok(const struct cpk_manifest *m, size_t i)
{
	const struct cpk_file *h = &m->files[i], *f;

	if (h->type != 'h')
		return 1;
	f = cpk_manifest_find(m, h->link);
	return f && f < h && f->type == 'f' && f->mode == h->mode && !strcmp(f->owner, h->owner) &&
		!strcmp(f->group, h->group);
}

/* The parent of row i must be a directory's row before it. */
static int
parent_ok(const struct cpk_manifest *m, size_t i)
{
	const char *path = m->files[i].path, *slash = strrchr(path, '/');
	const struct cpk_file *f;
	char dir[CPK_MAX_PATH + 1];

	if (!slash)
		return 1;
	memcpy(dir, path, (size_t)(slash - path));
	dir[slash - path] = '\0';
	f = cpk_manifest_find(m, dir);
	return f && f->type == 'd';
}

const char *
cpk_table_refused(const struct cpk_manifest *m, size_t *bad)
{
	uint64_t sum = 0;
	size_t i;

	for (i = 0; i < m->nfiles; i++) {
		*bad = i;
		if (i > 0 && strcmp(m->files[i - 1].path, m->files[i].path) >= 0)
			return "path repeated or out of order";
		if (m->files[i].size > UINT64_MAX - sum)
			return "sizes overflow";
		sum += m->files[i].size;
	}
	for (i = 0; i < m->nfiles; i++) {
		*bad = i;
		if (!parent_ok(m, i))
			return "parent is not a directory of the package";
		if (!hard_ok(m, i))
			return "hard link to what is no file above it of the same mode and owner";
	}
	*bad = 0;
	return sum == m->size ? NULL : "size is not the sum of the files' sizes";
}

static int
parse_rows(struct cpk_parse *p, uint64_t n)
{
	struct cpk_file *f;
	const char *why;
	size_t cap = 0, col;
	int r;

	while (n > 0 || (p->m->nfiles && p->at + 1 < p->len && p->text[p->at] == '+')) {
		r = cpk_parse_line(p);
		if (r < 0)
			return r;
		if (p->line[0] == '+' && p->line[1] == ' ' && p->m->nfiles) {
			why = parse_attr(&p->m->files[p->m->nfiles - 1], p->line);
			if (why)
				return cpk_parse_fail(p, 0, why);
			continue;
		}
		if (n-- == 0)
			return cpk_parse_fail(p, 0, "something follows the file table");
		f = cpk_files_grow(p->m, &cap);
		if (!f)
			return cpk_parse_fail(p, 0, "out of memory");
		why = parse_row(f, p->line, &col);
		if (why)
			return cpk_parse_fail(p, col, why);
	}
	return 0;
}

int
cpk_parse_rows(struct cpk_parse *p)
{
	size_t first, bad;
	const char *why;
	uint64_t n;
	int r = cpk_parse_line(p);

	if (r < 0)
		return r;
	if (strncmp(p->line, "files ", 6) != 0 ||
	    cpk_parse_number(p->line + 6, CPK_MAX_FILES, &n) < 0)
		return cpk_parse_fail(p, 0, "expected 'files NUMBER'");
	first = p->line_no + 1;
	r = parse_rows(p, n);
	if (r < 0)
		return r;
	p->line_no++;
	if (p->at != p->len)
		return cpk_parse_fail(p, 0, "something follows the file table");
	why = cpk_table_refused(p->m, &bad);
	if (!why)
		return 0;
	p->line_no = first + bad;
	return cpk_parse_fail(p, 0, why);
}
