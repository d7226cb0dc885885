/* SPDX-License-Identifier: MIT */
/*
 * image.c: builds the address space of a program: exec and spawn in user space.
 *
 * The file is not trusted: each number of it is checked before it is used, and all that can go
 * wrong goes wrong before the caller's own address space is given up.
 */
#include <elf.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>
#include "calx.h"
#include "image.h"
#include "../../../abi/mem.h"

#define PHDR_MAX 64
#define IMAGE_LIMIT (1ull << 40)	/* bytes of one object's address range */

/* An object as it lies in the new address space. */
struct object {
	Elf64_Ehdr eh;
	Elf64_Phdr ph[PHDR_MAX];
	uint64_t base;		/* added to the file's addresses */
	uint64_t phdr;		/* address of the program headers, 0 when they are not loaded */
	char interp[256];	/* "" without PT_INTERP */
	int mappable;		/* the file has a mem plane */
	uint64_t size;		/* of the file */
};

static int read_exact(handle_t f, void *buf, size_t len, uint64_t off)
{
	char *p = buf;

	while (len) {
		long n = off > INT64_MAX - len ? -ENOEXEC : plat_pread(f, p, len, off);
		if (n == -EINTR)
			continue;
		if (n <= 0)
			return n < 0 && n != -EISDIR ? n : -ENOEXEC;
		p += n;
		len -= n;
		off += n;
	}
	return 0;
}

static int check_header(const Elf64_Ehdr *eh)
{
	if (memcmp(eh->e_ident, ELFMAG, SELFMAG) || eh->e_ident[EI_CLASS] != ELFCLASS64
			|| eh->e_ident[EI_DATA] != ELFDATA2LSB || eh->e_machine != EM_X86_64)
		return -ENOEXEC;
	if ((eh->e_type != ET_EXEC && eh->e_type != ET_DYN) || eh->e_phentsize != sizeof(Elf64_Phdr)
			|| !eh->e_phnum || eh->e_phnum > PHDR_MAX)
		return -ENOEXEC;
	return 0;
}

static int check_segment(const Elf64_Phdr *p)
{
	if (p->p_filesz > p->p_memsz || p->p_memsz > IMAGE_LIMIT || p->p_vaddr > VM_TOP - IMAGE_LIMIT)
		return -ENOEXEC;
	if ((p->p_vaddr & (ABI_PAGE - 1)) != (p->p_offset & (ABI_PAGE - 1)) || p->p_offset > INT64_MAX / 2)
		return -ENOEXEC;
	if ((p->p_flags & PF_W) && (p->p_flags & PF_X))
		return -EACCES;
	return 0;
}

/* Does all that is mapped lie in the file? */
static int check_size(const struct object *o)
{
	for (const Elf64_Phdr *p = o->ph; p < o->ph + o->eh.e_phnum; p++)
		if (p->p_type == PT_LOAD && (p->p_filesz > o->size || p->p_offset > o->size - p->p_filesz))
			return -ENOEXEC;
	return 0;
}

static int read_headers(handle_t f, struct object *o)
{
	const Elf64_Phdr *p;
	int err = read_exact(f, &o->eh, sizeof(o->eh), 0), loads = 0;

	if (!err)
		err = check_header(&o->eh);
	if (!err)
		err = read_exact(f, o->ph, o->eh.e_phnum * sizeof(*p), o->eh.e_phoff);
	if (err)
		return err;
	o->interp[0] = 0;
	for (p = o->ph; p < o->ph + o->eh.e_phnum && !err; p++) {
		if (p->p_type == PT_LOAD && p->p_memsz) {
			err = check_segment(p);
			loads++;
		} else if (p->p_type == PT_INTERP) {
			if (p->p_filesz < 2 || p->p_filesz > sizeof(o->interp))
				return -ENOEXEC;
			err = read_exact(f, o->interp, p->p_filesz, p->p_offset);
			if (!err && o->interp[p->p_filesz - 1])
				return -ENOEXEC;
		}
	}
	return err ? err : loads ? 0 : -ENOEXEC;
}

/* Lowest page and end of all that is loaded. */
static int extent(const struct object *o, uint64_t *low, uint64_t *high)
{
	uint64_t last = 0;

	*low = UINT64_MAX;
	*high = 0;
	for (const Elf64_Phdr *p = o->ph; p < o->ph + o->eh.e_phnum; p++) {
		if (p->p_type != PT_LOAD || !p->p_memsz)
			continue;
		uint64_t start = p->p_vaddr & -ABI_PAGE, end = p->p_vaddr + p->p_memsz;
		if (start < last)
			return -ENOEXEC;	/* not ascending, or two segments in a page */
		last = (end + ABI_PAGE - 1) & -(uint64_t)ABI_PAGE;
		if (start < *low)
			*low = start;
		*high = last;
	}
	return *high - *low > IMAGE_LIMIT ? -ENOEXEC : 0;
}

