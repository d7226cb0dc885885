/* SPDX-License-Identifier: MIT */
/* ELF64 files by their sections, for comparing them; every offset is checked. */
#ifndef COOK_ELF_IMAGE_H
#define COOK_ELF_IMAGE_H

#include <elf.h>

#include "util.h"

struct elf_image {
	char *p;			/* the whole file */
	size_t n;
	Elf64_Ehdr eh;
};

struct elf_section {
	const char *name;		/* in the image */
	Elf64_Shdr h;
	const char *data;		/* NULL when it has none in the file */
};

/* 1 when the file is an ELF64 file with sections; it is held until elf_image_close(). */
int elf_image_open(struct elf_image *im, const char *path);
int elf_image_section(const struct elf_image *im, unsigned i, struct elf_section *s);	/* 1 or 0 */
int elf_image_find(const struct elf_image *im, const char *name, struct elf_section *s);
/* The string at an offset of a string table, or "". */
const char *elf_image_string(const struct elf_section *table, uint64_t at);
void elf_image_close(struct elf_image *im);

#endif
