/* SPDX-License-Identifier: MIT */
/*
 * Stubs of shared libraries.  Symbols stand in the order of their names; functions have no size
 * and no place of their own.  Data keeps its size, its kind of section (a copy of what is
 * read-only is read-only too) and its aliases: the linker makes one copy of what lies at one
 * address.  Every place is aligned to ALIGN, more than any copy needs.  Which libraries one
 * itself needs is left out: whoever is linked with it names his own.  Of what it lacks, names
 * without a version stay, as weak ones: a program that has one of these must export it.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "elf_image.h"
#include "stub.h"

#define ALIGN 64

enum place { TEXT, RODATA, DATA, TLS, ABSOLUTE, MISSING, NPLACES };
enum section {
	S_NULL, S_DYNSYM, S_DYNSTR, S_VERSYM, S_VERDEF, S_DYNAMIC, S_TEXT, S_RODATA, S_DATA, S_TLS,
	S_NAMES, NSECTIONS
};
static const char section_names[] = "\0.dynsym\0.dynstr\0.gnu.version\0.gnu.version_d\0.dynamic\0"
	".text\0.rodata\0.data\0.tbss\0.shstrtab";

struct symbol {
	const char *name;		/* in the image */
	Elf64_Sym sym;			/* as there */
	Elf64_Half version;		/* as there: with the bit that hides it */
	enum place place;
	uint64_t value;			/* in the stub, from the place's start */
};

struct stub {
	struct elf_image im;
	struct elf_section syms, strings, versions, defs, dynamic;
	struct symbol *v;
	size_t n;
	uint64_t size[NPLACES];
	struct buf names;		/* .dynstr of the stub */
	struct buf out[NSECTIONS];
};

/* --- reading --- */

static enum place
place_of(const struct elf_image *im, const Elf64_Sym *s)
{
	struct elf_section in;

	if (s->st_shndx == SHN_UNDEF)
		return MISSING;
	if (s->st_shndx >= SHN_LORESERVE || !elf_image_section(im, s->st_shndx, &in))
		return ABSOLUTE;
	if (in.h.sh_flags & SHF_TLS)
		return TLS;
	if (in.h.sh_flags & SHF_EXECINSTR)
		return TEXT;
	return in.h.sh_flags & SHF_WRITE ? DATA : RODATA;
}

/* Ends of sections are exported by some linkers; they say where code happens to end. */
static int
counts(const Elf64_Sym *s, const char *name, unsigned version)
{
	static const char *const ends[] = {
		"_end", "_edata", "_etext", "end", "edata", "etext", "__bss_start", "_fini", "_init"
	};
	unsigned see = ELF64_ST_VISIBILITY(s->st_other);
	size_t i;

	if (ELF64_ST_BIND(s->st_info) == STB_LOCAL || !*name ||
	    (see != STV_DEFAULT && see != STV_PROTECTED) ||
	    (s->st_shndx == SHN_UNDEF && version > VER_NDX_GLOBAL))
		return 0;
	for (i = 0; i < sizeof(ends) / sizeof(ends[0]); i++)
		if (strcmp(ends[i], name) == 0)
			return 0;
	return 1;
}

static int
by_name(const void *a, const void *b)
{
	const struct symbol *x = a, *y = b;
	int r = strcmp(x->name, y->name);

	return r ? r : (int)x->version - (int)y->version;
}

static void
read_symbols(struct stub *s)
{
	uint64_t i, count = s->syms.h.sh_size / sizeof(Elf64_Sym);
	struct symbol *v;

	s->v = xalloc((count + 1) * sizeof(*s->v));
	for (i = 1; i < count; i++) {
		v = &s->v[s->n];
		memset(v, 0, sizeof(*v));
		memcpy(&v->sym, s->syms.data + i * sizeof(v->sym), sizeof(v->sym));
		v->name = elf_image_string(&s->strings, v->sym.st_name);
		if (s->versions.data && (i + 1) * sizeof(v->version) <= s->versions.h.sh_size)
			memcpy(&v->version, s->versions.data + i * sizeof(v->version),
					sizeof(v->version));
		if (!counts(&v->sym, v->name, v->version))
			continue;
		v->place = place_of(&s->im, &v->sym);
		s->n++;
	}
	qsort(s->v, s->n, sizeof(*s->v), by_name);
}

