/* SPDX-License-Identifier: MIT */
/* The few facts about ELF files that packages need; every offset is checked. */
#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "job.h"

struct image {
	unsigned char *p;		/* mapped; writable for elf_drop_runpath() alone */
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

/* Where the dynamic section says that a table is, and how many entries it has. */
struct table {
	uint64_t at, n;
};

/* The chain of definitions: the first name of each, but not that of the file itself. */
static void
read_defined(const struct image *im, uint64_t strings, struct table t, struct elf_info *e)
{
	Elf64_Verdef d;
	Elf64_Verdaux a;
	const char *s;

	for (; t.n && t.at != UINT64_MAX && get(im, t.at, &d, sizeof(d)); t.n--) {
		s = get(im, t.at + d.vd_aux, &a, sizeof(a)) ? string_at(im, strings, a.vda_name) : NULL;
		if (s && !(d.vd_flags & VER_FLG_BASE))
			list_add(&e->versions, s);
		if (!d.vd_next)
			break;
		t.at += d.vd_next;
	}
}

/* The versions needed of one library. */
static void
read_wanted_of(const struct image *im, uint64_t strings, uint64_t off, const Elf64_Verneed *v,
		struct elf_info *e)
{
	const char *file = string_at(im, strings, v->vn_file), *s;
	Elf64_Vernaux a;
	unsigned i;

