/* SPDX-License-Identifier: MIT */
/*
 * image_stack.c: the first stack of a program.
 *
 * Ascending: argc, argv, envp, auxiliary vector, 16 random bytes, start block, strings. It is written
 * into the new address space piece by piece, in two streams: nothing is mapped here, where the
 * address space may be as large as its limit (RLIMIT_AS) already.
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
#define STACK_GUARD (1ul << 20)	/* below it nothing is mapped: who runs over it faults there */
#define STRINGS_MAX (2ul << 20)
#define AUX_PAIRS 16

struct layout {
	size_t argc, envc, strings;
	size_t block;			/* bytes of the start block */
	int mounts;			/* in it */
	size_t words;			/* argc .. auxv */
};

/* Bytes for ascending addresses of the new address space. */
struct stream {
	uint64_t at;			/* of the first byte in buf */
	size_t n;			/* bytes in buf */
	char buf[1024];
};

/* The stack from both its ends on: numbers, then strings, whose addresses are among the numbers. */
struct writer {
	handle_t vm;
	int err;			/* the first that came, 0 or -errno */
	struct stream low, text;
};

static int measure_string(const char *s, size_t *count, size_t *bytes)
{
	++*count;
	*bytes += strlen(s) + 1;
	return *bytes > STRINGS_MAX || *count > STRINGS_MAX / 8 ? -E2BIG : 0;
}

static int measure(const struct image_args *args, struct layout *l)
{
	int err = 0;

	for (int i = 0; i < args->npre && !err; i++)
		err = measure_string(args->pre[i], &l->argc, &l->strings);
	for (char *const *v = args->argv; v && *v && !err; v++)
		err = measure_string(*v, &l->argc, &l->strings);
	for (char *const *v = args->envp; v && *v && !err; v++)
		err = measure_string(*v, &l->envc, &l->strings);
	return err;
}

static size_t block_size(const struct image_args *args, int mounts)
{
	size_t n = sizeof(struct start_block) + strlen(args->cwd) + 1;

	for (int i = 0; i < mounts; i++)
		n += sizeof(struct start_mount) + strlen(__calx.mounts[i].prefix) + 1;
	if (args->extra)
		n += sizeof(struct start_extra) + strlen(args->extra) + 1;
	return (n + 15) & -16ul;
}

static void flush(struct writer *w, struct stream *s)
{
	long r = s->n ? sys(SYS_vm_write, w->vm, s->at, s->buf, s->n) : 0;

	if (r < 0 && !w->err)
		w->err = r;
	s->at += s->n;
	s->n = 0;
}

static void put(struct writer *w, struct stream *s, const void *data, size_t len)
{
	for (const char *p = data; len; ) {
		size_t room = sizeof(s->buf) - s->n, n = len < room ? len : room;

		memcpy(s->buf + s->n, p, n);
		s->n += n;
		p += n;
		len -= n;
		if (s->n == sizeof(s->buf))
			flush(w, s);
	}
}

static void put_number(struct writer *w, uint64_t n)
{
	put(w, &w->low, &n, sizeof(n));
}

/* Puts the string and gives its address. */
static uint64_t put_string(struct writer *w, const char *s)
{
	uint64_t addr = w->text.at + w->text.n;

	put(w, &w->text, s, strlen(s) + 1);
	return addr;
}

static void put_vector(struct writer *w, char *const *v)
{
	for (; v && *v; v++)
		put_number(w, put_string(w, *v));
	put_number(w, 0);
}

/* Takes the place of a text of the start block: its offset. */
static uint32_t text_offset(uint32_t *at, const char *s)
{
	uint32_t off = *at;

	*at += strlen(s) + 1;
	return off;
}