/* Data gets its places in the order of names; what shares an address there does so here. */
static void
place_symbols(struct stub *s)
{
	size_t i, k;

	for (i = 0; i < s->n; i++) {
		struct symbol *v = &s->v[i];

		if (v->place == ABSOLUTE)
			v->value = v->sym.st_value;
		if (v->place == TEXT || v->place >= ABSOLUTE)
			continue;
		for (k = 0; k < i; k++)
			if (s->v[k].place == v->place && s->v[k].sym.st_value == v->sym.st_value)
				break;
		v->value = k < i ? s->v[k].value : s->size[v->place];
		if (v->value + v->sym.st_size + 1 > s->size[v->place])
			s->size[v->place] = (v->value + v->sym.st_size + ALIGN) & ~(ALIGN - 1ull);
	}
}

static const char *
find_soname(const struct stub *s)
{
	Elf64_Dyn d;
	uint64_t i;

	for (i = 0; s->dynamic.data && (i + 1) * sizeof(d) <= s->dynamic.h.sh_size; i++) {
		memcpy(&d, s->dynamic.data + i * sizeof(d), sizeof(d));
		if (d.d_tag == DT_SONAME)
			return elf_image_string(&s->strings, d.d_un.d_val);
	}
	return "";
}

/* --- writing --- */

static Elf64_Word
add_name(struct stub *s, const char *name)
{
	size_t at = s->names.n;

	buf_add(&s->names, name, strlen(name) + 1);
	return (Elf64_Word)at;
}

static unsigned char
info_of(const struct symbol *v)
{
	unsigned type = ELF64_ST_TYPE(v->sym.st_info);

	if (v->place == MISSING)
		return ELF64_ST_INFO(STB_WEAK, STT_NOTYPE);
	if (type == STT_GNU_IFUNC)
		type = STT_FUNC;
	return (unsigned char)ELF64_ST_INFO(ELF64_ST_BIND(v->sym.st_info), type);
}

static void
put_symbols(struct stub *s)
{
	static const Elf64_Half index[NPLACES] = { S_TEXT, S_RODATA, S_DATA, S_TLS, SHN_ABS, SHN_UNDEF };
	struct buf *syms = &s->out[S_DYNSYM], *versions = &s->out[S_VERSYM];
	Elf64_Sym e = { 0 };
	Elf64_Half none = 0;
	size_t i;

	buf_add(syms, (char *)&e, sizeof(e));
	buf_add(versions, (char *)&none, sizeof(none));
	for (i = 0; i < s->n; i++) {
		const struct symbol *v = &s->v[i];

		e.st_name = add_name(s, v->name);
		e.st_info = info_of(v);
		e.st_other = v->sym.st_other;
		e.st_shndx = index[v->place];
		e.st_value = v->value;
		e.st_size = v->place == TEXT || v->place == MISSING ? 0 : v->sym.st_size;
		buf_add(syms, (char *)&e, sizeof(e));
		buf_add(versions, (char *)&v->version, sizeof(v->version));
	}
}

