/* SPDX-License-Identifier: MIT */
/* load.c: finding libraries and mapping them. Files are not trusted to be well formed. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include "../internal/plat.h"
#include "dso.h"

#define DEFAULT_PATH "/usr/lib:/lib:/usr/local/lib"
#define PHDRS 64
#define PAGE_UP(n) (((n) + 4095) & -4096ul)
#define PAGE_DOWN(n) ((n) & -4096ul)

extern hidden const char *__ldso_library_path;	/* LD_LIBRARY_PATH, NULL when not trusted */

void __ldso_append(struct dso *d)
{
	d->prev = __dso_tail;
	d->next = 0;
	if (__dso_tail)
		__atomic_store_n(&__dso_tail->next, d, __ATOMIC_RELEASE);
	else
		__dso_head = d;
	__dso_tail = d;
}

void __ldso_decode(struct dso *d)
{
	const char *base = (const char *)d->base;
	size_t soname = 0, runpath = 0, rpath = 0;

	for (const Elf64_Dyn *p = d->dynamic; p->d_tag; p++) {
		const void *ptr = base + p->d_un.d_ptr;
		switch (p->d_tag) {
		case DT_SYMTAB: d->syms = ptr; break;
		case DT_STRTAB: d->strings = ptr; break;
		case DT_HASH: d->sysv_hash = ptr; break;
		case DT_GNU_HASH: d->gnu_hash = ptr; break;
		case DT_VERSYM: d->versym = ptr; break;
		case DT_VERDEF: d->verdef = ptr; break;
		case DT_VERDEFNUM: d->nverdef = p->d_un.d_val; break;
		case DT_VERNEED: d->verneed = ptr; break;
		case DT_VERNEEDNUM: d->nverneed = p->d_un.d_val; break;
		case DT_SONAME: soname = p->d_un.d_val; break;
		case DT_RUNPATH: runpath = p->d_un.d_val; break;
		case DT_RPATH: rpath = p->d_un.d_val; break;
		}
	}
	if (!d->syms || !d->strings)
		__ldso_fail(d->name, ": no symbol table in the dynamic section", 0, 0);
	if (soname)
		d->soname = d->strings + soname;
	if (runpath)
		d->runpath = d->strings + runpath;
	else if (rpath)
		d->rpath = d->strings + rpath;
}

/* -- mapping -- */

struct file {
	int fd;
	const char *path;
	uint64_t size;
	Elf64_Ehdr eh;
	Elf64_Phdr ph[PHDRS];
};

static _Noreturn void bad_file(const struct file *f, const char *what)
{
	plat_close(f->fd);
	__ldso_fail(f->path, ": ", what, 0);
}

static void read_at(const struct file *f, void *buf, size_t len, size_t off)
{
	char *p = buf;

	while (len) {
		long n = plat_pread(f->fd, p, len, off);
		if (n == -EINTR)
			continue;
		if (n <= 0)
			bad_file(f, n < 0 ? __ldso_errno(-n) : "file too short");
		p += n;
		off += n;
		len -= n;
	}
}

static void read_headers(struct file *f)
{
	const Elf64_Ehdr *eh = &f->eh;

	read_at(f, &f->eh, sizeof(f->eh), 0);
	if (memcmp(eh->e_ident, ELFMAG, SELFMAG))
		bad_file(f, "invalid ELF header");
	if (eh->e_ident[EI_CLASS] != ELFCLASS64 || eh->e_machine != EM_X86_64)
		bad_file(f, "wrong ELF class or machine");
	if (eh->e_type != ET_DYN)
		bad_file(f, "only ET_DYN can be loaded");
	if (eh->e_phentsize != sizeof(Elf64_Phdr) || eh->e_phnum > PHDRS || !eh->e_phnum)
		bad_file(f, "bad program headers");
	read_at(f, f->ph, eh->e_phnum * sizeof(Elf64_Phdr), eh->e_phoff);
}

static int prot_of(const Elf64_Phdr *p)
{
	return (p->p_flags & PF_R ? PROT_READ : 0) | (p->p_flags & PF_W ? PROT_WRITE : 0)
		| (p->p_flags & PF_X ? PROT_EXEC : 0);
}

