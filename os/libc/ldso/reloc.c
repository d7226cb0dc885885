/* SPDX-License-Identifier: MIT */
/*
 * reloc.c: relocations of x86_64, in two passes over all new objects. The first does what needs no
 * code of theirs; the second calls indirect functions, whose resolvers may use what the first did,
 * and copies data into the program.
 */
#include <string.h>
#include <sys/mman.h>
#include "../internal/plat.h"
#include "dso.h"

hidden void __tlsdesc_static(void);
hidden void __tlsdesc_dynamic(void);
hidden void __tlsdesc_undefined(void);

static _Noreturn void bad(const struct dso *d, const char *what)
{
	__ldso_fail(__ldso_name(d), ": ", what, 0);
}

static _Noreturn void undefined(struct dso *d, size_t i)
{
	const struct version *v = __ldso_version(d, i);
	char text[1024] = "";

	__ldso_join(text, sizeof(text), __ldso_name(d), ": undefined symbol: ",
		__ldso_string(d, d->syms[i].st_name), v ? ", version " : 0);
	__ldso_fail(text, v ? v->name : 0, 0, 0);
}

void *__ldso_target(struct dso *d, size_t offset, size_t n)
{
	uintptr_t a = d->base + offset;

	if (a >= d->w_start && a < d->w_end && n <= d->w_end - a)
		return (void *)a;
	for (const Elf64_Phdr *p = d->phdr; p < d->phdr + d->phnum; p++) {
		size_t off = offset - p->p_vaddr;
		if (p->p_type != PT_LOAD || !(p->p_flags & PF_W) || off > p->p_memsz || n > p->p_memsz - off)
			continue;
		d->w_start = d->base + p->p_vaddr;
		d->w_end = d->w_start + p->p_memsz;
		return (void *)a;
	}
	return 0;
}

static void *target(struct dso *d, size_t offset, size_t n)
{
	void *p = __ldso_target(d, offset, n);

	if (!p)
		bad(d, "relocation outside of writable memory");
	return p;
}

/* -- definitions -- */

struct def __ldso_resolve(struct dso *d, size_t i, int copy)
{
	const Elf64_Sym *sym = d->syms + i;
	int bind = ELF64_ST_BIND(sym->st_info);

	if (!i)
		return (struct def){ 0, d };
	if (bind == STB_LOCAL || ((sym->st_other & 3) != STV_DEFAULT && sym->st_shndx != SHN_UNDEF))
		return (struct def){ sym, d };
	return __ldso_find(__ldso_string(d, sym->st_name), __ldso_version(d, i), d, copy ? d : 0);
}

/* The same symbol is often meant twice in a row. Under __ldso_lock; good while one object is done. */
static struct dso *last_d;
static size_t last_i;
static struct def last;

static struct def definition(struct dso *d, size_t i, int copy)
{
	struct def def;

	if (i >= d->nsyms)
		bad(d, "relocation of a symbol that does not exist");
	if (i && d == last_d && i == last_i && !copy)
		return last;
	def = __ldso_resolve(d, i, copy);
	if (i && !def.sym && ELF64_ST_BIND(d->syms[i].st_info) != STB_WEAK)
		undefined(d, i);
	if (def.sym && ELF64_ST_BIND(def.sym->st_info) == STB_GNU_UNIQUE)
		def.dso->nodelete = 1;
	if (def.dso && def.dso != d && !def.dso->startup && !__ldso_list_has(&d->deps, def.dso))
		__ldso_list_add(&d->bound, def.dso);
	if (!copy) {
		last_d = d;
		last_i = i;
		last = def;
	}
	return def;
}

static int type_of(struct def def)
{
	return def.sym ? ELF64_ST_TYPE(def.sym->st_info) : STT_NOTYPE;
}

/* -- thread-local data -- */

/* Offset of a module's data from its symbol or, without one, from its begin. */
static size_t tls_value(struct dso *d, struct def def, size_t addend)
{
	if (def.dso && !def.dso->tls.id)
		bad(d, "reference to thread-local data of an object that has none");
	return (def.sym ? def.sym->st_value : 0) + addend;
}

static size_t tp_offset(struct dso *d, struct def def, size_t addend)
{
	size_t value = tls_value(d, def, addend);

	if (!def.dso)
		return 0;
	if (!__ldso_tls_static(def.dso))
		bad(d, "cannot allocate memory in static TLS block");
	return value - def.dso->tls.offset;
}

