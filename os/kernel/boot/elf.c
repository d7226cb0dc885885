/* SPDX-License-Identifier: MIT */
/*
 * A small strict ELF loader, for the first program only: x86-64, static or static position
 * independent, segments on pages of their own. Everything else is loaded by user space.
 */
#include "defs.h"

struct ehdr {
	uint8_t ident[16];
	uint16_t type, machine;
	uint32_t version;
	uint64_t entry, phoff, shoff;
	uint32_t flags;
	uint16_t ehsize, phentsize, phnum, shentsize, shnum, shstrndx;
};
struct phdr {
	uint32_t type, flags;
	uint64_t off, vaddr, paddr, filesz, memsz, align;
};

#define ET_EXEC		2
#define ET_DYN		3
#define PT_LOAD		1
#define PT_INTERP	3
#define DYN_BASE	0x400000ul	/* plus a random number of pages */

static bool header_ok(const struct ehdr *e, uint64_t len)
{
	return len >= sizeof(*e) && memcmp(e->ident, "\177ELF\2\1\1", 7) == 0 && e->machine == 62 &&
	       (e->type == ET_EXEC || e->type == ET_DYN) && e->phentsize == sizeof(struct phdr) &&
	       e->phnum >= 1 && e->phnum <= 64 && e->phoff < len && (e->phoff & 7) == 0 &&
	       e->phnum * sizeof(struct phdr) <= len - e->phoff;
}

static bool segment_ok(const struct phdr *p, uint64_t len)
{
	return p->off <= len && p->filesz <= len - p->off && p->filesz <= p->memsz &&
	       p->memsz <= 1ul << 32 && p->vaddr <= 1ul << 46 && ((p->vaddr ^ p->off) & (PAGE - 1)) == 0;
}

static int load_segment(struct vm *vm, const uint8_t *image, const struct phdr *p, uint64_t bias)
{
	uint64_t start = (p->vaddr + bias) & ~(PAGE - 1), end = p->vaddr + bias + p->memsz;
	unsigned prot = (p->flags & 4 ? PROT_READ : 0) | (p->flags & 2 ? PROT_WRITE : 0) |
			(p->flags & 1 ? PROT_EXEC : 0);
	int err;

	if ((prot & PROT_WRITE) && (prot & PROT_EXEC))
		return -ENOEXEC;
	if (p->memsz == 0)
		return 0;
	err = vm_map(vm, &start, end - start, NULL, 0, PROT_READ | PROT_WRITE,
		     MAP_PRIVATE | MAP_FIXED_NOREPLACE, true, true);
	if (err == 0)
		err = vm_write(vm, p->vaddr + bias, image + p->off, p->filesz);
	if (err == 0)
		err = vm_protect(vm, start, end - start, prot);
	return err;
}

int elf_load(struct vm *vm, const void *image, uint64_t len, uint64_t *entry, uint64_t *phdr, uint16_t *phnum)
{
	const struct ehdr *e = image;
	const struct phdr *p;
	uint64_t bias = 0;
	int err = 0;

	if (!header_ok(e, len))
		return -ENOEXEC;
	p = (const void *)((const uint8_t *)image + e->phoff);
	*phdr = 0;
	if (e->type == ET_DYN) {
		random_bytes(&bias, sizeof(bias));
		bias = DYN_BASE + (bias & 0xffff) * PAGE;
	}
	for (unsigned i = 0; i < e->phnum && err == 0; i++) {
		if (p[i].type == PT_INTERP)
			return -ENOEXEC;
		if (p[i].type != PT_LOAD)
			continue;
		if (!segment_ok(&p[i], len))
			return -ENOEXEC;
		err = load_segment(vm, image, &p[i], bias);
		if (e->phoff >= p[i].off && e->phoff < p[i].off + p[i].filesz)
			*phdr = bias + p[i].vaddr + (e->phoff - p[i].off);
	}
	*phnum = e->phnum;
	*entry = e->entry + bias;
	return err;
}