static size_t extent(const struct file *f, size_t *low)
{
	size_t high = 0, last = 0;

	*low = SIZE_MAX;
	for (const Elf64_Phdr *p = f->ph; p < f->ph + f->eh.e_phnum; p++) {
		if (p->p_type != PT_LOAD)
			continue;
		if (p->p_filesz > p->p_memsz || p->p_memsz > 1ul << 40 || p->p_vaddr > 1ul << 40
				|| p->p_vaddr < last || (p->p_vaddr - p->p_offset) % 4096)
			bad_file(f, "bad segment");
		if (p->p_filesz > f->size || p->p_offset > f->size - p->p_filesz)
			bad_file(f, "file too short");
		last = PAGE_DOWN(p->p_vaddr);
		if (last < *low)
			*low = last;
		high = PAGE_UP(p->p_vaddr + p->p_memsz);
	}
	if (!high)
		bad_file(f, "nothing to load");
	return high - *low;
}

static void map_segment(const struct file *f, uintptr_t base, const Elf64_Phdr *p)
{
	uintptr_t start = PAGE_DOWN(base + p->p_vaddr), fend = base + p->p_vaddr + p->p_filesz;
	uintptr_t fpage = PAGE_UP(fend), end = PAGE_UP(base + p->p_vaddr + p->p_memsz);
	long r = 0;

	if (p->p_filesz)
		r = plat_mmap((void *)start, fpage - start, prot_of(p), MAP_PRIVATE | MAP_FIXED, f->fd,
			PAGE_DOWN(p->p_offset));
	else
		fpage = start;
	if (r >= 0 || r < -4095)
		if (end > fpage)
			r = plat_mmap((void *)fpage, end - fpage, prot_of(p),
				MAP_PRIVATE | MAP_FIXED | MAP_ANONYMOUS, -1, 0);
	if (r < 0 && r > -4096)
		bad_file(f, "failed to map segment from shared object");
	if (p->p_memsz > p->p_filesz && p->p_filesz && p->p_flags & PF_W)
		memset((void *)fend, 0, fpage - fend);
}

/* What the program headers say of the object in memory. */
static void read_phdrs(struct dso *d)
{
	for (const Elf64_Phdr *p = d->phdr; p < d->phdr + d->phnum; p++) {
		switch (p->p_type) {
		case PT_DYNAMIC:
			d->dynamic = (void *)(d->base + p->p_vaddr);
			break;
		case PT_GNU_RELRO:
			d->relro = p->p_vaddr;
			d->relro_end = p->p_vaddr + p->p_memsz;
			break;
		case PT_TLS:
			d->tls.image = (void *)(d->base + p->p_vaddr);
			d->tls.len = p->p_filesz;
			d->tls.size = p->p_memsz;
			d->tls.align = p->p_align;
			break;
		}
	}
}

hidden void __ldso_read_phdrs(struct dso *d)
{
	read_phdrs(d);
}