static long map(handle_t vm, handle_t mem, uint64_t addr, uint64_t len, uint64_t off, int prot, int flags)
{
	struct vm_map v = { .vm = vm, .mem = mem, .addr = addr, .len = len, .off = off, .prot = prot,
		.flags = MAP_PRIVATE | flags };

	return sys(SYS_vm_map, &v);
}

static int prot_of(const Elf64_Phdr *p)
{
	return (p->p_flags & PF_R ? PROT_READ : 0) | (p->p_flags & PF_W ? PROT_WRITE : 0)
		| (p->p_flags & PF_X ? PROT_EXEC : 0);
}

/* Copies the file's part of a segment into memory that is mapped already. */
static int copy_segment(handle_t vm, handle_t f, const Elf64_Phdr *p, uint64_t base)
{
	char buf[4096];
	int err = 0;

	for (uint64_t at = 0; at < p->p_filesz && !err; ) {
		size_t n = p->p_filesz - at < sizeof(buf) ? p->p_filesz - at : sizeof(buf);
		err = read_exact(f, buf, n, p->p_offset + at);
		if (!err)
			err = sys(SYS_vm_write, vm, base + p->p_vaddr + at, buf, n) < 0 ? -EFAULT : 0;
		at += n;
	}
	return err;
}

/* Zeroes from the end of the file's part to the end of its page. */
static int zero_tail(handle_t vm, uint64_t end)
{
	static const char zeros[ABI_PAGE];
	size_t n = -end & (ABI_PAGE - 1);

	return n && sys(SYS_vm_write, vm, end, zeros, n) < 0 ? -ENOEXEC : 0;
}

static int load_segment(handle_t vm, handle_t f, const struct object *o, const Elf64_Phdr *p)
{
	uint64_t start = (o->base + p->p_vaddr) & -(uint64_t)ABI_PAGE;
	uint64_t fend = o->base + p->p_vaddr + p->p_filesz;
	uint64_t end = (o->base + p->p_vaddr + p->p_memsz + ABI_PAGE - 1) & -(uint64_t)ABI_PAGE;
	uint64_t split = o->mappable && p->p_filesz ? (fend + ABI_PAGE - 1) & -(uint64_t)ABI_PAGE : start;
	long r = 0;

	if (split > start)
		r = map(vm, f, start, split - start, p->p_offset & -(uint64_t)ABI_PAGE, prot_of(p), MAP_FIXED);
	if (r >= 0 && end > split)
		r = map(vm, H_NONE, split, end - split, 0, prot_of(p), MAP_FIXED);
	if (r < 0)
		return r;
	if (!o->mappable)
		return copy_segment(vm, f, p, o->base);
	return p->p_memsz > p->p_filesz && p->p_filesz && (p->p_flags & PF_W) ? zero_tail(vm, fend) : 0;
}

/* Reserves the whole range, so that the segments of a relocatable object lie together. */
static int place(handle_t vm, struct object *o)
{
	uint64_t low, high;
	int err = extent(o, &low, &high);
	long r;

	if (err)
		return err;
	o->base = 0;
	if (o->eh.e_type == ET_EXEC)
		return low < VM_BASE || high > VM_TOP ? -ENOEXEC : 0;
	r = map(vm, H_NONE, 0, high - low, 0, PROT_NONE, 0);
	if (r < 0)
		return r;
	o->base = r - low;
	return 0;
}

static void find_phdr(struct object *o)
{
	o->phdr = 0;
	for (const Elf64_Phdr *p = o->ph; p < o->ph + o->eh.e_phnum; p++)
		if (p->p_type == PT_LOAD && o->eh.e_phoff >= p->p_offset
				&& o->eh.e_phoff - p->p_offset < p->p_filesz)
			o->phdr = o->base + p->p_vaddr + (o->eh.e_phoff - p->p_offset);
}

