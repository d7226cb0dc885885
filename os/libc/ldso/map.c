/* SPDX-License-Identifier: MIT */
/* map.c: an object's file becomes memory. Files are not trusted to be well formed. */
#include <errno.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include "../internal/plat.h"
#include "dso.h"

#define PHDRS 64
#define LIMIT (1ul << 40)		/* bytes of one object's address range */
#define ALIGN_MAX (1ul << 30)
#define PAGE_UP(n) (((n) + 4095) & -4096ul)
#define PAGE_DOWN(n) ((n) & -4096ul)

struct file {
	int fd;
	const char *path;
	uint64_t size;
	struct dso *d;		/* half made */
	union {
		Elf64_Ehdr eh;
		unsigned char head[1024];	/* mostly the program headers too */
	};
	Elf64_Phdr ph[PHDRS];
};

static _Noreturn void bad_file(const struct file *f, const char *what, int err)
{
	const char *path = f->path;

	plat_close(f->fd);
	if (f->d)
		__ldso_unmap(f->d);
	__ldso_fail(path, ": ", what, err ? __ldso_errno(err) : 0);
}

/* How much could be read. */
static size_t read_some(const struct file *f, void *buf, size_t len, size_t off)
{
	size_t got = 0;
	long n;

	while (got < len && (n = plat_pread(f->fd, (char *)buf + got, len - got, off + got)) != 0) {
		if (n < 0 && n != -EINTR)
			bad_file(f, "cannot read file data: ", -n);
		if (n > 0)
			got += n;
	}
	return got;
}

static void check_header(const struct file *f, size_t got)
{
	const Elf64_Ehdr *eh = &f->eh;

	if (got >= SELFMAG && memcmp(eh->e_ident, ELFMAG, SELFMAG))
		bad_file(f, "invalid ELF header", 0);
	if (got < sizeof(*eh))
		bad_file(f, "file too short", 0);
	if (eh->e_ident[EI_CLASS] != ELFCLASS64)
		bad_file(f, "wrong ELF class: ELFCLASS32", 0);
	if (eh->e_ident[EI_DATA] != ELFDATA2LSB || eh->e_machine != EM_X86_64)
		bad_file(f, "ELF file of another machine", 0);
	if (eh->e_ident[EI_VERSION] != EV_CURRENT || eh->e_version != EV_CURRENT)
		bad_file(f, "ELF file version does not match current one", 0);
	if (eh->e_type != ET_DYN && eh->e_type != ET_EXEC)
		bad_file(f, "only ET_DYN and ET_EXEC can be loaded", 0);
	if (eh->e_phentsize != sizeof(Elf64_Phdr))
		bad_file(f, "ELF file's phentsize not the expected size", 0);
	if (!eh->e_phnum || eh->e_phnum > PHDRS)
		bad_file(f, "bad number of program headers", 0);
}

static void read_headers(struct file *f)
{
	size_t got = read_some(f, f->head, sizeof(f->head), 0), len, off;

	check_header(f, got);
	len = f->eh.e_phnum * sizeof(Elf64_Phdr);
	off = f->eh.e_phoff;
	if (off < got && len <= got - off)
		memcpy(f->ph, f->head + off, len);
	else if (off > INT64_MAX / 2 || read_some(f, f->ph, len, off) < len)
		bad_file(f, "file too short", 0);
}

static int prot_of(const Elf64_Phdr *p)
{
	return (p->p_flags & PF_R ? PROT_READ : 0) | (p->p_flags & PF_W ? PROT_WRITE : 0)
		| (p->p_flags & PF_X ? PROT_EXEC : 0);
}

static void check_segment(const struct file *f, const Elf64_Phdr *p, size_t last)
{
	if (p->p_filesz > p->p_memsz || p->p_memsz > LIMIT || p->p_vaddr > LIMIT || p->p_vaddr < last)
		bad_file(f, "ELF load command out of bounds or order", 0);
	if ((p->p_vaddr - p->p_offset) & 4095)
		bad_file(f, "ELF load command address/offset not properly aligned", 0);
	if (p->p_align > ALIGN_MAX || (p->p_align & (p->p_align - 1)))
		bad_file(f, "ELF load command alignment not a power of two", 0);
	if (p->p_filesz > f->size || p->p_offset > f->size - p->p_filesz)
		bad_file(f, "file too short", 0);
}

/* The range of addresses: its length; lowest page and greatest alignment. */
static size_t extent(const struct file *f, size_t *low, size_t *align)
{
	size_t high = 0;

	*low = SIZE_MAX;
	*align = 4096;
	for (const Elf64_Phdr *p = f->ph; p < f->ph + f->eh.e_phnum; p++) {
		if (p->p_type != PT_LOAD || !p->p_memsz)
			continue;
		check_segment(f, p, high);
		if (*low == SIZE_MAX)
			*low = PAGE_DOWN(p->p_vaddr);
		if (p->p_align > *align)
			*align = p->p_align;
		high = PAGE_UP(p->p_vaddr + p->p_memsz);
	}
	if (!high)
		bad_file(f, "object file has no loadable segments", 0);
	return high - *low;
}

static int is_error(long r)
{
	return r < 0 && r > -4096;
}

