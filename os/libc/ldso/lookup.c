/* SPDX-License-Identifier: MIT */
/*
 * lookup.c: symbols by name. A definition is what the object defines (or, in the program, a PLT
 * entry that is a function's address), neither local nor hidden. A reference with a version binds to
 * that version, or to an object without versions; one without binds to the default version.
 */
#include <string.h>
#include "dso.h"

#define VERSYM_HIDDEN 0x8000
#define VERSYM_INDEX 0x7fff

struct query {
	const char *name, *version;
	uint32_t gnu, sysv;
	int have_sysv;
};

static uint32_t gnu_hash(const char *name)
{
	uint32_t h = 5381;

	for (const unsigned char *s = (const void *)name; *s; s++)
		h = h * 33 + *s;
	return h;
}

static uint32_t sysv_hash(const char *name)
{
	uint32_t h = 0;

	for (const unsigned char *s = (const void *)name; *s; s++) {
		h = h * 16 + *s;
		h ^= h >> 24 & 0xf0;
	}
	return h & 0xfffffff;
}

/* Name of version index of d's own definitions, or NULL. */
static const char *defined_version(const struct dso *d, unsigned index)
{
	const Elf64_Verdef *v = d->verdef;

	for (size_t i = 0; v && i < d->nverdef; i++) {
		if ((v->vd_ndx & VERSYM_INDEX) == index && !(v->vd_flags & VER_FLG_BASE)) {
			const Elf64_Verdaux *a = (const void *)((const char *)v + v->vd_aux);
			return d->strings + a->vda_name;
		}
		if (!v->vd_next)
			break;
		v = (const void *)((const char *)v + v->vd_next);
	}
	return 0;
}

const char *__ldso_version(struct dso *d, size_t i)
{
	const Elf64_Verneed *v = d->verneed;
	unsigned index;

	if (!d->versym || (index = d->versym[i] & VERSYM_INDEX) < 2)
		return 0;
	for (size_t n = 0; v && n < d->nverneed; n++) {
		const Elf64_Vernaux *a = (const void *)((const char *)v + v->vn_aux);
		for (int k = 0; k < v->vn_cnt; k++) {
			if ((a->vna_other & VERSYM_INDEX) == index)
				return d->strings + a->vna_name;
			a = (const void *)((const char *)a + a->vna_next);
		}
		if (!v->vn_next)
			break;
		v = (const void *)((const char *)v + v->vn_next);
	}
	return defined_version(d, index);
}

static int version_fits(const struct dso *d, size_t i, const char *wanted)
{
	const char *have;

	if (!d->versym || !d->verdef)
		return 1;
	if (!wanted)
		return !(d->versym[i] & VERSYM_HIDDEN);
	have = defined_version(d, d->versym[i] & VERSYM_INDEX);
	return have ? !strcmp(have, wanted) : 1;
}

static int matches(const struct dso *d, size_t i, const struct query *q)
{
	const Elf64_Sym *s = d->syms + i;
	int type = ELF64_ST_TYPE(s->st_info), bind = ELF64_ST_BIND(s->st_info);

	if (strcmp(d->strings + s->st_name, q->name))
		return 0;
	if (s->st_shndx == SHN_UNDEF || (s->st_value == 0 && type != STT_TLS && s->st_shndx != SHN_ABS))
		return 0;
	if (bind != STB_GLOBAL && bind != STB_WEAK && bind != STB_GNU_UNIQUE)
		return 0;
	if (type > STT_COMMON && type != STT_TLS && type != STT_GNU_IFUNC)
		return 0;
	return version_fits(d, i, q->version);
}

static const Elf64_Sym *find_gnu(const struct dso *d, const struct query *q)
{
	const uint32_t *t = d->gnu_hash;
	uint32_t nbuckets = t[0], first = t[1], nbloom = t[2], shift = t[3], i;
	const uint64_t *bloom = (const void *)(t + 4);
	const uint32_t *buckets = (const void *)(bloom + nbloom), *chain = buckets + nbuckets;
	uint64_t word = bloom[q->gnu / 64 % nbloom];

	if (!(word >> q->gnu % 64 & 1) || !(word >> (q->gnu >> shift) % 64 & 1) || !nbuckets)
		return 0;
	i = buckets[q->gnu % nbuckets];
	if (i < first)
		return 0;
	for (;; i++) {
		uint32_t h = chain[i - first];
		if ((h | 1) == (q->gnu | 1) && matches(d, i, q))
			return d->syms + i;
		if (h & 1)
			return 0;
	}
}

static const Elf64_Sym *find_sysv(const struct dso *d, struct query *q)
{
	const uint32_t *t = d->sysv_hash;

	if (!q->have_sysv) {
		q->sysv = sysv_hash(q->name);
		q->have_sysv = 1;
	}
	if (!t[0])
		return 0;
	for (uint32_t i = t[2 + q->sysv % t[0]]; i; i = t[2 + t[0] + i])
		if (matches(d, i, q))
			return d->syms + i;
	return 0;
}

static const Elf64_Sym *find(const struct dso *d, struct query *q)
{
	return d->gnu_hash ? find_gnu(d, q) : d->sysv_hash ? find_sysv(d, q) : 0;
}

const Elf64_Sym *__ldso_find_in(struct dso *d, const char *name, const char *version)
{
	struct query q = { .name = name, .version = version, .gnu = gnu_hash(name) };

	return find(d, &q);
}

static struct def find_deps(struct dso *root, struct query *q, struct dso *skip)
{
	const Elf64_Sym *s;

	/* The objects that belong to root, breadth first, are those loaded for it in list order. */
	for (struct dso *d = root; d; d = d->next)
		if (d != skip && (d == root || d->root == root) && !d->global && (s = find(d, q)))
			return (struct def){ s, d };
	return (struct def){ 0, 0 };
}

struct def __ldso_find(const char *name, const char *version, struct dso *from, struct dso *skip)
{
	struct query q = { .name = name, .version = version, .gnu = gnu_hash(name) };
	const Elf64_Sym *s;

	for (struct dso *d = __dso_head; d; d = d->next)
		if (d->global && d != skip && (s = find(d, &q)))
			return (struct def){ s, d };
	if (from && !from->global) {
		struct def def = find_deps(from->root ? from->root : from, &q, skip);
		if (def.sym)
			return def;
		if (from != skip && (s = find(from, &q)))
			return (struct def){ s, from };
	}
	return (struct def){ 0, 0 };
}

void *__ldso_address(struct def def)
{
	void *p = (void *)(def.dso->base + def.sym->st_value);

	if (def.sym->st_shndx == SHN_ABS)
		return (void *)def.sym->st_value;
	if (ELF64_ST_TYPE(def.sym->st_info) == STT_GNU_IFUNC)
		return ((void *(*)(void))p)();
	return p;
}
