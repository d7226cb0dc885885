/* SPDX-License-Identifier: MIT */
/*
 * lookup.c: symbols by name. A definition is what the object defines, neither local nor hidden. A
 * reference with a version binds to that version, or to an object without versions. One without
 * binds to the base or the first version (who was linked before there were versions means that), else
 * to the default one; dlsym to the default one.
 */
#include <string.h>
#include "dso.h"

#define VERSYM_HIDDEN 0x8000
#define VERSYM_INDEX 0x7fff

struct query {
	const char *name;
	const struct version *version;
	uint32_t gnu, sysv;
	int have_sysv, newest;
};

static uint32_t gnu_hash(const char *name)
{
	uint32_t h = 5381;

	for (const unsigned char *s = (const void *)name; *s; s++)
		h = h * 33 + *s;
	return h;
}

uint32_t __ldso_elf_hash(const char *name)
{
	uint32_t h = 0;

	for (const unsigned char *s = (const void *)name; *s; s++) {
		h = h * 16 + *s;
		h ^= h >> 24 & 0xf0;
	}
	return h & 0xfffffff;
}

const struct version *__ldso_version(const struct dso *d, size_t i)
{
	unsigned index;

	if (i >= d->nversym || (index = d->versym[i] & VERSYM_INDEX) >= d->nversions)
		return 0;
	return d->versions[index].name ? d->versions + index : 0;
}

enum fit { NO, PERHAPS, YES };

static enum fit version_fits(const struct dso *d, size_t i, const struct query *q)
{
	const struct version *v;
	unsigned s;

	if (i >= d->nversym)
		return YES;
	s = d->versym[i];
	if (q->version) {
		v = (s & VERSYM_INDEX) < d->nversions ? d->versions + (s & VERSYM_INDEX) : 0;
		if (v && v->defined && v->name)
			return v->hash == q->version->hash && !strcmp(v->name, q->version->name) ? YES : NO;
		return s & VERSYM_HIDDEN ? NO : YES;
	}
	if ((s & VERSYM_INDEX) < (q->newest ? 2 : 3))
		return YES;
	return s & VERSYM_HIDDEN ? NO : PERHAPS;
}

static enum fit matches(const struct dso *d, size_t i, const struct query *q)
{
	const Elf64_Sym *s = d->syms + i;
	int type = ELF64_ST_TYPE(s->st_info), bind = ELF64_ST_BIND(s->st_info), vis = s->st_other & 3;

	if (s->st_name >= d->strings_len || strcmp(d->strings + s->st_name, q->name))
		return NO;
	if (s->st_shndx == SHN_UNDEF || (s->st_value == 0 && type != STT_TLS && s->st_shndx != SHN_ABS))
		return NO;
	if ((bind != STB_GLOBAL && bind != STB_WEAK && bind != STB_GNU_UNIQUE) || vis == STV_HIDDEN || vis == STV_INTERNAL)
		return NO;
	if (type > STT_COMMON && type != STT_TLS && type != STT_GNU_IFUNC)
		return NO;
	return version_fits(d, i, q);
}

static const Elf64_Sym *find_gnu(const struct dso *d, const struct query *q)
{
	const uint32_t *t = d->gnu_hash, *chain = d->gnu_chain;
	const uint64_t *bloom = (const void *)(t + 4);
	uint64_t word = bloom[q->gnu / 64 & (t[2] - 1)];
	const Elf64_Sym *perhaps = 0;
	uint32_t i;

	if (!(word >> (q->gnu & 63) & (word >> (q->gnu >> (t[3] & 31) & 63)) & 1))
		return 0;
	i = ((const uint32_t *)(bloom + t[2]))[q->gnu % t[0]];
	if (i < t[1])
		return 0;
	for (; i < d->gnu_end; i++) {
		uint32_t h = chain[i];
		if ((h | 1) == (q->gnu | 1)) {
			enum fit fit = matches(d, i, q);
			if (fit == YES)
				return d->syms + i;
			if (fit == PERHAPS && !perhaps)
				perhaps = d->syms + i;
		}
		if (h & 1)
			break;
	}
	return perhaps;
}

static const Elf64_Sym *find_sysv(const struct dso *d, struct query *q)
{
	const uint32_t *t = d->sysv_hash;
	const Elf64_Sym *perhaps = 0;
	uint32_t steps = 0;

	if (!q->have_sysv) {
		q->sysv = __ldso_elf_hash(q->name);
		q->have_sysv = 1;
	}
	/* A chain visits no symbol twice. */
	for (uint32_t i = t[2 + q->sysv % t[0]]; i && i < t[1] && steps++ < t[1]; i = t[2 + t[0] + i]) {
		enum fit fit = matches(d, i, q);
		if (fit == YES)
			return d->syms + i;
		if (fit == PERHAPS && !perhaps)
			perhaps = d->syms + i;
	}
	return perhaps;
}

static const Elf64_Sym *find(const struct dso *d, struct query *q)
{
	return d->gnu_hash ? find_gnu(d, q) : d->sysv_hash ? find_sysv(d, q) : 0;
}

const Elf64_Sym *__ldso_find_in(struct dso *d, const char *name, const struct version *v)
{
	struct query q = { .name = name, .version = v, .gnu = gnu_hash(name), .newest = 1 };

	return find(d, &q);
}

static struct def find_list(const struct dso_list *l, size_t i, struct query *q, const struct dso *skip)
{
	size_t n = __atomic_load_n(&l->n, __ATOMIC_ACQUIRE);
	struct dso **v = __atomic_load_n(&l->v, __ATOMIC_ACQUIRE);
	const Elf64_Sym *s;

	for (; i < n; i++)
		if (v[i] != skip && (s = find(v[i], q)))
			return (struct def){ s, v[i] };
	return (struct def){ 0, 0 };
}

struct def __ldso_find_list(const struct dso_list *l, const struct dso *after, const char *name,
	const struct version *v)
{
	struct query q = { .name = name, .version = v, .gnu = gnu_hash(name), .newest = 1 };
	size_t i = 0;

	if (after) {
		while (i < l->n && l->v[i] != after)
			i++;
		i++;
	}
	return find_list(l, i, &q, 0);
}

struct def __ldso_find(const char *name, const struct version *v, struct dso *from, struct dso *skip)
{
	struct query q = { .name = name, .version = v, .gnu = gnu_hash(name) };
	const struct dso_list none = {0}, *local = from && from->root ? &from->root->below : &none;
	struct def def = {0};

	if (from && from->symbolic && from != skip && (def.sym = find(from, &q)))
		def.dso = from;
	if (!def.sym && from && from->deepbind)
		def = find_list(local, 0, &q, skip);
	if (!def.sym)
		def = find_list(&__ldso_global, 0, &q, skip);
	if (!def.sym && from && !from->deepbind)
		def = find_list(local, 0, &q, skip);
	return def;
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