static void map_segment(const struct file *f, uintptr_t base, const Elf64_Phdr *p)
{
	uintptr_t start = PAGE_DOWN(base + p->p_vaddr), fend = base + p->p_vaddr + p->p_filesz;
	uintptr_t fpage = p->p_filesz ? PAGE_UP(fend) : start, end = PAGE_UP(base + p->p_vaddr + p->p_memsz);
	long r = 0;

	if (fpage > start)
		r = plat_mmap((void *)start, fpage - start, prot_of(p), MAP_PRIVATE | MAP_FIXED, f->fd,
			PAGE_DOWN(p->p_offset));
	if (!is_error(r) && end > fpage)
		r = plat_mmap((void *)fpage, end - fpage, prot_of(p), MAP_PRIVATE | MAP_FIXED | MAP_ANONYMOUS,
			-1, 0);
	if (is_error(r))
		bad_file(f, "failed to map segment from shared object: ", -r);
	if (p->p_memsz > p->p_filesz && fpage > fend && fpage > start && p->p_flags & PF_W)
		memset((void *)fend, 0, fpage - fend);
}

void __ldso_read_phdrs(struct dso *d)
{
	for (const Elf64_Phdr *p = d->phdr; p < d->phdr + d->phnum; p++) {
		switch (p->p_type) {
		case PT_DYNAMIC:
			d->dynamic = (void *)(d->base + p->p_vaddr);
			d->ndynamic = p->p_memsz / sizeof(Elf64_Dyn);
			break;
		case PT_GNU_RELRO:
			d->relro = p->p_vaddr;
			d->relro_end = p->p_vaddr + p->p_memsz;
			break;
		case PT_TLS:
			d->tls.image = (void *)(d->base + p->p_vaddr);
			d->tls.len = p->p_filesz;
			d->tls.size = p->p_memsz;
			d->tls.align = p->p_align ? p->p_align : 1;
			break;
		}
	}
}

/* What the headers name must lie in what was loaded. */
static void check_phdrs(const struct file *f, const struct dso *d)
{
	for (const Elf64_Phdr *p = d->phdr; p < d->phdr + d->phnum; p++) {
		switch (p->p_type) {
		case PT_DYNAMIC:
			if (p->p_vaddr & 7 || !__ldso_inside(d, p->p_vaddr, p->p_memsz, PF_R))
				bad_file(f, "dynamic section out of bounds", 0);
			break;
		case PT_GNU_RELRO:
			if (!__ldso_inside(d, p->p_vaddr, p->p_memsz, PF_R))
				bad_file(f, "RELRO segment out of bounds", 0);
			break;
		case PT_TLS:
			if (p->p_filesz > p->p_memsz || p->p_memsz > LIMIT || !__ldso_inside(d, p->p_vaddr, p->p_filesz, PF_R)
					|| p->p_align & (p->p_align - 1) || p->p_align > ALIGN_MAX)
				bad_file(f, "TLS segment out of bounds", 0);
			break;
		}
	}
	if (!d->dynamic)
		bad_file(f, "object file has no dynamic section", 0);
}

/* Address space for all segments, at the alignment they ask for. */
static void reserve(const struct file *f, struct dso *d, size_t len, size_t low, size_t align)
{
	size_t more = align > 4096 ? align : 0, skip;
	int fixed = f->eh.e_type == ET_EXEC;
	long map = plat_mmap(fixed ? (void *)low : 0, len + more, PROT_NONE,
		MAP_PRIVATE | MAP_ANONYMOUS | (fixed ? MAP_FIXED_NOREPLACE : 0), -1, 0);

	if (is_error(map))
		bad_file(f, "cannot map address range: ", -map);
	d->map = (void *)map;
	d->map_len = len + more;
	if (fixed || !more)
		return;
	skip = (low - (size_t)map) & (align - 1);
	if (skip)
		plat_munmap((void *)map, skip);
	if (more - skip)
		plat_munmap((void *)(map + skip + len), more - skip);
	d->map += skip;
	d->map_len = len;
}

static void map_object(struct file *f, struct dso *d)
{
	size_t low, align, len = extent(f, &low, &align);
	Elf64_Phdr *ph;

	reserve(f, d, len, low, align);
	d->base = (uintptr_t)d->map - low;
	for (const Elf64_Phdr *p = f->ph; p < f->ph + f->eh.e_phnum; p++)
		if (p->p_type == PT_LOAD && p->p_memsz)
			map_segment(f, d->base, p);
	/* The headers are kept in memory of our own: not every object maps them. */
	ph = (Elf64_Phdr *)(d + 1);
	memcpy(ph, f->ph, f->eh.e_phnum * sizeof(*ph));
	d->phdr = ph;
	d->phnum = f->eh.e_phnum;
	__ldso_read_phdrs(d);
	check_phdrs(f, d);
}

struct dso *__ldso_map(int fd, const struct stat *st, const char *path)
{
	struct file f = { .fd = fd, .path = path, .size = st->st_size };
	size_t headers;
	struct dso *d;
	const char *slash;

	if (!S_ISREG(st->st_mode))
		bad_file(&f, S_ISDIR(st->st_mode) ? "cannot read file data: Is a directory" : "not a regular file", 0);
	read_headers(&f);
	/* Object, program headers and name in one block. */
	headers = f.eh.e_phnum * sizeof(Elf64_Phdr);
	f.d = d = __ldso_alloc(sizeof(*d) + headers + strlen(path) + 1);
	d->name = strcpy((char *)(d + 1) + headers, path);
	slash = strrchr(d->name, '/');
	d->soname = slash ? slash + 1 : d->name;
	d->dev = st->st_dev;
	d->ino = st->st_ino;
	map_object(&f, d);
	plat_close(fd);
	return d;
}

void __ldso_unmap(struct dso *d)
{
	if (d->map)
		plat_munmap(d->map, d->map_len);
	__ldso_free(d->versions);
	__ldso_free(d->deps.v);
	__ldso_free(d->bound.v);
	__ldso_free(d->below.v);
	__ldso_free(d);
}