/* The versions as they are there, without their parents, which only tell the reader something. */
static unsigned
put_versions(struct stub *s)
{
	struct buf *out = &s->out[S_VERDEF];
	uint64_t at = 0, size = s->defs.h.sh_size;
	unsigned n = 0;
	size_t last = 0;
	Elf64_Verdef d;
	Elf64_Verdaux a;
	Elf64_Word next;

	while (s->defs.data && at + sizeof(d) <= size) {
		memcpy(&d, s->defs.data + at, sizeof(d));
		if (at + d.vd_aux + sizeof(a) > size)
			break;
		memcpy(&a, s->defs.data + at + d.vd_aux, sizeof(a));
		next = d.vd_next;
		a.vda_name = add_name(s, elf_image_string(&s->strings, a.vda_name));
		a.vda_next = 0;
		d.vd_cnt = 1;
		d.vd_aux = sizeof(d);
		d.vd_next = sizeof(d) + sizeof(a);
		last = out->n;
		buf_add(out, (char *)&d, sizeof(d));
		buf_add(out, (char *)&a, sizeof(a));
		n++;
		if (!next)
			break;
		at += next;
	}
	if (n) {
		d.vd_next = 0;
		memcpy(out->s + last, &d, sizeof(d));
	}
	return n;
}

/* For programs that read it by its segments; where the names are is known later. */
static void
put_dynamic(struct stub *s, Elf64_Word soname)
{
	const Elf64_Dyn d[] = {
		{ DT_STRTAB, { 0 } }, { DT_STRSZ, { s->names.n } },
		{ s->names.s[soname] ? DT_SONAME : DT_NULL, { soname } }, { DT_NULL, { 0 } },
	};

	buf_add(&s->out[S_DYNAMIC], (const char *)d, sizeof(d));
}

/* The head of the file, now that all of it is laid out. */
static void
put_head(const struct stub *s, struct buf *file, const Elf64_Shdr *h)
{
	const Elf64_Phdr ph[] = {
		{ PT_LOAD, PF_R, 0, 0, 0, file->n, file->n, 4096 },
		{ PT_DYNAMIC, PF_R, h[S_DYNAMIC].sh_offset, h[S_DYNAMIC].sh_addr,
			h[S_DYNAMIC].sh_addr, h[S_DYNAMIC].sh_size, h[S_DYNAMIC].sh_size, 8 },
	};
	Elf64_Ehdr eh = s->im.eh;

	eh.e_entry = 0;
	eh.e_phoff = sizeof(eh);
	eh.e_phentsize = sizeof(Elf64_Phdr);
	eh.e_phnum = 2;
	eh.e_shoff = file->n - NSECTIONS * sizeof(*h);
	eh.e_shentsize = sizeof(*h);
	eh.e_shnum = NSECTIONS;
	eh.e_shstrndx = S_NAMES;
	memcpy(file->s, &eh, sizeof(eh));
	memcpy(file->s + sizeof(eh), ph, sizeof(ph));
	memcpy(file->s + h[S_DYNAMIC].sh_offset + offsetof(Elf64_Dyn, d_un), &h[S_DYNSTR].sh_addr,
			sizeof(Elf64_Addr));
}

static void
pad(struct buf *b, size_t align)
{
	while (b->n % align)
		buf_add(b, "", 1);
}

/* The offset of the nth name in section_names. */
static Elf64_Word
name_offset(unsigned n)
{
	const char *p = section_names;

	while (n--)
		p += strlen(p) + 1;
	return (Elf64_Word)(p - section_names);
}

static const struct {
	Elf64_Word type;
	Elf64_Xword flags, align, entry;
	Elf64_Word link, info;
} shapes[NSECTIONS] = {
	[S_DYNSYM] = { SHT_DYNSYM, SHF_ALLOC, 8, sizeof(Elf64_Sym), S_DYNSTR, 1 },
	[S_DYNSTR] = { SHT_STRTAB, SHF_ALLOC, 1, 0, 0, 0 },
	[S_VERSYM] = { SHT_GNU_versym, SHF_ALLOC, 2, 2, S_DYNSYM, 0 },
	[S_VERDEF] = { SHT_GNU_verdef, SHF_ALLOC, 8, 0, S_DYNSTR, 0 },
	[S_DYNAMIC] = { SHT_DYNAMIC, SHF_ALLOC | SHF_WRITE, 8, sizeof(Elf64_Dyn), S_DYNSTR, 0 },
	[S_TEXT] = { SHT_PROGBITS, SHF_ALLOC | SHF_EXECINSTR, 16, 0, 0, 0 },
	[S_RODATA] = { SHT_NOBITS, SHF_ALLOC, ALIGN, 0, 0, 0 },
	[S_DATA] = { SHT_NOBITS, SHF_ALLOC | SHF_WRITE, ALIGN, 0, 0, 0 },
	[S_TLS] = { SHT_NOBITS, SHF_ALLOC | SHF_WRITE | SHF_TLS, ALIGN, 0, 0, 0 },
	[S_NAMES] = { SHT_STRTAB, 0, 1, 0, 0, 0 },
};