static int load(handle_t vm, handle_t f, struct object *o)
{
	struct handle_info hi;
	int err = read_headers(f, o);

	if (err)
		return err;
	if (sys(SYS_handle_info, f, &hi) < 0)
		return -EBADF;
	o->mappable = hi.kind == OBJ_MEM || hi.plane == PLANE_MEM;
	o->size = hi.size;
	err = o->mappable ? check_size(o) : 0;
	if (!err)
		err = place(vm, o);
	for (const Elf64_Phdr *p = o->ph; p < o->ph + o->eh.e_phnum && !err; p++)
		if (p->p_type == PT_LOAD && p->p_memsz)
			err = load_segment(vm, f, o, p);
	find_phdr(o);
	return err;
}

static int load_interp(handle_t vm, const char *path, struct object *o)
{
	int fd = plat_openat(AT_FDCWD, path, O_RDONLY | O_CLOEXEC, 0), err;

	if (fd < 0)
		return fd;
	err = load(vm, fd, o);
	if (!err && o->interp[0])
		err = -ELIBBAD;
	plat_close(fd);
	return err == -ENOEXEC ? -ELIBBAD : err;
}

static void set_name(char name[32], const char *path)
{
	const char *slash = strrchr(path, '/');

	strlcpy(name, slash ? slash + 1 : path, 32);
}

static int build_elf(handle_t file, const struct image_args *args, struct image *img)
{
	struct object prog, interp;
	struct image_aux aux;
	int err = load(img->vm, file, &prog);

	if (err)
		return err;
	aux = (struct image_aux){ .phdr = prog.phdr, .phnum = prog.eh.e_phnum, .entry = prog.base + prog.eh.e_entry };
	img->entry = aux.entry;
	if (prog.interp[0]) {
		err = load_interp(img->vm, prog.interp, &interp);
		if (err)
			return err;
		aux.base = interp.base;
		img->entry = interp.base + interp.eh.e_entry;
	}
	if (img->entry < VM_BASE || img->entry >= VM_TOP)
		return -ENOEXEC;
	set_name(img->name, args->path);
	return __image_stack(img, args, &aux);
}

/* -- scripts -- */

#define SCRIPT_LINE 256

/* Splits "#! interpreter [argument]"; arg is NULL when there is none. */
static int parse_script(char *line, char **interp, char **arg)
{
	char *p = line + 2, *end = strchr(line, '\n');

	if (!end && strlen(line) >= SCRIPT_LINE - 1)
		return -ENOEXEC;
	if (end)
		*end = 0;
	p += strspn(p, " \t");
	if (!*p)
		return -ENOEXEC;
	*interp = p;
	p += strcspn(p, " \t");
	*arg = 0;
	if (!*p)
		return 0;
	*p++ = 0;
	p += strspn(p, " \t");
	for (end = p + strlen(p); end > p && (end[-1] == ' ' || end[-1] == '\t' || end[-1] == '\r'); )
		*--end = 0;
	if (*p)
		*arg = p;
	return 0;
}

static int build(handle_t file, const struct image_args *args, struct image *img, int depth);

/* The script's name takes the place of argument 0, the interpreter and its argument come before it. */
static int build_script(char *line, const struct image_args *args, struct image *img, int depth)
{
	char *interp, *arg;
	struct image_args next = *args;
	int fd, err = parse_script(line, &interp, &arg);

	if (err)
		return err;
	if (!next.npre) {
		next.pre[next.npre++] = args->path;
		next.argv += *next.argv != 0;
	}
	if (arg)
		next.pre[next.npre++] = arg;
	next.pre[next.npre++] = next.path = interp;
	fd = plat_openat(AT_FDCWD, interp, O_RDONLY | O_CLOEXEC, 0);
	err = fd < 0 ? fd : build(fd, &next, img, depth + 1);
	if (fd >= 0)
		plat_close(fd);
	return err;
}

static int build(handle_t file, const struct image_args *args, struct image *img, int depth)
{
	char line[SCRIPT_LINE] = {0};
	long n = plat_pread(file, line, sizeof(line) - 1, 0);

	if (n < 0)
		return n == -EISDIR ? -EACCES : n;
	if (n < 4)
		return -ENOEXEC;
	if (line[0] != '#' || line[1] != '!')
		return build_elf(file, args, img);
	return depth < SCRIPT_DEPTH ? build_script(line, args, img, depth) : -ELOOP;
}

int __image_build(handle_t file, const struct image_args *args, struct image *img)
{
	int err;

	img->vm = sys(SYS_vm_create);
	if (img->vm < 0)
		return img->vm;
	err = build(file, args, img, 0);
	if (err)
		sys(SYS_handle_close, img->vm);
	return err;
}
