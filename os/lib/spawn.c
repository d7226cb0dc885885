/* SPDX-License-Identifier: MIT */
/* Loads a static-pie ELF image into a new address space and starts it; see spawn.h. */
#include <elf.h>
#include <errno.h>
#include <string.h>
#include "spawn.h"

#define STACK_TOP	0x7ffffff00000ull	/* below it random bytes are subtracted */
#define STACK_SIZE	(8ull << 20)
#define LOAD_BASE	0x550000000000ull
#define MAX_EXTRA	8
#define MAP_PRIVATE_	2
#define MAP_FIXED_	0x10
#define HIGH(n)		(H_HIGH + (n))

#define MAX_WORDS	256		/* argc, argv, envp, auxiliary vector */

/*
 * The top of the stack, built here and written to `top - sizeof buf`: the words at its start, where
 * the stack pointer points, above them the texts, so that the stack grows away from both.
 */
struct stack {
	uint64_t base;			/* address of buf[0] in the child */
	size_t used;			/* bytes of text from the start of buf */
	_Alignas(16) uint8_t buf[16384];
};

static uint64_t random_pages(unsigned bits)
{
	uint64_t r = 0;

	sys_getrandom(&r, sizeof(r));
	return (r & ((1ull << bits) - 1)) * ABI_PAGE;
}

static int check(const struct spawn *s, const Elf64_Ehdr *e)
{
	if (s->size < sizeof(*e) || memcmp(e->e_ident, ELFMAG, SELFMAG) ||
	    e->e_ident[EI_CLASS] != ELFCLASS64 || e->e_type != ET_DYN ||
	    e->e_machine != EM_X86_64 || e->e_phentsize != sizeof(Elf64_Phdr) ||
	    e->e_phoff > s->size || e->e_phnum > (s->size - e->e_phoff) / sizeof(Elf64_Phdr))
		return -ENOEXEC;
	return 0;
}

static uint32_t prot_of(uint32_t flags)
{
	return (flags & PF_R ? 1u : 0) | (flags & PF_W ? 2u : 0) | (flags & PF_X ? 4u : 0);
}

static int64_t load_segment(handle_t vm, const struct spawn *s, const Elf64_Phdr *p, uint64_t bias)
{
	uint64_t start = (p->p_vaddr + bias) & ~(uint64_t)(ABI_PAGE - 1);
	uint64_t end = (p->p_vaddr + bias + p->p_memsz + ABI_PAGE - 1) & ~(uint64_t)(ABI_PAGE - 1);
	struct vm_map map = {
		.vm = vm, .mem = H_NONE, .addr = start, .len = end - start, .prot = 1 | 2,
		.flags = MAP_PRIVATE_ | MAP_FIXED_,
	};
	int64_t err;

	if (p->p_offset > s->size || p->p_filesz > s->size - p->p_offset ||
	    p->p_filesz > p->p_memsz || p->p_memsz > (1ull << 32) || p->p_vaddr > (1ull << 32))
		return -ENOEXEC;
	err = sys_vm_map(&map);
	if (err < 0)
		return err;
	if (p->p_filesz) {
		err = sys_vm_write(vm, p->p_vaddr + bias, s->image + p->p_offset, p->p_filesz);
		if (err < 0)
			return err;
	}
	return sys_vm_protect(vm, start, end - start, prot_of(p->p_flags));
}

static uint64_t put_text(struct stack *st, const char *text)
{
	size_t n = strlen(text) + 1;
	uint64_t at = st->base + st->used;

	if (st->used + n > sizeof(st->buf) / 2)
		return 0;
	memcpy(st->buf + st->used, text, n);
	st->used += n;
	return at;
}

/* Writes the start block; its address in the child. */
static uint64_t put_block(struct stack *st, const struct spawn *s)
{
	struct start_block *b;
	struct start_extra *x;
	uint64_t at;
	uint32_t off;

	st->used = (st->used + 15) & ~15ul;
	at = st->base + st->used;
	b = (struct start_block *)(st->buf + st->used);
	memset(b, 0, sizeof(*b));
	b->magic = START_MAGIC;
	b->names = s->names == H_NONE ? H_NONE : HIGH(0);
	b->procd = s->procd == H_NONE ? H_NONE : HIGH(1);
	b->umask = s->umask;
	b->nextra = s->nextra;
	x = (struct start_extra *)b->mounts;
	off = (uint32_t)(sizeof(*b) + s->nextra * sizeof(*x));
	b->cwd = off;
	memcpy((char *)b + off, "/", 2);
	off += 2;
	for (unsigned i = 0; i < s->nextra; i++) {
		uint32_t n = (uint32_t)strlen(s->extra[i].name) + 1;

		x[i].name = off;
		x[i].h = HIGH(2 + (int)i);
		memcpy((char *)b + off, s->extra[i].name, n);
		off += n;
	}
	b->size = off;
	st->used += off;
	return at;
}

