/* SPDX-License-Identifier: MIT */
/* reloc.c: relocations of x86_64. All are done at once: there is no lazy binding. */
#include <string.h>
#include <sys/mman.h>
#include "../internal/plat.h"
#include "../internal/thread.h"
#include "dso.h"

hidden void __tlsdesc_static(void);
hidden void __tlsdesc_dynamic(void);

extern hidden size_t __ldso_static_tls;		/* modules up to this have offsets of all threads */

static size_t dyn(const struct dso *d, size_t tag)
{
	for (const Elf64_Dyn *p = d->dynamic; p->d_tag; p++)
		if ((size_t)p->d_tag == tag)
			return p->d_un.d_val;
	return 0;
}

static _Noreturn void undefined(struct dso *d, const char *name, const char *version)
{
	char text[512] = "";

	__ldso_join(text, sizeof(text), d->name[0] ? d->name : __libc.argv[0], ": undefined symbol: ", name, 0);
	__ldso_join(text, sizeof(text), version ? ", version " : 0, version, 0, 0);
	__ldso_fail(text, 0, 0, 0);
}

/* The definition a relocation means; sym NULL for an undefined weak one. */
static struct def resolve(struct dso *d, const Elf64_Rela *r)
{
	size_t i = ELF64_R_SYM(r->r_info);
	const Elf64_Sym *sym = d->syms + i;
	const char *name = d->strings + sym->st_name, *version;
	struct def def;

	if (!i)
		return (struct def){ 0, d };
	if (ELF64_ST_BIND(sym->st_info) == STB_LOCAL || (sym->st_other & 3) == STV_PROTECTED)
		return (struct def){ sym, d };
	version = __ldso_version(d, i);
	def = __ldso_find(name, version, d, ELF64_R_TYPE(r->r_info) == R_X86_64_COPY ? d : 0);
	if (!def.sym && ELF64_ST_BIND(sym->st_info) != STB_WEAK)
		undefined(d, name, version);
	return def;
}

/* Offset from the thread pointer, for modules that lie in the static area. */
static size_t tp_offset(struct dso *from, struct def def, size_t addend)
{
	struct dso *d = def.dso;
	size_t value = def.sym ? def.sym->st_value : 0;

	if (def.sym && ELF64_ST_TYPE(def.sym->st_info) != STT_TLS)
		return 0;
	if (!d->tls_id || d->tls_id > __ldso_static_tls)
		__ldso_fail(from->name, ": cannot allocate memory in static TLS block", 0, 0);
	return value + addend - d->tls.offset;
}

static void tls_descriptor(size_t *where, struct def def, size_t addend)
{
	struct dso *d = def.dso;
	size_t value = (def.sym ? def.sym->st_value : 0) + addend, *index;

	if (d->tls_id <= __ldso_static_tls) {
		where[0] = (size_t)__tlsdesc_static;
		where[1] = value - d->tls.offset;
		return;
	}
	index = __ldso_alloc(2 * sizeof(*index));
	index[0] = d->tls_id;
	index[1] = value;
	where[0] = (size_t)__tlsdesc_dynamic;
	where[1] = (size_t)index;
}

static void apply(struct dso *d, const Elf64_Rela *r)
{
	size_t *where = (size_t *)(d->base + r->r_offset);
	int type = ELF64_R_TYPE(r->r_info);
	struct def def;
	size_t value;

	if (type == R_X86_64_NONE)
		return;
	if (type == R_X86_64_RELATIVE) {
		if (d != &__ldso)	/* ours are done */
			*where = d->base + r->r_addend;
		return;
	}
	if (type == R_X86_64_IRELATIVE)
		return;		/* last, in apply_indirect */
	def = resolve(d, r);
	value = def.sym && ELF64_ST_TYPE(def.sym->st_info) != STT_TLS ? (size_t)__ldso_address(def) : 0;
	switch (type) {
	case R_X86_64_64: *where = value + r->r_addend; break;
	case R_X86_64_GLOB_DAT:
	case R_X86_64_JUMP_SLOT: *where = value; break;
	case R_X86_64_PC32: *(uint32_t *)where = value + r->r_addend - (size_t)where; break;
	case R_X86_64_32: *(uint32_t *)where = value + r->r_addend; break;
	case R_X86_64_SIZE64: *where = (def.sym ? def.sym->st_size : 0) + r->r_addend; break;
	case R_X86_64_COPY:
		if (def.sym)
			memcpy(where, (void *)value, d->syms[ELF64_R_SYM(r->r_info)].st_size);
		break;
	case R_X86_64_DTPMOD64: *where = def.dso ? def.dso->tls_id : 0; break;
	case R_X86_64_DTPOFF64: *where = (def.sym ? def.sym->st_value : 0) + r->r_addend; break;
	case R_X86_64_TPOFF64: *where = def.dso ? tp_offset(d, def, r->r_addend) : 0; break;
	case R_X86_64_TLSDESC: tls_descriptor(where, def, r->r_addend); break;
	default: __ldso_fail(d->name, ": unsupported relocation type", 0, 0);
	}
}

static void apply_table(struct dso *d, size_t table, size_t bytes)
{
	const Elf64_Rela *r = (const void *)(d->base + table);

	for (size_t i = 0; i < bytes / sizeof(*r); i++)
		apply(d, r + i);
}

static void apply_indirect(struct dso *d, size_t table, size_t bytes)
{
	const Elf64_Rela *r = (const void *)(d->base + table);

	for (size_t i = 0; i < bytes / sizeof(*r); i++)
		if (ELF64_R_TYPE(r[i].r_info) == R_X86_64_IRELATIVE)
			*(size_t *)(d->base + r[i].r_offset) = ((size_t (*)(void))(d->base + r[i].r_addend))();
}

static void apply_relr(struct dso *d, size_t table, size_t bytes)
{
	const size_t *t = (const void *)(d->base + table);
	size_t *where = 0;

	for (size_t i = 0; i < bytes / sizeof(*t); i++) {
		if (!(t[i] & 1)) {
			where = (size_t *)(d->base + t[i]);
			*where++ += d->base;
			continue;
		}
		for (size_t bits = t[i] >> 1, k = 0; bits; bits >>= 1, k++)
			if (bits & 1)
				where[k] += d->base;
		where += 63;
	}
}

/* libc.so.1 did its relative ones at once. */
void __ldso_relocate(struct dso *d)
{
	if (d->relocated)
		return;
	if (dyn(d, DT_TEXTREL) || dyn(d, DT_FLAGS) & DF_TEXTREL)
		__ldso_fail(d->name, ": text relocations are not supported", 0, 0);
	if (d != &__ldso)
		apply_relr(d, dyn(d, DT_RELR), dyn(d, DT_RELRSZ));
	apply_table(d, dyn(d, DT_RELA), dyn(d, DT_RELASZ));
	apply_table(d, dyn(d, DT_JMPREL), dyn(d, DT_PLTRELSZ));
	apply_indirect(d, dyn(d, DT_RELA), dyn(d, DT_RELASZ));
	apply_indirect(d, dyn(d, DT_JMPREL), dyn(d, DT_PLTRELSZ));
	d->relocated = 1;
	__ldso_protect(d);
}

/* Pages that are read-only after relocation. */
void __ldso_protect(struct dso *d)
{
	size_t start = d->base + (d->relro & -4096ul), end = d->base + (d->relro_end & -4096ul);

	if (d->relro_end && end > start && plat_mprotect((void *)start, end - start, PROT_READ) < 0)
		__ldso_fail(d->name, ": cannot apply additional memory protection after relocation", 0, 0);
}
