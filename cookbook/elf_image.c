/* SPDX-License-Identifier: MIT */
/* Sections of ELF64 files. */
#include <stdlib.h>
#include <string.h>

#include "elf_image.h"

static const char *
at(const struct elf_image *im, uint64_t off, uint64_t len)
{
	return off > im->n || len > im->n - off ? NULL : im->p + off;
}

static int
raw_section(const struct elf_image *im, unsigned i, Elf64_Shdr *h)
{
	const char *p = i < im->eh.e_shnum ? at(im, im->eh.e_shoff + (uint64_t)i * sizeof(*h),
			sizeof(*h)) : NULL;

	if (p)
		memcpy(h, p, sizeof(*h));
	return p != NULL;
}

int
elf_image_section(const struct elf_image *im, unsigned i, struct elf_section *s)
{
	struct elf_section names = { 0 };

	memset(s, 0, sizeof(*s));
	if (!raw_section(im, i, &s->h) || !raw_section(im, im->eh.e_shstrndx, &names.h))
		return 0;
	names.data = at(im, names.h.sh_offset, names.h.sh_size);
	s->name = elf_image_string(&names, s->h.sh_name);
	if (s->h.sh_type != SHT_NOBITS)
		s->data = at(im, s->h.sh_offset, s->h.sh_size);
	return 1;
}

int
elf_image_find(const struct elf_image *im, const char *name, struct elf_section *s)
{
	unsigned i;

	for (i = 0; elf_image_section(im, i, s); i++)
		if (strcmp(s->name, name) == 0 && s->data)
			return 1;
	return 0;
}

const char *
elf_image_string(const struct elf_section *table, uint64_t off)
{
	if (!table->data || off >= table->h.sh_size ||
	    !memchr(table->data + off, '\0', table->h.sh_size - off))
		return "";
	return table->data + off;
}

int
elf_image_open(struct elf_image *im, const char *path)
{
	memset(im, 0, sizeof(*im));
	im->p = read_file(path, &im->n);
	if (im->p && im->n >= sizeof(im->eh) && memcmp(im->p, ELFMAG, SELFMAG) == 0 &&
	    im->p[EI_CLASS] == ELFCLASS64) {
		memcpy(&im->eh, im->p, sizeof(im->eh));
		return 1;
	}
	elf_image_close(im);
	return 0;
}

void
elf_image_close(struct elf_image *im)
{
	free(im->p);
	im->p = NULL;
}