static int put_vector(struct stack *st, const char *const *v, uint64_t *out, unsigned *n,
		      unsigned max)
{
	for (; v && *v; v++) {
		if (*n + 2 > max)
			return -E2BIG;
		out[*n] = put_text(st, *v);
		if (!out[(*n)++])
			return -E2BIG;
	}
	out[(*n)++] = 0;
	return 0;
}

/* Builds argc, argv, envp and the auxiliary vector; the child's first stack pointer or -errno. */
static int64_t build(struct stack *st, const struct spawn *s, uint64_t bias)
{
	const Elf64_Ehdr *e = (const Elf64_Ehdr *)s->image;
	uint64_t *v = (uint64_t *)st->buf, block, rnd;
	unsigned n = 1;

	if (put_vector(st, s->argv, v, &n, 200))
		return -E2BIG;
	v[0] = n - 2;
	if (put_vector(st, s->envp, v, &n, 220))
		return -E2BIG;
	block = put_block(st, s);
	st->used = (st->used + 15) & ~15ul;
	rnd = st->base + st->used;
	sys_getrandom(st->buf + st->used, 16);
	st->used += 16;
	const uint64_t aux[] = {
		AT_PHDR, bias + e->e_phoff, AT_PHENT, sizeof(Elf64_Phdr), AT_PHNUM, e->e_phnum,
		AT_PAGESZ, ABI_PAGE, AT_BASE, 0, AT_ENTRY, bias + e->e_entry, AT_SECURE, 0,
		AT_RANDOM, rnd, AT_EXECFN, n > 1 ? v[1] : 0, AT_CALX_START, block, AT_NULL, 0,
	};
	memcpy(v + n, aux, sizeof(aux));
	return (int64_t)st->base;
}

/* Maps the stack and fills its top; the stack pointer or -errno. */
static int64_t make_stack(handle_t vm, const struct spawn *s, uint64_t bias)
{
	static struct stack st;
	uint64_t top = STACK_TOP - random_pages(16);
	struct vm_map map = {
		.vm = vm, .mem = H_NONE, .addr = top - STACK_SIZE, .len = STACK_SIZE,
		.prot = 1 | 2, .flags = MAP_PRIVATE_ | MAP_FIXED_,
	};
	int64_t err, sp;

	err = sys_vm_map(&map);
	if (err < 0)
		return err;
	st.base = top - sizeof(st.buf);
	st.used = MAX_WORDS * sizeof(uint64_t);
	sp = build(&st, s, bias);
	if (sp < 0)
		return sp;
	err = sys_vm_write(vm, st.base, st.buf, st.used);
	return err < 0 ? err : sp;
}

static int64_t start(handle_t vm, const struct spawn *s, uint64_t entry, uint64_t sp)
{
	struct proc_handle ph[5 + MAX_EXTRA];
	struct proc_args a = { .vm = vm, .handles = (uint64_t)ph, .entry = entry, .sp = sp };
	unsigned n = 0;

	for (int i = 0; i < 3 && s->out != H_NONE; i++)
		ph[n++] = (struct proc_handle){ s->out, i, 0, 0 };
	if (s->names != H_NONE)
		ph[n++] = (struct proc_handle){ s->names, HIGH(0), 0, 0 };
	if (s->procd != H_NONE)
		ph[n++] = (struct proc_handle){ s->procd, HIGH(1), 0, 0 };
	for (unsigned i = 0; i < s->nextra; i++)
		ph[n++] = (struct proc_handle){ s->extra[i].h, HIGH(2 + (int)i), 0, 0 };
	a.nhandles = n;
	strncpy(a.name, s->name, sizeof(a.name) - 1);
	return sys_proc_create(&a);
}

static int64_t load(handle_t vm, const struct spawn *s)
{
	const Elf64_Ehdr *e = (const Elf64_Ehdr *)s->image;
	const Elf64_Phdr *p = (const Elf64_Phdr *)(s->image + e->e_phoff);
	uint64_t bias = LOAD_BASE + random_pages(24);
	int64_t err = 0, sp;

	for (unsigned i = 0; i < e->e_phnum && err >= 0; i++)
		if (p[i].p_type == PT_LOAD && p[i].p_memsz)
			err = load_segment(vm, s, &p[i], bias);
	if (err < 0)
		return err;
	sp = make_stack(vm, s, bias);
	return sp < 0 ? sp : start(vm, s, bias + e->e_entry, (uint64_t)sp);
}

int64_t spawn_image(const struct spawn *s)
{
	int64_t vm, pid;

	if (check(s, (const Elf64_Ehdr *)s->image))
		return -ENOEXEC;
	if (s->nextra > MAX_EXTRA)
		return -E2BIG;
	vm = sys_vm_create();
	if (vm < 0)
		return vm;
	pid = load((handle_t)vm, s);
	sys_handle_close((handle_t)vm);
	return pid;
}