static void map_object(struct file *f, struct dso *d)
{
	size_t low, len = extent(f, &low);
	long map = plat_mmap(0, len, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	Elf64_Phdr *ph;

	if (map < 0 && map > -4096)
		bad_file(f, "cannot allocate memory");
	d->map = (void *)map;
	d->map_len = len;
	d->base = map - low;
	for (const Elf64_Phdr *p = f->ph; p < f->ph + f->eh.e_phnum; p++)
		if (p->p_type == PT_LOAD && p->p_memsz)
			map_segment(f, d->base, p);
	/* The headers are kept in memory of our own: not every object maps them. */
	ph = __ldso_alloc(f->eh.e_phnum * sizeof(*ph));
	memcpy(ph, f->ph, f->eh.e_phnum * sizeof(*ph));
	d->phdr = ph;
	d->phnum = f->eh.e_phnum;
	read_phdrs(d);
	if (!d->dynamic)
		bad_file(f, "object file has no dynamic section");
}

static char *copy(const char *s)
{
	char *p = __ldso_alloc(strlen(s) + 1);

	return strcpy(p, s);
}

static const char *last_part(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

static struct dso *same_file(const struct stat *st)
{
	for (struct dso *d = __dso_head; d; d = d->next)
		if (d->ino && d->ino == st->st_ino && d->dev == st->st_dev)
			return d;
	return 0;
}

/* Takes fd over. */
static struct dso *load_fd(int fd, const char *path, struct dso *by)
{
	struct file f = { .fd = fd, .path = path };
	struct stat st;
	struct dso *d;

	if (plat_fstat(fd, &st) < 0)
		bad_file(&f, "cannot stat");
	d = same_file(&st);
	if (d) {
		plat_close(fd);
		return d;
	}
	f.size = st.st_size;
	read_headers(&f);
	d = __ldso_alloc(sizeof(*d));
	d->name = copy(path);
	d->soname = last_part(d->name);
	d->dev = st.st_dev;
	d->ino = st.st_ino;
	d->needed_by = by;
	map_object(&f, d);
	plat_close(fd);
	__ldso_decode(d);
	__ldso_append(d);
	return d;
}

/* -- searching -- */

/* Expands $ORIGIN and ${ORIGIN} of a directory of n bytes into out. */
static int expand(const char *dir, size_t n, const struct dso *d, char *out)
{
	size_t at = 0;

	for (size_t i = 0; i < n; ) {
		size_t skip = !strncmp(dir + i, "$ORIGIN", 7) ? 7 : !strncmp(dir + i, "${ORIGIN}", 9) ? 9 : 0;
		if (!skip || i + skip > n) {
			if (at + 1 >= PATH_MAX)
				return -1;
			out[at++] = dir[i++];
			continue;
		}
		const char *path = d->name[0] ? d->name : __libc.argv[0];
		size_t len = last_part(path) - path;
		if (at + len + 2 >= PATH_MAX)
			return -1;
		if (!len)
			out[at++] = '.';
		else
			memcpy(out + at, path, len - (len > 1)), at += len - (len > 1);
		i += skip;
	}
	out[at] = 0;
	return 0;
}

/* Tries each directory of list; fd or -errno of the most telling failure. */
static int search(const char *list, const char *name, const struct dso *origin, char *path)
{
	int err = -ENOENT;

	while (list && *list) {
		size_t n = strcspn(list, ":;");
		if (n && !expand(list, n, origin, path) && strlen(path) + strlen(name) + 2 < PATH_MAX) {
			__ldso_join(path, PATH_MAX, "/", name, 0, 0);
			int fd = plat_openat(AT_FDCWD, path, O_RDONLY | O_CLOEXEC, 0);
			if (fd >= 0)
				return fd;
			if (fd != -ENOENT && fd != -ENOTDIR)
				err = fd;
		}
		list += n;
		list += *list != 0;
	}
	return err;
}

static int find_file(const char *name, struct dso *by, char *path)
{
	int fd = -ENOENT;

	for (struct dso *d = by; d && !by->runpath && fd < 0; d = d->needed_by)
		fd = search(d->rpath, name, d, path);
	if (fd < 0)
		fd = search(__ldso_library_path, name, by, path);
	if (fd < 0 && by && by->runpath)
		fd = search(by->runpath, name, by, path);
	if (fd < 0)
		fd = search(DEFAULT_PATH, name, by, path);
	return fd;
}

static struct dso *loaded(const char *name)
{
	for (struct dso *d = __dso_head; d; d = d->next)
		if (d->soname && !strcmp(d->soname, name))
			return d;
	/* The library has been known under these names: all are parts of libc.so.1. */
	return !strcmp(name, "libc.so") ? &__ldso : 0;
}

struct dso *__ldso_load(const char *name, struct dso *by, int noload)
{
	char path[PATH_MAX];
	struct dso *d;
	struct stat st;
	int fd;

	if (strchr(name, '/')) {
		fd = plat_openat(AT_FDCWD, name, O_RDONLY | O_CLOEXEC, 0);
		strlcpy(path, name, sizeof(path));
	} else {
		d = loaded(name);
		if (d)
			return d;
		fd = find_file(name, by ? by : __dso_head, path);
	}
	if (fd < 0)
		__ldso_fail(name, ": cannot open shared object file: ", __ldso_errno(-fd), 0);
	if (noload) {
		d = plat_fstat(fd, &st) < 0 ? 0 : same_file(&st);
		plat_close(fd);
		return d;
	}
	return load_fd(fd, path, by);
}

static void load_needed(struct dso *d)
{
	size_t n = 0, i = 0;

	if (d->deps_loaded)
		return;
	d->deps_loaded = 1;
	for (const Elf64_Dyn *p = d->dynamic; p->d_tag; p++)
		n += p->d_tag == DT_NEEDED;
	d->deps = __ldso_alloc((n + 1) * sizeof(*d->deps));
	for (const Elf64_Dyn *p = d->dynamic; p->d_tag; p++)
		if (p->d_tag == DT_NEEDED)
			d->deps[i++] = __ldso_load(d->strings + p->d_un.d_val, d, 0);
}

void __ldso_load_deps(struct dso *d)
{
	for (; d; d = d->next)
		load_needed(d);
}
