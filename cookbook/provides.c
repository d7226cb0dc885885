/* SPDX-License-Identifier: MIT */
/*
 * Relations found in the files: shared libraries and what needs them (so:), programs
 * (cmd:), pkg-config files and what they require (pc:).  A library whose symbols have versions
 * is provided once more for each, "so:libc.so.1(CALX_1.0)": a program that needs a symbol newer
 * than the installed library brings the newer library with it.
 */
#include <ctype.h>
#include <elf.h>
#include <stdlib.h>
#include <string.h>

#include "job.h"

struct finder {
	struct job *j;
	struct package *p;
	struct list so, pc;		/* needed by the package, without the prefix */
	struct list versions;		/* of so, "LIBRARY(VERSION)" */
};

static int
below(const char *name, const char *dir)
{
	size_t n = strlen(dir);

	return strncmp(name, dir, n) == 0 && name[n] && !strchr(name + n, '/');
}

/* Adds "prefix:NAME" when the format of relations can say it. */
static void
add_relation(struct list *l, const char *prefix, const char *name, const char *version)
{
	char *s = version ? fmt("%s:%s = %s", prefix, name, version) : fmt("%s:%s", prefix, name);
	struct cpk_dep d;

	if (cpk_dep_parse(&d, s) == 0)
		list_add(l, s);
	free(s);
}

static void
add_list(struct list *to, const struct list *from)
{
	size_t i;

	for (i = 0; i < from->n; i++)
		list_add(to, from->v[i]);
}

static void
find_elf(struct finder *f, const char *path)
{
	struct elf_info e;
	size_t i;

	elf_read(path, &e);
	if (e.soname)
		add_relation(&f->p->m.provides, "so", e.soname, NULL);
	for (i = 0; e.soname && i < e.versions.n; i++) {
		char *name = fmt("%s(%s)", e.soname, e.versions.v[i]);

		add_relation(&f->p->m.provides, "so", name, NULL);
		free(name);
	}
	for (i = 0; i < e.needed.n; i++)
		list_add(&f->so, e.needed.v[i]);
	add_list(&f->versions, &e.wants);
	elf_free(&e);
}

/* "Requires: zlib >= 1.2, foo bar": names only. */
static void
find_requires(struct finder *f, const char *s)
{
	size_t n;

	while (*s) {
		s += strspn(s, " \t,");
		n = strcspn(s, " \t,");
		if (n && strchr("<>=!", *s)) {		/* an operator and its version */
			s += n;
			s += strspn(s, " \t");
			s += strcspn(s, " \t,");
			continue;
		}
		if (n)
			list_take(&f->pc, fmt("%.*s", (int)n, s));
		s += n;
	}
}

static void
find_pc(struct finder *f, const char *path, const char *name)
{
	char *text = read_file(path, NULL), *line, *save, *base = xdup(strrchr(name, '/') + 1);
	char *version = NULL;

	base[strlen(base) - 3] = '\0';
	for (line = text ? strtok_r(text, "\n", &save) : NULL; line;
	     line = strtok_r(NULL, "\n", &save)) {
		if (strncmp(line, "Version:", 8) == 0) {
			version = line + 8 + strspn(line + 8, " \t");
			version[strcspn(version, " \t\r")] = '\0';
		} else if (strncmp(line, "Requires:", 9) == 0) {
			find_requires(f, line + 9);
		} else if (strncmp(line, "Requires.private:", 17) == 0) {
			find_requires(f, line + 17);
		}
	}
	add_relation(&f->p->m.provides, "pc", base,
			version && cpk_version_ok(version) ? version : NULL);
	free(base);
	free(text);
}

static void
find_in_file(struct finder *f, const char *name)
{
	char *path = fmt("%s/%s", f->p->tree, name);
	size_t n = strlen(name);

	if (below(name, "usr/bin/"))
		add_relation(&f->p->m.provides, "cmd", name + 8, NULL);
	if (n > 3 && strcmp(name + n - 3, ".pc") == 0 && strchr(name, '/'))
		find_pc(f, path, name);
	else if (!is_debug_file(name))
		find_elf(f, path);
	free(path);
}

