/* SPDX-License-Identifier: MIT */
/*
 * main.c: the start of a dynamic program. libc.so.1 is its own first object: it relocates itself,
 * then loads and links everything, then hands over to the program.
 *
 * Until its own symbolic relocations are done (link_all) this code may use hidden data only.
 */
#include <elf.h>
#include <string.h>
#include <sys/mman.h>
#include "../internal/plat.h"
#include "dso.h"
#include "options.h"

/* Bytes of static TLS kept for libraries that are loaded later and were linked to want it. */
#define SURPLUS 1664

extern hidden const Elf64_Ehdr __ehdr_start;
extern hidden unsigned char *__ldso_first_tls;
extern hidden size_t __ldso_first_tls_size;

hidden int __ldso_bind_now;
static struct dso program;
static struct tcb early __attribute__((__aligned__(64)));	/* until TLS is laid out */
static uintptr_t early_dtv[3];

static void init_early_thread(void)
{
	const void *random = (void *)__auxv(__libc.auxv, AT_RANDOM);

	early.dtv = early_dtv + 2;
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
	__ldso.phdr = (void *)(__ldso.base + __ehdr_start.e_phoff);
	__ldso.phnum = __ehdr_start.e_phnum;
	__ldso_read_phdrs(&__ldso);
	__ldso.dynamic = (const void *)dynamic;
	__ldso_decode(&__ldso);
}

/* The kernel has mapped the program. */
static void describe_program(void)
{
	struct dso *p = &program;
	const Elf64_Phdr *interp = 0;

	p->name = "";
	p->phdr = (void *)__auxv(__libc.auxv, AT_PHDR);
	p->phnum = __auxv(__libc.auxv, AT_PHNUM);
	for (const Elf64_Phdr *h = p->phdr; h < p->phdr + p->phnum; h++) {
		if (h->p_type == PT_PHDR)
			p->base = (uintptr_t)p->phdr - h->p_vaddr;
		if (h->p_type == PT_INTERP)
			interp = h;
	}
	if (interp && __ldso_inside(p, interp->p_vaddr, interp->p_filesz, PF_R) && interp->p_filesz > 1
			&& !((char *)(p->base + interp->p_vaddr))[interp->p_filesz - 1])
		__ldso.name = (char *)(p->base + interp->p_vaddr);
	__ldso_read_phdrs(p);
	if (!p->dynamic || !__ldso_inside(p, (uintptr_t)p->dynamic - p->base, p->ndynamic * sizeof(Elf64_Dyn), PF_R))
		__ldso_fail("the program has no dynamic section", 0, 0, 0);
	__ldso_append(p);
}

/* We were run as a program: that one is named by an argument. Returns its entry. */
static size_t load_program(const char *path)
{
	struct dso *d = __ldso_load(path, &__ldso, 0);
	const Elf64_Ehdr *eh = (const Elf64_Ehdr *)d->map;

	program = *d;
	__dso_head = __dso_tail = 0;
	program.name = "";
	program.map = 0;
	__ldso_append(&program);
	if (!__ldso_inside(&program, (uintptr_t)eh - program.base, sizeof(*eh), PF_R)
			|| !__ldso_inside(&program, eh->e_entry, 1, PF_X))
		__ldso_fail(path, ": no entry point", 0, 0);
	__ldso_set_auxv(program.base + eh->e_entry, &program, d->name);
	return program.base + eh->e_entry;
}

static void load_preloads(const char *list)
{
	char name[512];

	while (list && *list) {
		size_t n = strcspn(list, " :");
		if (n && n < sizeof(name)) {
			memcpy(name, list, n);
			name[n] = 0;
			__ldso_list_add(&program.deps, __ldso_load(name, &program, 0));
		}
		list += n;
		list += *list != 0;
	}
}

/* Breadth first: the order of the list. */
static void make_scope(void)
{
	for (struct dso *d = __dso_head; d; d = d->next) {
		d->startup = d->global = 1;
		__ldso_list_add(&__ldso_global, d);
	}
}

static void number_tls(void)
{
	for (struct dso *d = __dso_head; d; d = d->next) {
		if (!d->tls.size)
			continue;
		d->tls.id = ++__libc.tls_max;
		__tls_place(&d->tls);
	}
	__libc.tls_limit = __libc.tls_used + SURPLUS;
	if (__libc.tls_align < 64)
		__libc.tls_align = 64;
}

/* The first thread's final block; the initial values have been relocated by now. */
static void init_thread(void)
{
	struct tcb *t;
	long map;

	for (struct dso *d = __dso_head; d; d = d->next)
		if (d->tls.id)
			__tls_add(&d->tls);
	__tls_layout();
	map = plat_mmap(0, __libc.tls_size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (map < 0 && map > -4096)
		__ldso_fail("cannot allocate memory for thread-local data", 0, 0, 0);
	__ldso_first_tls = (unsigned char *)map;
	__ldso_first_tls_size = __libc.tls_size;
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
	for (size_t i = 0; i < program.ndynamic; i++)
		if (program.dynamic[i].d_tag == DT_DEBUG && __ldso_target(&program,
				(uintptr_t)(program.dynamic + i) - program.base, sizeof(Elf64_Dyn)))
			((Elf64_Dyn *)program.dynamic)[i].d_un.d_ptr = (size_t)&_r_debug;
}

/* Data of libraries that the program copies must be complete before: the program comes last. */
static void link_all(void)
{
	__ldso_relocate(&__ldso, 1);
	__ldso_finish(&__ldso);
	tell_debugger();
	for (struct dso *d = __dso_tail; d; d = d->prev)
		__ldso_relocate(d, __ldso_bind_now);
	for (struct dso *d = __dso_tail; d; d = d->prev)
		if (d != &__ldso)
			__ldso_finish(d);
}

/* Returns the program's entry. */
__attribute__((__no_stack_protector__))
hidden size_t __dls_main(long *sp, unsigned long arg, const size_t *dynamic)
{
	struct options o = {0};
	size_t entry;

	__self_relocate((void *)&__ehdr_start, dynamic);
	__ldso_read_stack(sp, &o);
	plat_start(sp, arg, __libc.auxv);
	init_early_thread();
	describe_self(dynamic);
	entry = __auxv(__libc.auxv, AT_ENTRY);
	if (entry == __ldso.base + __ehdr_start.e_entry) {
		__ldso_read_arguments(sp, &o);
		entry = load_program(o.program);
	} else {
		describe_program();
		__ldso_decode(&program);
	}
	program.soname = 0;
	__ldso_append(&__ldso);
	load_preloads(o.preload);
	__ldso_load_deps(&program);
	make_scope();
	if (__ldso_tracing)
		__ldso_list_objects();
	number_tls();
	link_all();
	init_thread();
	__ldso_running = 1;
	__ldso_debug(RT_CONSISTENT);
	return entry;
}