static void put_block(struct writer *w, const struct layout *l, const struct image_args *args)
{
	int n = l->mounts;
	struct start_block sb = { .magic = START_MAGIC, .size = l->block, .names = __calx.names,
		.procd = __calx.procd, .umask = args->other_umask ? args->umask : __calx.umask,
		.nmounts = n, .nextra = args->extra != 0 };
	uint32_t at = sizeof(sb) + n * sizeof(struct start_mount) + sb.nextra * sizeof(struct start_extra);
	static const char zeros[16];

	sb.cwd = text_offset(&at, args->cwd);
	put(w, &w->low, &sb, sizeof(sb));
	for (int i = 0; i < n; i++) {
		struct start_mount m = { .root = __calx.mounts[i].root,
			.prefix = text_offset(&at, __calx.mounts[i].prefix) };
		put(w, &w->low, &m, sizeof(m));
	}
	if (args->extra) {
		struct start_extra e = { .h = args->extra_value, .name = text_offset(&at, args->extra) };
		put(w, &w->low, &e, sizeof(e));
	}
	put(w, &w->low, args->cwd, strlen(args->cwd) + 1);
	for (int i = 0; i < n; i++)
		put(w, &w->low, __calx.mounts[i].prefix, strlen(__calx.mounts[i].prefix) + 1);
	if (args->extra)
		put(w, &w->low, args->extra, strlen(args->extra) + 1);
	put(w, &w->low, zeros, l->block - at);
}

static void fill(struct writer *w, const struct layout *l, const struct image_args *args,
	const struct image_aux *aux)
{
	uint64_t random = w->low.at + l->words * 8, block = random + 16, seed[2];

	put_number(w, l->argc);
	for (int i = args->npre; i-- > 0; )
		put_number(w, put_string(w, args->pre[i]));
	put_vector(w, args->argv);
	put_vector(w, args->envp);
	uint64_t execfn = put_string(w, args->path);
	const uint64_t vec[2 * AUX_PAIRS] = { AT_PAGESZ, ABI_PAGE, AT_PHDR, aux->phdr,
		AT_PHENT, sizeof(Elf64_Phdr), AT_PHNUM, aux->phnum, AT_ENTRY, aux->entry, AT_BASE, aux->base, AT_RANDOM, random,
		AT_EXECFN, execfn, AT_SECURE, args->secure, AT_CALX_START, block, AT_NULL, 0 };
	put(w, &w->low, vec, sizeof(vec));
	if (w->low.at + w->low.n < random)
		put_number(w, 0);	/* words are even */
	sys(SYS_getrandom, seed, sizeof(seed));
	put(w, &w->low, seed, sizeof(seed));
	put_block(w, l, args);
	flush(w, &w->low);
	flush(w, &w->text);
}

static size_t stack_size(void)
{
	uint64_t limit[2];

	if (sys(SYS_proc_limit, H_NONE, RLIMIT_STACK, 0, limit) < 0 || limit[0] > STACK_MAX)
		return STACK_SIZE;
	return limit[0] < STACK_MIN ? STACK_MIN : (limit[0] + 4095) & -4096ul;
}

/* Maps the stack above its guard: its low end, or -errno. */
static long map_stack(handle_t vm, size_t size)
{
	struct vm_map v = { .vm = vm, .mem = H_NONE, .len = STACK_GUARD + size, .flags = MAP_PRIVATE };
	long base = sys(SYS_vm_map, &v);

	if (base < 0)
		return base;
	v.addr = base + STACK_GUARD;
	v.len = size;
	v.prot = PROT_READ | PROT_WRITE;
	v.flags |= MAP_FIXED;
	return sys(SYS_vm_map, &v);
}

int __image_stack(struct image *img, const struct image_args *args, const struct image_aux *aux)
{
	size_t size = stack_size();
	struct layout l = { .strings = strlen(args->path) + 1 };
	struct writer w = { .vm = img->vm };
	uint64_t random = 0;
	size_t bytes;
	long base;
	int err = measure(args, &l);

	if (err)
		return err;
	l.words = (1 + l.argc + 1 + l.envc + 1 + 2 * AUX_PAIRS + 1) & -2ul;
	l.mounts = __calx.nmounts;
	l.block = block_size(args, l.mounts);
	bytes = (l.words * 8 + 16 + l.block + l.strings + 15) & -16ul;
	sys(SYS_getrandom, &random, sizeof(random));
	base = map_stack(img->vm, size);
	if (base < 0)
		return base;
	img->sp = w.low.at = base + size - (random & 0x7f0) - bytes;
	w.text.at = w.low.at + l.words * 8 + 16 + l.block;
	fill(&w, &l, args, aux);
	return w.err;
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
