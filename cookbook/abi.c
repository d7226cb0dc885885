/* SPDX-License-Identifier: MIT */
/* The dynamic symbols of the libraries in a finished build. */
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "abi.h"
#include "elf_image.h"
#include "job.h"

/* Lines "SONAME SYMBOL[@VERSION] SIZE", sorted; SIZE is 0 for functions. */
struct exports {
	struct list lines;
	struct list sonames;
};

/* The name of version `want` in .gnu.version_d, or "". */
static const char *
version_name(const struct elf_section *defs, const struct elf_section *strings, unsigned want)
{
	uint64_t at = 0;
	Elf64_Verdef d;
	Elf64_Verdaux a;

	while (defs->data && at + sizeof(d) <= defs->h.sh_size) {
		memcpy(&d, defs->data + at, sizeof(d));
		if (d.vd_ndx == want && at + d.vd_aux + sizeof(a) <= defs->h.sh_size) {
			memcpy(&a, defs->data + at + d.vd_aux, sizeof(a));
			return elf_image_string(strings, a.vda_name);
		}
		if (!d.vd_next)
			break;
		at += d.vd_next;
	}
	return "";
}

static unsigned
version_of(const struct elf_section *versions, uint64_t i)
{
	Elf64_Half v;

	if (!versions->data || (i + 1) * sizeof(v) > versions->h.sh_size)
		return 0;
	memcpy(&v, versions->data + i * sizeof(v), sizeof(v));
	return v & 0x7fff;
}

static int
is_exported(const Elf64_Sym *s)
{
	unsigned bind = ELF64_ST_BIND(s->st_info), see = ELF64_ST_VISIBILITY(s->st_other);

	return s->st_shndx != SHN_UNDEF && s->st_shndx != SHN_ABS && bind != STB_LOCAL &&
		(see == STV_DEFAULT || see == STV_PROTECTED);
}

static void
add_symbols(struct exports *e, const struct elf_image *im, const char *soname)
{
	struct elf_section syms, strings, versions = { 0 }, defs = { 0 };
	const char *version;
	uint64_t i;
	Elf64_Sym s;

	if (!elf_image_find(im, ".dynsym", &syms) || !elf_image_find(im, ".dynstr", &strings))
		return;
	if (!elf_image_find(im, ".gnu.version", &versions))
		versions.data = NULL;
	if (!elf_image_find(im, ".gnu.version_d", &defs))
		defs.data = NULL;
	for (i = 1; (i + 1) * sizeof(s) <= syms.h.sh_size; i++) {
		memcpy(&s, syms.data + i * sizeof(s), sizeof(s));
		if (!is_exported(&s))
			continue;
		version = version_name(&defs, &strings, version_of(&versions, i));
		list_take(&e->lines, fmt("%s %s%s%s %llu", soname, elf_image_string(&strings, s.st_name),
			*version ? "@" : "", version, ELF64_ST_TYPE(s.st_info) == STT_OBJECT ?
			(unsigned long long)s.st_size : 0ull));
	}
}

static int
add_library(const char *path, const char *name, void *arg)
{
	struct exports *e = arg;
	struct elf_image im;
	struct elf_info info;
	struct stat st;

	if (lstat(path, &st) < 0 || !S_ISREG(st.st_mode) || is_debug_file(name))
		return 0;
	elf_read(path, &info);
	if (info.type == ET_DYN && info.soname && elf_image_open(&im, path)) {
		list_add(&e->sonames, info.soname);
		add_symbols(e, &im, info.soname);
		elf_image_close(&im);
	}
	elf_free(&info);
	return 0;
}

static void
read_exports(const struct cook *c, const char *key, struct exports *e)
{
	char *out = cook_path(c, "store/%s/out", key);

	memset(e, 0, sizeof(*e));
	tree_walk(out, add_library, e);
	cpk_list_sort(&e->lines);
	cpk_list_sort(&e->sonames);
	free(out);
}

/* The line of l that begins as line does up to its last blank, or NULL. */
static const char *
same_symbol(const struct list *l, const char *line)
{
	size_t n = (size_t)(strrchr(line, ' ') - line) + 1, lo = 0, hi = l->n;

	while (lo < hi) {
		size_t mid = (lo + hi) / 2;

		if (strncmp(l->v[mid], line, n) < 0)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo < l->n && strncmp(l->v[lo], line, n) == 0 ? l->v[lo] : NULL;
}

static int
has_soname(const struct exports *e, const char *line)
{
	char *soname = fmt("%.*s", (int)strcspn(line, " "), line);
	int there = list_has(&e->sonames, soname);

	free(soname);
	return there;
}

static void
add(struct list *out, const char *what, const char *line, const char *more)
{
	size_t n = strcspn(line, " ");
	const char *symbol = line + n + 1;

	list_take(out, fmt("%s %.*s in %.*s%s", what, (int)(strrchr(line, ' ') - symbol), symbol,
			(int)n, line, more));
}

static int
compare(const struct exports *a, const struct exports *b, struct list *out)
{
	const char *other;
	int broken = 0;
	size_t i;

	for (i = 0; i < a->sonames.n; i++)
		if (!list_has(&b->sonames, a->sonames.v[i]))
			list_take(out, fmt("gone %s: what is linked with it must be built again",
					a->sonames.v[i]));
	for (i = 0; i < a->lines.n; i++) {
		if (!has_soname(b, a->lines.v[i]))
			continue;
		other = same_symbol(&b->lines, a->lines.v[i]);
		if (!other)
			add(out, "gone", a->lines.v[i], "");
		else if (strcmp(other, a->lines.v[i]) != 0)
			add(out, "size", a->lines.v[i], " differs");
		broken += !other || strcmp(other, a->lines.v[i]) != 0;
	}
	for (i = 0; i < b->lines.n; i++)
		if (has_soname(a, b->lines.v[i]) && !same_symbol(&a->lines, b->lines.v[i]))
			add(out, "new", b->lines.v[i], "");
	return broken;
}

int
abi_compare(const struct cook *c, const char *old, const char *new, struct list *out)
{
	struct exports a, b;
	int broken;

	read_exports(c, old, &a);
	read_exports(c, new, &b);
	broken = compare(&a, &b, out);
	cpk_list_free(&a.lines);
	cpk_list_free(&a.sonames);
	cpk_list_free(&b.lines);
	cpk_list_free(&b.sonames);
	return broken;
}
