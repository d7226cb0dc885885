/* SPDX-License-Identifier: MIT */
/* Whether a member of the archive is what its row of the manifest says. */
#include <stdio.h>
#include <string.h>

#include "tar.h"

static const struct cpk_attr *
find_attr(const struct cpk_file *f, const char *name)
{
	size_t i;

	for (i = 0; i < f->nattrs; i++)
		if (strcmp(f->attrs[i].name, name) == 0)
			return &f->attrs[i];
	return NULL;
}

/* Names of attributes are written as in URLs. */
static void
decode(char *s)
{
	char *to = s;
	unsigned c;

	for (; *s; s++) {
		if (*s == '%' && sscanf(s + 1, "%2x", &c) == 1 && c && s[1] && s[2]) {
			*to++ = (char)c;
			s += 2;
		} else {
			*to++ = *s;
		}
	}
	*to = '\0';
}

/* The format has each attribute twice, in two spellings; this one has the bytes as they are. */
static int
attrs_differ(const struct cpk_file *f, const struct cpk_member *m)
{
	static const char prefix[] = "SCHILY.xattr.";
	const char *s = m->pax, *end = m->pax ? m->pax + m->npax : NULL, *value;
	unsigned char seen[CPK_MAX_ATTRS] = { 0 };
	char key[CPK_PAX_KEY];
	const struct cpk_attr *a;
	size_t i, n;

	while (cpk_pax_record(&s, end, key, &value, &n) > 0) {
		if (strncmp(key, prefix, sizeof(prefix) - 1))
			continue;
		decode(key);
		a = find_attr(f, key + sizeof(prefix) - 1);
		if (!a || a->len != n || memcmp(a->value, value, n))
			return 1;
		seen[a - f->attrs] = 1;
	}
	for (i = 0; i < f->nattrs && seen[i]; i++)
		;
	return i != f->nattrs;
}

const char *
cpk_member_differs(const struct cpk_member *m, const struct cpk_file *f)
{
	char type = f->type == 'd' ? '5' : f->type == 'l' ? '2' : f->type == 'h' ? '1' : '0';

	if (f->type == 'h' && (m->type != type || strcmp(m->link, f->link)))
		return "hard link differs from the manifest";
	if (m->type != type)
		return "type differs from the manifest";
	if (m->mode != f->mode)
		return "mode differs from the manifest";
	if (strcmp(m->owner, f->owner) || strcmp(m->group, f->group))
		return "owner differs from the manifest";
	if (m->size != f->size)
		return "size differs from the manifest";
	if (f->type == 'l' && strcmp(m->link, f->link))
		return "link target differs from the manifest";
	return attrs_differ(f, m) ? "attributes differ from the manifest" : NULL;
}

int
cpk_member_is(const struct cpk_member *m, const struct cpk_file *f)
{
	size_t n = strlen(f->path);

	if (strncmp(m->path, f->path, n) != 0)
		return 0;
	return !m->path[n] || (f->type == 'd' && strcmp(m->path + n, "/") == 0);
}
