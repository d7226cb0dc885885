/* SPDX-License-Identifier: MIT */
/*
 * self_relocate.c: relative relocations of the object that contains this code.
 *
 * Runs before any relocation is done: no global data, no calls through the GOT, no stack canary.
 */
#include <elf.h>
#include <stddef.h>
#include <stdint.h>
#include "../internal/libc.h"

static inline void relr(uintptr_t base, const size_t *table, size_t bytes)
{
	size_t *where = 0;

	for (size_t i = 0; i < bytes / sizeof(size_t); i++) {
		size_t entry = table[i];
		if (!(entry & 1)) {
			where = (size_t *)(base + entry);
			*where++ += base;
			continue;
		}
		for (entry >>= 1; entry; entry &= entry - 1)
			where[__builtin_ctzl(entry)] += base;
		where += 8 * sizeof(size_t) - 1;
	}
}

void __self_relocate(void *base_, const size_t *dynamic)
{
	uintptr_t base = (uintptr_t)base_;
	const Elf64_Rela *rela = 0;
	const size_t *relrtab = 0;
	size_t relasz = 0, relrsz = 0;

	for (const size_t *d = dynamic; d && d[0]; d += 2) {
		switch (d[0]) {
		case DT_RELA: rela = (void *)(base + d[1]); break;
		case DT_RELASZ: relasz = d[1]; break;
		case DT_RELR: relrtab = (void *)(base + d[1]); break;
		case DT_RELRSZ: relrsz = d[1]; break;
		}
	}
	for (size_t i = 0; i < relasz / sizeof(*rela); i++)
		if (ELF64_R_TYPE(rela[i].r_info) == R_X86_64_RELATIVE)
			*(size_t *)(base + rela[i].r_offset) = base + rela[i].r_addend;
	relr(base, relrtab, relrsz);
	for (size_t i = 0; i < relasz / sizeof(*rela); i++)
		if (ELF64_R_TYPE(rela[i].r_info) == R_X86_64_IRELATIVE)
			*(size_t *)(base + rela[i].r_offset) = ((size_t (*)(void))(base + rela[i].r_addend))();
}
