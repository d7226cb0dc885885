/* SPDX-License-Identifier: MIT */
/* decode.c: the dynamic section, checked once so that nothing later leaves the object; versions. */
#include <string.h>
#include "dso.h"

#define VERSYM_INDEX 0x7fff

static _Noreturn void bad(const struct dso *d, const char *what)
{
	__ldso_fail(__ldso_name(d), ": ", what, " out of bounds");
}

/* Address of n bytes of the object. */
static const void *table(const struct dso *d, size_t vaddr, size_t n, const char *what)
{
	if (!__ldso_inside(d, vaddr, n, PF_R))
		bad(d, what);
	return (const void *)(d->base + vaddr);
}

/* Bytes from vaddr to the end of its segment. */
static size_t room(const struct dso *d, size_t vaddr)
{
	for (const Elf64_Phdr *p = d->phdr; p < d->phdr + d->phnum; p++)
		if (p->p_type == PT_LOAD && vaddr - p->p_vaddr < p->p_memsz)
			return p->p_memsz - (vaddr - p->p_vaddr);
	return 0;
}

/* Entries beyond DT_NUM that matter. */
struct more {
	size_t gnu_hash, versym, verdef, nverdef, verneed, nverneed;
};

static void read_entries(struct dso *d, struct more *m)
{
	size_t i;

	for (i = 0; i < d->ndynamic && d->dynamic[i].d_tag; i++) {
		size_t tag = d->dynamic[i].d_tag, value = d->dynamic[i].d_un.d_val;
		switch (tag) {
		case DT_GNU_HASH: m->gnu_hash = value; break;
		case DT_VERSYM: m->versym = value; break;
		case DT_VERDEF: m->verdef = value; break;
		case DT_VERDEFNUM: m->nverdef = value; break;
		case DT_VERNEED: m->verneed = value; break;
		case DT_VERNEEDNUM: m->nverneed = value; break;
		case DT_FLAGS_1: d->flags_1 = value; break;
		case DT_SYMBOLIC: d->symbolic = 1; break;
		case DT_TEXTREL: d->dyn[DT_FLAGS] |= DF_TEXTREL; break;
		case DT_BIND_NOW: d->dyn[DT_FLAGS] |= DF_BIND_NOW; break;
		case DT_FLAGS: d->dyn[DT_FLAGS] |= value; break;
		default:
			if (tag < DT_NUM)
				d->dyn[tag] = value;
		}
	}
	d->ndynamic = i;
}

static void read_symbols(struct dso *d)
{
	size_t n = d->dyn[DT_STRSZ];

	if (!d->dyn[DT_SYMTAB] || !d->dyn[DT_STRTAB])
		__ldso_fail(__ldso_name(d), ": no symbol table in the dynamic section", 0, 0);
	if (d->dyn[DT_SYMENT] && d->dyn[DT_SYMENT] != sizeof(Elf64_Sym))
		__ldso_fail(__ldso_name(d), ": symbols of an unknown size", 0, 0);
	d->syms = table(d, d->dyn[DT_SYMTAB], sizeof(Elf64_Sym), "symbol table");
	d->nsyms = room(d, d->dyn[DT_SYMTAB]) / sizeof(Elf64_Sym);
	d->strings = table(d, d->dyn[DT_STRTAB], n, "string table");
	if (!n || d->strings[n - 1])
		bad(d, "string table");
	d->strings_len = n;
}

static void read_gnu_hash(struct dso *d, size_t at)
{
	const uint32_t *t = table(d, at, 16, "hash table");
	size_t nbuckets = t[0], first = t[1], nbloom = t[2], head = 16 + 8 * nbloom + 4 * nbuckets;

	if (!nbuckets || !nbloom || nbloom & (nbloom - 1) || t[3] > 63 || at & 7)
		bad(d, "hash table");
	table(d, at, head, "hash table");
	d->gnu_hash = t;
	d->gnu_chain = t + head / 4 - first;
	d->gnu_end = first + (room(d, at) - head) / 4;
	if (d->gnu_end > d->nsyms)
		d->gnu_end = d->nsyms;
}

static void read_sysv_hash(struct dso *d, size_t at)
{
	const uint32_t *t = table(d, at, 8, "hash table");

	table(d, at, 8 + 4 * ((size_t)t[0] + t[1]), "hash table");
	if (!t[0] || t[1] > d->nsyms || at & 3)
		bad(d, "hash table");
	d->sysv_hash = t;
}

static void check_tables(struct dso *d)
{
	static const struct { short table, size; const char *what; } part[] = {
		{ DT_RELA, DT_RELASZ, "relocation table" }, { DT_JMPREL, DT_PLTRELSZ, "PLT relocation table" },
		{ DT_RELR, DT_RELRSZ, "relative relocation table" }, { DT_INIT_ARRAY, DT_INIT_ARRAYSZ, "DT_INIT_ARRAY" },
		{ DT_FINI_ARRAY, DT_FINI_ARRAYSZ, "DT_FINI_ARRAY" }, { DT_PREINIT_ARRAY, DT_PREINIT_ARRAYSZ, "DT_PREINIT_ARRAY" },
	};

	for (size_t i = 0; i < sizeof(part) / sizeof(*part); i++) {
		size_t at = d->dyn[part[i].table], n = d->dyn[part[i].size];
		if (!at || !n)
			d->dyn[part[i].size] = 0;
		else if (at & 7 || !__ldso_inside(d, at, n, PF_R))
			bad(d, part[i].what);
	}
	if ((d->dyn[DT_INIT] && !__ldso_inside(d, d->dyn[DT_INIT], 1, PF_X))
			|| (d->dyn[DT_FINI] && !__ldso_inside(d, d->dyn[DT_FINI], 1, PF_X)))
		bad(d, "DT_INIT or DT_FINI");
	if (d->dyn[DT_REL] || (d->dyn[DT_PLTRELSZ] && d->dyn[DT_PLTREL] != DT_RELA)
			|| (d->dyn[DT_RELASZ] && d->dyn[DT_RELAENT] != sizeof(Elf64_Rela)))
		__ldso_fail(__ldso_name(d), ": relocations of an unknown kind", 0, 0);
}