static void tls_descriptor(struct dso *d, size_t offset, struct def def, size_t addend)
{
	size_t *where = target(d, offset, 16), value = tls_value(d, def, addend);
	struct tls_desc *desc;

	if (!def.dso) {
		where[0] = (size_t)__tlsdesc_undefined;
		where[1] = addend;
		return;
	}
	if (def.dso->tls.offset) {
		where[0] = (size_t)__tlsdesc_static;
		where[1] = value - def.dso->tls.offset;
		return;
	}
	desc = __ldso_alloc(sizeof(*desc));
	*desc = (struct tls_desc){ def.dso->tls.id, value, d->descs };
	d->descs = desc;
	where[0] = (size_t)__tlsdesc_dynamic;
	where[1] = (size_t)desc;
}

/* -- one relocation -- */

static void apply_tls(struct dso *d, const Elf64_Rela *r, int type)
{
	struct def def = definition(d, ELF64_R_SYM(r->r_info), 0);

	switch (type) {
	case R_X86_64_DTPMOD64:
		tls_value(d, def, 0);
		*(size_t *)target(d, r->r_offset, 8) = def.dso ? def.dso->tls.id : 0;
		break;
	case R_X86_64_DTPOFF64:
		*(size_t *)target(d, r->r_offset, 8) = tls_value(d, def, r->r_addend);
		break;
	case R_X86_64_TPOFF64:
		*(size_t *)target(d, r->r_offset, 8) = tp_offset(d, def, r->r_addend);
		break;
	case R_X86_64_TLSDESC:
		tls_descriptor(d, r->r_offset, def, r->r_addend);
		break;
	}
}

static void apply_symbol(struct dso *d, const Elf64_Rela *r, int type, struct def def)
{
	size_t value = def.sym ? (size_t)__ldso_address(def) : 0, a = r->r_addend;

	switch (type) {
	case R_X86_64_64: *(size_t *)target(d, r->r_offset, 8) = value + a; break;
	case R_X86_64_GLOB_DAT:
	case R_X86_64_JUMP_SLOT: *(size_t *)target(d, r->r_offset, 8) = value; break;
	case R_X86_64_PC32:
		*(uint32_t *)target(d, r->r_offset, 4) = value + a - (d->base + r->r_offset);
		break;
	case R_X86_64_32: *(uint32_t *)target(d, r->r_offset, 4) = value + a; break;
	case R_X86_64_SIZE64:
		*(size_t *)target(d, r->r_offset, 8) = (def.sym ? def.sym->st_size : 0) + a;
		break;
	}
}

static void apply_copy(struct dso *d, const Elf64_Rela *r)
{
	size_t i = ELF64_R_SYM(r->r_info);
	struct def def = definition(d, i, 1);
	size_t n = d->syms[i].st_size;

	if (!def.sym)
		return;
	if (def.sym->st_size < n)
		n = def.sym->st_size;
	if (!__ldso_inside(def.dso, def.sym->st_value, n, PF_R))
		bad(def.dso, "symbol out of bounds");
	memcpy(target(d, r->r_offset, n), (void *)(def.dso->base + def.sym->st_value), n);
}

enum pass { FIRST, SECOND };

static void apply(struct dso *d, const Elf64_Rela *r, enum pass pass)
{
	int type = ELF64_R_TYPE(r->r_info);
	struct def def;

	switch (type) {
	case R_X86_64_NONE:
		break;
	case R_X86_64_RELATIVE:
		if (pass == FIRST && d != &__ldso)	/* ours are done */
			*(size_t *)target(d, r->r_offset, 8) = d->base + r->r_addend;
		break;
	case R_X86_64_IRELATIVE:
	case R_X86_64_COPY:
		d->has_ifunc = 1;
		if (pass == FIRST || d == &__ldso)
			break;
		if (type == R_X86_64_COPY)
			apply_copy(d, r);
		else if (__ldso_inside(d, r->r_addend, 1, PF_X))
			*(size_t *)target(d, r->r_offset, 8) = ((size_t (*)(void))(d->base + r->r_addend))();
		else
			bad(d, "indirect function out of bounds");
		break;
	case R_X86_64_64:
	case R_X86_64_GLOB_DAT:
	case R_X86_64_JUMP_SLOT:
	case R_X86_64_PC32:
	case R_X86_64_32:
	case R_X86_64_SIZE64:
		def = definition(d, ELF64_R_SYM(r->r_info), 0);
		if (type_of(def) == STT_GNU_IFUNC && pass == FIRST)
			d->has_ifunc = 1;
		else if (type_of(def) == STT_GNU_IFUNC || pass == FIRST)
			apply_symbol(d, r, type, def);
		break;
	case R_X86_64_DTPMOD64:
	case R_X86_64_DTPOFF64:
	case R_X86_64_TPOFF64:
	case R_X86_64_TLSDESC:
		if (pass == FIRST)
			apply_tls(d, r, type);
		break;
	default:
		bad(d, "unsupported relocation type");
	}
}

