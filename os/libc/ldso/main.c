/* SPDX-License-Identifier: MIT */
/*
 * main.c: the start of a dynamic program. libc.so.1 is its own first object: it relocates itself,
 * then loads and links everything, then hands over to the program.
 *
 * Until its own symbolic relocations are done (link_all) this code may use hidden data only.
 */
#include <elf.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include "../internal/plat.h"
#include "../internal/thread.h"
#include "dso.h"

extern hidden const Elf64_Ehdr __ehdr_start;

struct dso __ldso, *__dso_head, *__dso_tail;
hidden const char *__ldso_library_path;
hidden size_t __ldso_static_tls;
struct r_debug _r_debug;
static struct dso program;
static struct tcb early __attribute__((__aligned__(64)));	/* until TLS is laid out */
static uintptr_t early_dtv[2];

hidden void __ldso_read_phdrs(struct dso *d);

/* Debuggers set a breakpoint here and read the list. */
__attribute__((__noinline__)) void _dl_debug_state(void)
{
	__asm__ volatile("");
}

/* -- what the kernel's stack says -- */

struct start {
	unsigned long *auxv;
	const char *preload, *library_path;
};

static const char *value(const char *entry, const char *name)
{
	size_t n = strlen(name);

	return !strncmp(entry, name, n) && entry[n] == '=' ? entry + n + 1 : 0;
}

static void read_stack(long *sp, struct start *s)
{
	char **p;
	const char *v;

	__libc.argc = *sp;
	__libc.argv = (char **)(sp + 1);
	for (p = __libc.argv + __libc.argc + 1; *p; p++) {
		if ((v = value(*p, "LD_PRELOAD")))
			s->preload = v;
		else if ((v = value(*p, "LD_LIBRARY_PATH")))
			s->library_path = v;
	}
	s->auxv = (unsigned long *)(p + 1);
	__libc.auxv = s->auxv;
	__libc.secure = __auxv(s->auxv, AT_SECURE) != 0;
	if (__libc.secure)
		s->preload = s->library_path = 0;
	__ldso_library_path = s->library_path;
}

static void init_early_thread(const struct start *s)
{
	const void *random = (void *)__auxv(s->auxv, AT_RANDOM);

	early.dtv = early_dtv;
	if (random)
		memcpy(&early.canary, random, sizeof(early.canary));
	((unsigned char *)&early.canary)[1] = 0;
	if (__init_tp(&early) < 0)
		plat_exit_group(127);
}

/* -- the first two objects -- */

static void describe_self(const size_t *dynamic)
{
	__ldso.base = (uintptr_t)&__ehdr_start;
	__ldso.name = "/usr/lib/libc.so.1";
	__ldso.soname = "libc.so.1";
	__ldso.dynamic = (const void *)dynamic;
	__ldso.phdr = (void *)(__ldso.base + __ehdr_start.e_phoff);
	__ldso.phnum = __ehdr_start.e_phnum;
	__ldso.global = 1;
	__ldso_read_phdrs(&__ldso);
	__ldso_decode(&__ldso);
}

/* The kernel has mapped the program. */
static size_t describe_program(const struct start *s)
{
	program.phdr = (void *)__auxv(s->auxv, AT_PHDR);
	program.phnum = __auxv(s->auxv, AT_PHNUM);
	for (const Elf64_Phdr *p = program.phdr; p < program.phdr + program.phnum; p++) {
		if (p->p_type == PT_PHDR)
			program.base = (uintptr_t)program.phdr - p->p_vaddr;
	}
	for (const Elf64_Phdr *p = program.phdr; p < program.phdr + program.phnum; p++)
		if (p->p_type == PT_INTERP)
			__ldso.name = (char *)(program.base + p->p_vaddr);
	return __auxv(s->auxv, AT_ENTRY);
}

static void load_preloads(const char *list)
{
	char name[512];

	while (list && *list) {
		size_t n = strcspn(list, " :");
		if (n && n < sizeof(name)) {
			memcpy(name, list, n);
			name[n] = 0;
			__ldso_load(name, &program, 0);
		}
		list += n;
		list += *list != 0;
	}
}

static void add_tls(void)
{
	for (struct dso *d = __dso_head; d; d = d->next)
		if (d->tls.size && !d->tls_id)
			d->tls_id = __tls_add(&d->tls);
	__ldso_static_tls = __libc.tls_count;
	if (!__libc.tls_count) {
		__libc.tls_align = 64;
		__libc.tls_size = sizeof(struct tcb) + 128;
	}
}

/* The first thread's final block; the initial values have been relocated by now. */
static void init_thread(void)
{
	long map = plat_mmap(0, __libc.tls_size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	struct tcb *t;

	if (map < 0 && map > -4096)
		__ldso_fail("cannot allocate memory for thread-local data", 0, 0, 0);
	t = __copy_tls((unsigned char *)map);
	t->canary = early.canary;
	for (size_t i = 0; i < sizeof(t->plat) / sizeof(*t->plat); i++)
		t->plat[i] = early.plat[i];
	if (__init_tp(t) < 0)
		plat_exit_group(127);
}

/* Before the dynamic section becomes read-only. */
static void tell_debugger(void)
{
	for (Elf64_Dyn *p = (Elf64_Dyn *)program.dynamic; p->d_tag; p++)
		if (p->d_tag == DT_DEBUG)
			p->d_un.d_ptr = (size_t)&_r_debug;
}

static void start_debugging(void)
{
	_r_debug.r_version = 1;
	_r_debug.r_map = (struct link_map *)__dso_head;
	_r_debug.r_brk = (size_t)_dl_debug_state;
	_r_debug.r_ldbase = __ldso.base;
	_r_debug.r_state = RT_CONSISTENT;
	_dl_debug_state();
}

/* Data of libraries that the program copies must be relocated before: the program comes last. */
static void link_all(void)
{
	__ldso_relocate(&__ldso);
	tell_debugger();
	for (struct dso *d = __dso_tail; d; d = d->prev)
		if (d != &program)
			__ldso_relocate(d);
	__ldso_relocate(&program);
}

/* Returns the program's entry. */
__attribute__((__no_stack_protector__))
hidden size_t __dls_main(long *sp, unsigned long arg, const size_t *dynamic)
{
	struct start s = {0};
	size_t entry;

	__self_relocate((void *)&__ehdr_start, dynamic);
	read_stack(sp, &s);
	plat_start(sp, arg, s.auxv);
	init_early_thread(&s);
	describe_self(dynamic);
	entry = describe_program(&s);
	if (entry == __ldso.base + __ehdr_start.e_entry)
		__ldso_fail("this is the C library and dynamic linker: run a program that names it", 0, 0, 0);
	program.name = "";
	program.soname = "";
	program.global = 1;
	__ldso_read_phdrs(&program);
	if (!program.dynamic)
		__ldso_fail("the program has no dynamic section", 0, 0, 0);
	__ldso_decode(&program);
	__ldso_append(&program);
	__ldso_append(&__ldso);
	load_preloads(s.preload);
	__ldso_load_deps(&program);
	for (struct dso *d = __dso_head; d; d = d->next)
		d->global = 1;
	add_tls();
	link_all();
	init_thread();
	start_debugging();
	return entry;
}