/* -- versions -- */

static void set_version(struct dso *d, unsigned index, const char *name, int defined)
{
	struct version *v;

	index &= VERSYM_INDEX;
	if (index >= d->nversions) {
		size_t n = (index + 16) & -16ul;
		v = __ldso_alloc(n * sizeof(*v));
		memcpy(v, d->versions, d->nversions * sizeof(*v));
		__ldso_free(d->versions);
		d->versions = v;
		d->nversions = n;
	}
	v = d->versions + index;
	*v = (struct version){ name, name ? __ldso_elf_hash(name) : 0, defined };
}

static void read_verdef(struct dso *d, size_t at, size_t n)
{
	while (n--) {
		const Elf64_Verdef *v = table(d, at, sizeof(*v), "version definition");
		const Elf64_Verdaux *a = table(d, at + v->vd_aux, sizeof(*a), "version definition");
		/* The base is the object's own name. */
		set_version(d, v->vd_ndx, v->vd_flags & VER_FLG_BASE ? 0 : __ldso_string(d, a->vda_name), 1);
		if (!v->vd_next)
			break;
		at += v->vd_next;
	}
}

typedef void need_fn(struct dso *d, const char *file, const Elf64_Vernaux *a);

static void each_need(struct dso *d, size_t at, size_t n, need_fn *fn)
{
	while (n--) {
		const Elf64_Verneed *v = table(d, at, sizeof(*v), "version needed");
		size_t aux = at + v->vn_aux;
		for (int k = 0; k < v->vn_cnt; k++) {
			const Elf64_Vernaux *a = table(d, aux, sizeof(*a), "version needed");
			fn(d, __ldso_string(d, v->vn_file), a);
			if (!a->vna_next)
				break;
			aux += a->vna_next;
		}
		if (!v->vn_next)
			break;
		at += v->vn_next;
	}
}

static void note_need(struct dso *d, const char *file, const Elf64_Vernaux *a)
{
	(void)file;
	set_version(d, a->vna_other, __ldso_string(d, a->vna_name), 0);
}

static void read_versions(struct dso *d, const struct more *m)
{
	if (!m->versym)
		return;
	d->versym = table(d, m->versym, 2, "version table");
	d->nversym = room(d, m->versym) / 2;
	if (m->verdef)
		read_verdef(d, m->verdef, m->nverdef);
	if (m->verneed)
		each_need(d, m->verneed, m->nverneed, note_need);
}

static int defines(const struct dso *d, const char *name)
{
	int any = 0;

	for (size_t i = 0; i < d->nversions; i++) {
		if (!d->versions[i].defined)
			continue;
		any = 1;
		if (d->versions[i].name && !strcmp(d->versions[i].name, name))
			return 1;
	}
	return !any;		/* an object without versions has them all */
}

static void check_need(struct dso *d, const char *file, const Elf64_Vernaux *a)
{
	const char *name = __ldso_string(d, a->vna_name);
	struct dso *dep = __ldso_loaded(file);
	char text[512] = "";

	if (!dep || a->vna_flags & VER_FLG_WEAK || defines(dep, name))
		return;
	__ldso_join(text, sizeof(text), ": version `", name, "' not found (required by ", __ldso_name(d));
	if (__ldso_tracing)
		__ldso_print(2, __ldso_name(dep), text, ")\n", 0);
	else
		__ldso_fail(__ldso_name(dep), text, ")", 0);
}

void __ldso_check_versions(struct dso *d)
{
	size_t at = 0, n = 0;

	if (d->versions_ok)
		return;
	d->versions_ok = 1;
	for (size_t i = 0; i < d->ndynamic; i++) {
		if (d->dynamic[i].d_tag == DT_VERNEED)
			at = d->dynamic[i].d_un.d_val;
		else if (d->dynamic[i].d_tag == DT_VERNEEDNUM)
			n = d->dynamic[i].d_un.d_val;
	}
	if (at)
		each_need(d, at, n, check_need);
}

void __ldso_decode(struct dso *d)
{
	struct more m = {0};

	read_entries(d, &m);
	read_symbols(d);
	if (m.gnu_hash)
		read_gnu_hash(d, m.gnu_hash);
	else if (d->dyn[DT_HASH])
		read_sysv_hash(d, d->dyn[DT_HASH]);
	check_tables(d);
	read_versions(d, &m);
	if (d->dyn[DT_SONAME])
		d->soname = __ldso_string(d, d->dyn[DT_SONAME]);
	if (d->dyn[DT_RUNPATH])
		d->runpath = __ldso_string(d, d->dyn[DT_RUNPATH]);
	else if (d->dyn[DT_RPATH])
		d->rpath = __ldso_string(d, d->dyn[DT_RPATH]);
	d->symbolic |= (d->dyn[DT_FLAGS] & DF_SYMBOLIC) != 0;
	d->nodelete |= (d->flags_1 & DF_1_NODELETE) != 0;
}