static void apply_table(struct dso *d, size_t table, size_t bytes, enum pass pass)
{
	const Elf64_Rela *r = (const void *)(d->base + table), *end = r + bytes / sizeof(*r);

	for (; r < end; r++) {
		/* Most of them, by far. */
		if (pass == FIRST && r->r_info == R_X86_64_RELATIVE && d != &__ldso)
			*(size_t *)target(d, r->r_offset, 8) = d->base + r->r_addend;
		else
			apply(d, r, pass);
	}
}

static void apply_relr(struct dso *d, size_t table, size_t bytes)
{
	const size_t *t = (const void *)(d->base + table);
	size_t at = 0;

	for (size_t i = 0; i < bytes / sizeof(*t); i++) {
		if (!(t[i] & 1)) {
			at = t[i];
			*(size_t *)target(d, at, 8) += d->base;
			at += 8;
			continue;
		}
		for (size_t bits = t[i] >> 1; bits; bits &= bits - 1)
			*(size_t *)target(d, at + 8 * __builtin_ctzl(bits), 8) += d->base;
		at += 8 * 63;
	}
}

static void apply_lazily(struct dso *d)
{
	const Elf64_Rela *r = (const void *)(d->base + d->dyn[DT_JMPREL]);

	for (size_t i = 0; i < d->dyn[DT_PLTRELSZ] / sizeof(*r); i++) {
		if (ELF64_R_TYPE(r[i].r_info) == R_X86_64_JUMP_SLOT)
			*(size_t *)target(d, r[i].r_offset, 8) += d->base;
		else
			apply(d, r + i, FIRST);
	}
	__ldso_lazy(d);
}

static int may_be_lazy(const struct dso *d)
{
	return d->dyn[DT_PLTRELSZ] && d->dyn[DT_PLTGOT] && !(d->dyn[DT_FLAGS] & DF_BIND_NOW) && !(d->flags_1 & DF_1_NOW)
		&& d != &__ldso;
}

void __ldso_relocate(struct dso *d, int now)
{
	if (d->relocated)
		return;
	if (d->dyn[DT_FLAGS] & DF_TEXTREL)
		bad(d, "text relocations are not supported");
	last_d = 0;
	d->relocated = 1;
	d->lazy = !now && may_be_lazy(d);
	if (d != &__ldso)
		apply_relr(d, d->dyn[DT_RELR], d->dyn[DT_RELRSZ]);
	apply_table(d, d->dyn[DT_RELA], d->dyn[DT_RELASZ], FIRST);
	if (d->lazy)
		apply_lazily(d);
	else
		apply_table(d, d->dyn[DT_JMPREL], d->dyn[DT_PLTRELSZ], FIRST);
}

/* Pages that are read-only after relocation. */
static void protect(struct dso *d)
{
	size_t start = d->base + (d->relro & -4096ul), end = d->base + (d->relro_end & -4096ul);

	if (d->relro_end && end > start && plat_mprotect((void *)start, end - start, PROT_READ) < 0)
		bad(d, "cannot apply additional memory protection after relocation");
}

static void finish_plt(struct dso *d)
{
	const Elf64_Rela *r = (const void *)(d->base + d->dyn[DT_JMPREL]);

	for (size_t i = 0; i < d->dyn[DT_PLTRELSZ] / sizeof(*r); i++)
		if (!d->lazy || ELF64_R_TYPE(r[i].r_info) != R_X86_64_JUMP_SLOT)
			apply(d, r + i, SECOND);
}

void __ldso_finish(struct dso *d)
{
	if (d->has_ifunc) {
		last_d = 0;
		apply_table(d, d->dyn[DT_RELA], d->dyn[DT_RELASZ], SECOND);
		finish_plt(d);
	}
	protect(d);
}