/* A section without content is of no type, but keeps its number. */
static void
put_sections(struct stub *s, struct buf *file, unsigned nversions)
{
	static const enum place nobits[NSECTIONS] = { [S_RODATA] = RODATA, [S_DATA] = DATA,
		[S_TLS] = TLS };
	Elf64_Shdr h[NSECTIONS] = { 0 };
	unsigned i;

	for (i = 1; i < NSECTIONS; i++) {
		int bits = shapes[i].type != SHT_NOBITS;

		pad(file, 16);
		h[i].sh_name = name_offset(i);
		h[i].sh_type = bits && !s->out[i].n ? SHT_NULL : shapes[i].type;
		h[i].sh_flags = shapes[i].flags;
		h[i].sh_offset = file->n;
		h[i].sh_addr = i < S_TEXT ? file->n : 0;
		h[i].sh_size = bits ? s->out[i].n : s->size[nobits[i]];
		h[i].sh_link = shapes[i].link;
		h[i].sh_info = i == S_VERDEF ? nversions : shapes[i].info;
		h[i].sh_addralign = shapes[i].align;
		h[i].sh_entsize = shapes[i].entry;
		if (bits)
			buf_add(file, s->out[i].s ? s->out[i].s : "", s->out[i].n);
	}
	pad(file, 16);
	buf_add(file, (char *)h, sizeof(h));
	put_head(s, file, h);
}

static int
write_stub(struct stub *s, const char *to)
{
	static const char head[sizeof(Elf64_Ehdr) + 2 * sizeof(Elf64_Phdr)];
	struct buf file = { 0 };
	unsigned nversions;
	int r;

	buf_add(&s->names, "", 1);
	put_symbols(s);
	nversions = put_versions(s);
	put_dynamic(s, add_name(s, find_soname(s)));
	if (!nversions)
		s->out[S_VERSYM].n = 0;
	s->out[S_DYNSTR] = s->names;
	buf_add(&s->out[S_TEXT], "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0", 16);
	buf_add(&s->out[S_NAMES], section_names, sizeof(section_names));
	buf_add(&file, head, sizeof(head));
	put_sections(s, &file, nversions);
	r = write_file(to, file.s, file.n, 0755);
	free(file.s);
	return r;
}

int
stub_write(const char *from, const char *to)
{
	struct stub s = { 0 };
	unsigned i;
	int r = -ENOEXEC;

	if (!elf_image_open(&s.im, from))
		return r;
	elf_image_find(&s.im, ".gnu.version", &s.versions);
	elf_image_find(&s.im, ".gnu.version_d", &s.defs);
	if (s.im.eh.e_type == ET_DYN && elf_image_find(&s.im, ".dynsym", &s.syms) &&
	    elf_image_find(&s.im, ".dynstr", &s.strings) &&
	    elf_image_find(&s.im, ".dynamic", &s.dynamic)) {
		read_symbols(&s);
		place_symbols(&s);
		r = write_stub(&s, to);
	}
	for (i = 0; i < NSECTIONS; i++)
		free(s.out[i].s);
	free(s.v);
	elf_image_close(&s.im);
	return r;
}
