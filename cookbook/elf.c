/* SPDX-License-Identifier: MIT */
/* The few facts about ELF files that packages need; every offset is checked. */
#include <elf.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "job.h"

struct image {
	const unsigned char *p;
	size_t n;
};

static const void *
at(const struct image *im, uint64_t off, uint64_t len)
{
	return off > im->n || len > im->n - off ? NULL : im->p + off;
}

/* Bytes are copied out: nothing in the file is known to be aligned. */
static int
get(const struct image *im, uint64_t off, void *to, size_t len)
{
	const void *p = at(im, off, len);

	if (p)
		memcpy(to, p, len);
	return p != NULL;
}

static uint64_t
file_offset(const struct image *im, const Elf64_Ehdr *eh, uint64_t addr)
{
	Elf64_Phdr ph;
	unsigned i;

	for (i = 0; i < eh->e_phnum; i++) {
		if (!get(im, eh->e_phoff + (uint64_t)i * sizeof(ph), &ph, sizeof(ph)))
			break;
		if (ph.p_type == PT_LOAD && addr >= ph.p_vaddr && addr - ph.p_vaddr < ph.p_filesz)
			return ph.p_offset + (addr - ph.p_vaddr);
	}
	return UINT64_MAX;
}

static const char *
string_at(const struct image *im, uint64_t table, uint64_t off)
{
	const char *s = table == UINT64_MAX || off > im->n ? NULL : at(im, table + off, 1);

	return s && memchr(s, '\0', im->n - (size_t)((const unsigned char *)s - im->p)) ? s : NULL;
}

static void
read_dynamic(const struct image *im, const Elf64_Ehdr *eh, const Elf64_Phdr *ph,
		struct elf_info *e)
{
	uint64_t table = UINT64_MAX, i, n = ph->p_filesz / sizeof(Elf64_Dyn);
	Elf64_Dyn d;
	const char *s;

	for (i = 0; i < n && get(im, ph->p_offset + i * sizeof(d), &d, sizeof(d)); i++)
		if (d.d_tag == DT_STRTAB)
			table = file_offset(im, eh, d.d_un.d_ptr);
	for (i = 0; i < n && get(im, ph->p_offset + i * sizeof(d), &d, sizeof(d)); i++) {
		if (d.d_tag == DT_NULL)
			break;
		s = string_at(im, table, d.d_un.d_val);
		if (d.d_tag == DT_NEEDED && s)
			list_add(&e->needed, s);
		if (d.d_tag == DT_SONAME && s && !e->soname)
			e->soname = xdup(s);
	}
}

static void
read_image(const struct image *im, struct elf_info *e)
{
	Elf64_Ehdr eh;
	Elf64_Phdr ph;
	unsigned i;

	if (!get(im, 0, &eh, sizeof(eh)) || memcmp(eh.e_ident, ELFMAG, SELFMAG) != 0 ||
	    eh.e_ident[EI_CLASS] != ELFCLASS64 || eh.e_ident[EI_DATA] != ELFDATA2LSB)
		return;
	e->type = eh.e_type;
	for (i = 0; i < eh.e_phnum; i++) {
		if (!get(im, eh.e_phoff + (uint64_t)i * sizeof(ph), &ph, sizeof(ph)))
			break;
		if (ph.p_type == PT_DYNAMIC)
			read_dynamic(im, &eh, &ph, e);
	}
}

void
elf_read(const char *path, struct elf_info *e)
{
	int fd = open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
	struct image im;
	struct stat st;
	void *p;

	memset(e, 0, sizeof(*e));
	if (fd < 0)
		return;
	if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode) && st.st_size >= (off_t)sizeof(Elf64_Ehdr)) {
		p = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
		if (p != MAP_FAILED) {
			im.p = p;
			im.n = (size_t)st.st_size;
			read_image(&im, e);
			munmap(p, im.n);
		}
	}
	close(fd);
}

void
elf_free(struct elf_info *e)
{
	free(e->soname);
	cpk_list_free(&e->needed);
}