static int
has_relation(const struct list *provides, const char *prefix, const char *name)
{
	struct cpk_dep d;
	size_t i, n = strlen(prefix);

	for (i = 0; i < provides->n; i++)
		if (cpk_dep_parse(&d, provides->v[i]) == 0 && strncmp(d.name, prefix, n) == 0 &&
		    d.name[n] == ':' && strcmp(d.name + n + 1, name) == 0)
			return 1;
	return 0;
}

/* What the dependencies in the sysroot provide, as their metas say. */
static void
provided_by_others(struct job *j, struct list *out)
{
	size_t i;

	for (i = 0; i < j->p->nsys; i++)
		store_meta_all(j->c, j->p->sys[i]->key, "provides", out);
}

static int
need_libraries(struct finder *f, const struct list *here, const struct list *others)
{
	size_t i;
	int r = 0;

	for (i = 0; i < f->so.n; i++) {
		if (has_relation(&f->p->m.provides, "so", f->so.v[i]))
			continue;
		add_relation(&f->p->m.depends, "so", f->so.v[i], NULL);
		if (!has_relation(here, "so", f->so.v[i]) && !has_relation(others, "so", f->so.v[i]) &&
		    f->j->r->toolchain >= TOOLCHAIN_BARE) {
			warn_("%s: %s needs %s, which none of its dependencies provides",
					f->j->r->file, f->p->name, f->so.v[i]);
			r = -1;
		}
	}
	for (i = 0; i < f->versions.n; i++)
		if (!has_relation(&f->p->m.provides, "so", f->versions.v[i]) &&
		    (has_relation(here, "so", f->versions.v[i]) ||
		     has_relation(others, "so", f->versions.v[i])))
			add_relation(&f->p->m.depends, "so", f->versions.v[i], NULL);
	for (i = 0; i < f->pc.n; i++)
		if (!has_relation(&f->p->m.provides, "pc", f->pc.v[i]) &&
		    (has_relation(here, "pc", f->pc.v[i]) || has_relation(others, "pc", f->pc.v[i])))
			add_relation(&f->p->m.depends, "pc", f->pc.v[i], NULL);
	return r;
}

/* What the recipe says itself: to the main package, or to the split it names. */
static void
declared(struct job *j, struct package *p)
{
	const struct recipe *r = j->r;
	size_t i, n = strlen(r->name);

	if (strcmp(p->name, r->name) == 0) {
		add_list(&p->m.depends, &r->depends);
		add_list(&p->m.provides, &r->provides);
		add_list(&p->m.conflicts, &r->conflicts);
	}
	for (i = 0; i < r->nsplits; i++)
		if (strcmp(p->name, r->splits[i].name) == 0)
			add_list(&p->m.depends, &r->splits[i].depends);
	if (strncmp(p->name, r->name, n) == 0 && (strcmp(p->name + n, "-dev") == 0 ||
	    strcmp(p->name + n, "-static") == 0))
		list_take(&p->m.depends, fmt("%s = %s-%lld", r->name, r->version,
				(long long)r->release));
}

int
find_relations(struct job *j, struct packages *ps)
{
	struct finder *f = xalloc(ps->n * sizeof(*f));
	struct list here = { 0 }, others = { 0 };
	size_t i, k;
	int r = 0;

	for (i = 0; i < ps->n; i++) {
		f[i].j = j;
		f[i].p = &ps->v[i];
		declared(j, f[i].p);
		for (k = 0; j->r->arch != ARCH_HOST && k < f[i].p->paths.n; k++)
			find_in_file(&f[i], f[i].p->paths.v[k]);
		cpk_list_sort(&f[i].so);
		cpk_list_sort(&f[i].pc);
		cpk_list_sort(&f[i].versions);
		add_list(&here, &f[i].p->m.provides);
	}
	provided_by_others(j, &others);
	for (i = 0; i < ps->n; i++) {
		if (need_libraries(&f[i], &here, &others) < 0)
			r = -1;
		cpk_list_sort(&ps->v[i].m.depends);
		cpk_list_sort(&ps->v[i].m.provides);
		cpk_list_sort(&ps->v[i].m.conflicts);
		cpk_list_free(&f[i].so);
		cpk_list_free(&f[i].pc);
		cpk_list_free(&f[i].versions);
	}
	cpk_list_free(&here);
	cpk_list_free(&others);
	free(f);
	return r;
}
