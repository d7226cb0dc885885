/* SPDX-License-Identifier: MIT */
/*
 * image_stack.c: the first stack of a program.
 *
 * Ascending: argc, argv, envp, auxiliary vector, 16 random bytes, start block, strings. It is laid
 * out in a buffer of our own first and written into the new address space as a whole.
 */
#include <elf.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include "image.h"
#include "../../internal/libc.h"
#include "../../../abi/mem.h"

/* RLIMIT_STACK says how large; without a limit, and beyond reason, these do. */
#define STACK_SIZE (8ul << 20)
#define STACK_MIN  (256ul << 10)
#define STACK_MAX  (1ul << 30)
#define STRINGS_MAX (2ul << 20)
#define AUX_PAIRS 16

struct layout {
	size_t argc, envc, strings;
	size_t block;			/* bytes of the start block */
	size_t words;			/* argc .. auxv */
};

/* A writer into buf, which will lie at addr in the new address space. */
struct writer {
	char *buf;
	uint64_t addr;
	size_t at;			/* next string */
};

static int measure(char *const *v, size_t *count, size_t *bytes)
{
	for (*count = 0; v && v[*count]; ++*count) {
		*bytes += strlen(v[*count]) + 1;
		if (*bytes > STRINGS_MAX || *count > STRINGS_MAX / 8)
			return -E2BIG;
	}
	return 0;
}

static size_t block_size(const struct image_args *args)
{
	size_t n = sizeof(struct start_block) + strlen(args->cwd) + 1;

	for (int i = 0; i < __calx.nmounts; i++)
		n += sizeof(struct start_mount) + strlen(__calx.mounts[i].prefix) + 1;
	if (args->extra)
		n += sizeof(struct start_extra) + strlen(args->extra) + 1;
	return (n + 15) & -16ul;
}

static uint32_t put_text(struct start_block *sb, uint32_t *at, const char *s)
{
	uint32_t off = *at;

	strcpy((char *)sb + off, s);
	*at += strlen(s) + 1;
	return off;
}

static void fill_block(struct start_block *sb, size_t size, const struct image_args *args)
{
	struct start_extra *extra;
	uint32_t at;
	int n = __calx.nmounts;

	*sb = (struct start_block){ .magic = START_MAGIC, .size = size, .names = __calx.names,
		.procd = __calx.procd, .umask = args->other_umask ? args->umask : __calx.umask };
	sb->nmounts = n;
	sb->nextra = args->extra != 0;
	extra = (struct start_extra *)(sb->mounts + n);
	at = (char *)(extra + sb->nextra) - (char *)sb;
	sb->cwd = put_text(sb, &at, args->cwd);
	for (int i = 0; i < n; i++) {
		sb->mounts[i].root = __calx.mounts[i].root;
		sb->mounts[i].prefix = put_text(sb, &at, __calx.mounts[i].prefix);
	}
	if (args->extra) {
		extra->h = args->extra_value;
		extra->name = put_text(sb, &at, args->extra);
	}
}

static uint64_t put_string(struct writer *w, const char *s)
{
	size_t n = strlen(s) + 1;
	uint64_t addr = w->addr + w->at;

	memcpy(w->buf + w->at, s, n);
	w->at += n;
	return addr;
}

static uint64_t *put_vector(struct writer *w, uint64_t *to, char *const *v, size_t count)
{
	for (size_t i = 0; i < count; i++)
		*to++ = put_string(w, v[i]);
	*to++ = 0;
	return to;
}

static void fill(struct writer *w, const struct layout *l, const struct image_args *args,
	const struct image_aux *aux)
{
	uint64_t *p = (uint64_t *)w->buf, random, block;

	random = w->addr + l->words * 8;
	block = random + 16;
	w->at = l->words * 8 + 16 + l->block;
	sys(SYS_getrandom, w->buf + l->words * 8, 16);
	fill_block((struct start_block *)(w->buf + l->words * 8 + 16), l->block, args);
	*p++ = l->argc;
	p = put_vector(w, p, args->argv, l->argc);
	p = put_vector(w, p, args->envp, l->envc);
	uint64_t execfn = put_string(w, args->path);
	const uint64_t vec[] = { AT_PAGESZ, ABI_PAGE, AT_PHDR, aux->phdr, AT_PHENT, sizeof(Elf64_Phdr),
		AT_PHNUM, aux->phnum, AT_ENTRY, aux->entry, AT_BASE, aux->base, AT_RANDOM, random,
		AT_EXECFN, execfn, AT_SECURE, args->secure, AT_CALX_START, block, AT_NULL, 0 };
	_Static_assert(sizeof(vec) <= AUX_PAIRS * 16, "auxiliary vector");
	memcpy(p, vec, sizeof(vec));
}

static int write_stack(struct image *img, const struct image_args *args, const struct image_aux *aux,
	struct layout *l, size_t bytes, uint64_t top)
{
	long mem = plat_mmap(0, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	struct writer w = { (char *)mem, top - bytes, 0 };
	long r;

	if (mem < 0)
		return mem;
	fill(&w, l, args, aux);
	r = sys(SYS_vm_write, img->vm, w.addr, w.buf, bytes);
	plat_munmap(w.buf, bytes);
	img->sp = w.addr;
	return r < 0 ? r : 0;
}

static size_t stack_size(void)
{
	uint64_t limit[2];

	if (sys(SYS_proc_limit, H_NONE, RLIMIT_STACK, 0, limit) < 0 || limit[0] > STACK_MAX)
		return STACK_SIZE;
	return limit[0] < STACK_MIN ? STACK_MIN : (limit[0] + 4095) & -4096ul;
}

int __image_stack(struct image *img, const struct image_args *args, const struct image_aux *aux)
{
	size_t size = stack_size();
	struct vm_map v = { .vm = img->vm, .mem = H_NONE, .len = size,
		.prot = PROT_READ | PROT_WRITE, .flags = MAP_PRIVATE };
	struct layout l = { .strings = strlen(args->path) + 1 };
	uint64_t random = 0;
	size_t bytes;
	long base;
	int err = measure(args->argv, &l.argc, &l.strings);

	if (!err)
		err = measure(args->envp, &l.envc, &l.strings);
	if (err)
		return err;
	l.words = (1 + l.argc + 1 + l.envc + 1 + 2 * AUX_PAIRS + 1) & -2ul;
	l.block = block_size(args);
	bytes = (l.words * 8 + 16 + l.block + l.strings + 15) & -16ul;
	sys(SYS_getrandom, &random, sizeof(random));
	base = sys(SYS_vm_map, &v);
	if (base < 0)
		return base;
	return write_stack(img, args, aux, &l, bytes, base + size - (random & 0x7f0));
}

int __image_handles(handle_t *list, int max)
{
	int n = 0;

	if (__calx.names != H_NONE && n < max)
		list[n++] = __calx.names;
	if (__calx.procd != H_NONE && n < max)
		list[n++] = __calx.procd;
	for (int i = 0; i < __calx.nmounts && n < max; i++)
		if (__calx.mounts[i].root != H_NONE)
			list[n++] = __calx.mounts[i].root;
	return n;
}