	off += v->vn_aux;
	for (i = 0; file && i < v->vn_cnt && get(im, off, &a, sizeof(a)); i++) {
		s = string_at(im, strings, a.vna_name);
		if (s && !(a.vna_flags & VER_FLG_WEAK))
			list_take(&e->wants, fmt("%s(%s)", file, s));
		if (!a.vna_next)
			break;
		off += a.vna_next;
	}
}

static void
read_wanted(const struct image *im, uint64_t strings, struct table t, struct elf_info *e)
{
	Elf64_Verneed v;

	for (; t.n && t.at != UINT64_MAX && get(im, t.at, &v, sizeof(v)); t.n--) {
		read_wanted_of(im, strings, t.at, &v, e);
		if (!v.vn_next)
			break;
		t.at += v.vn_next;
	}
}

/* The versions of symbols that the dynamic section of n entries at off tells of. */
static void
read_versions(const struct image *im, const Elf64_Ehdr *eh, uint64_t off, uint64_t n,
		uint64_t strings, struct elf_info *e)
{
	struct table def = { UINT64_MAX, 0 }, need = { UINT64_MAX, 0 };
	Elf64_Dyn d;
	uint64_t i;

	for (i = 0; i < n && get(im, off + i * sizeof(d), &d, sizeof(d)); i++) {
		if (d.d_tag == DT_VERDEF)
			def.at = file_offset(im, eh, d.d_un.d_ptr);
		else if (d.d_tag == DT_VERDEFNUM)
			def.n = d.d_un.d_val;
		else if (d.d_tag == DT_VERNEED)
			need.at = file_offset(im, eh, d.d_un.d_ptr);
		else if (d.d_tag == DT_VERNEEDNUM)
			need.n = d.d_un.d_val;
	}
	read_defined(im, strings, def, e);
	read_wanted(im, strings, need, e);
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
	read_versions(im, eh, ph->p_offset, n, table, e);
}

/* The GNU build id among the notes. */
static void
read_notes(const struct image *im, const Elf64_Phdr *ph, struct elf_info *e)
{
	uint64_t off = ph->p_offset, end = off + ph->p_filesz;
	const unsigned char *id;
	struct buf b = { 0 };
	Elf64_Nhdr n;
	char name[4];
	uint32_t i;

	while (end > off && end - off >= sizeof(n) && get(im, off, &n, sizeof(n))) {
		off += sizeof(n);
		id = at(im, off + ((n.n_namesz + 3ull) & ~3ull), n.n_descsz);
		if (n.n_type == NT_GNU_BUILD_ID && n.n_namesz == 4 && get(im, off, name, 4) &&
		    memcmp(name, "GNU", 4) == 0 && id && n.n_descsz > 1 && !e->build_id) {
			for (i = 0; i < n.n_descsz; i++)
				buf_fmt(&b, "%02x", id[i]);
			e->build_id = b.s;
		}
		off += ((n.n_namesz + 3ull) & ~3ull) + ((n.n_descsz + 3ull) & ~3ull);
	}
}

static void
read_sections(const struct image *im, const Elf64_Ehdr *eh, struct elf_info *e)
{
	Elf64_Shdr names, sh;
	const char *s;
	unsigned i;

	if (!get(im, eh->e_shoff + (uint64_t)eh->e_shstrndx * sizeof(names), &names, sizeof(names)))
		return;
	for (i = 0; i < eh->e_shnum; i++) {
		if (!get(im, eh->e_shoff + (uint64_t)i * sizeof(sh), &sh, sizeof(sh)))
			break;
		s = string_at(im, names.sh_offset, sh.sh_name);
		if (s && strcmp(s, ".debug_info") == 0)
			e->debug = 1;
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
		else if (ph.p_type == PT_NOTE)
			read_notes(im, &ph, e);
	}
	read_sections(im, &eh, e);
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

/* --- the runpath --- */

static int
is_of_build(const struct job *j, const char *dir, size_t n)
{
	const char *const own[] = { "/calx", j->src, j->build, j->dest, j->see_tools };
	size_t i, len;

	for (i = 0; i < sizeof(own) / sizeof(own[0]); i++) {
		len = strlen(own[i]);
		if (n >= len && strncmp(dir, own[i], len) == 0 && (n == len || dir[len] == '/'))
			return 1;
	}
	return 0;
}

static int
is_searched_anyway(const char *dir, size_t n)
{
	while (n > 1 && dir[n - 1] == '/')
		n--;
	return n == 0 || (n == 4 && strncmp(dir, "/lib", n) == 0) ||
		(n == 8 && strncmp(dir, "/usr/lib", n) == 0);
}

/* What the folders of a runpath are: how many one needs, how many must not be there. */
static void
count_folders(const struct job *j, const char *s, int *needed, int *own)
{
	size_t n;

	for (;; s += n + 1) {
		n = strcspn(s, ":");
		if (is_of_build(j, s, n))
			++*own;
		else if (!is_searched_anyway(s, n))
			++*needed;
		if (!s[n])
			break;
	}
}

/* The dynamic section without its runpaths; entries move up, the end is filled with DT_NULL. */
static int
drop_entries(const struct job *j, struct image *im, uint64_t off, uint64_t n, uint64_t table,
		char **path)
{
	Elf64_Dyn d, none = { .d_tag = DT_NULL };
	uint64_t i, to = 0;
	const char *s;
	int own, needed;

	for (i = 0; i < n && get(im, off + i * sizeof(d), &d, sizeof(d)); i++) {
		if (d.d_tag == DT_RPATH || d.d_tag == DT_RUNPATH) {
			own = needed = 0;
			s = string_at(im, table, d.d_un.d_val);
			count_folders(j, s ? s : "", &needed, &own);
			if (own && needed) {
				*path = xdup(s);
				return 1;
			}
			if (!needed)
				continue;
		}
		memcpy(im->p + off + to++ * sizeof(d), &d, sizeof(d));
	}
	for (; to < i; to++)
		memcpy(im->p + off + to * sizeof(d), &none, sizeof(none));
	return 0;
}

static int
drop_in_image(const struct job *j, struct image *im, char **path)
{
	uint64_t table = UINT64_MAX, n, k;
	Elf64_Ehdr eh;
	Elf64_Phdr ph;
	Elf64_Dyn d;
	unsigned i;

	if (!get(im, 0, &eh, sizeof(eh)))
		return 0;
	for (i = 0; i < eh.e_phnum; i++) {
		if (!get(im, eh.e_phoff + (uint64_t)i * sizeof(ph), &ph, sizeof(ph)))
			break;
		if (ph.p_type != PT_DYNAMIC)
			continue;
		n = ph.p_filesz / sizeof(d);
		for (k = 0; k < n && get(im, ph.p_offset + k * sizeof(d), &d, sizeof(d)); k++)
			if (d.d_tag == DT_STRTAB)
				table = file_offset(im, &eh, d.d_un.d_ptr);
		return drop_entries(j, im, ph.p_offset, n, table, path);
	}
	return 0;
}

int
elf_drop_runpath(const struct job *j, const char *file, char **path)
{
	int fd = open(file, O_RDWR | O_NOFOLLOW | O_CLOEXEC), r;
	struct image im;
	struct stat st;
	void *p;

	if (fd < 0 || fstat(fd, &st) < 0) {
		r = -errno;
		if (fd >= 0)
			close(fd);
		return r;
	}
	p = mmap(NULL, (size_t)st.st_size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	close(fd);
	if (p == MAP_FAILED)
		return -errno;
	im.p = p;
	im.n = (size_t)st.st_size;
	r = drop_in_image(j, &im, path);
	munmap(p, im.n);
	return r;
}

void
elf_free(struct elf_info *e)
{
	free(e->soname);
	free(e->build_id);
	cpk_list_free(&e->needed);
	cpk_list_free(&e->versions);
	cpk_list_free(&e->wants);
}
