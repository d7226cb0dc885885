/* SPDX-License-Identifier: MIT */
/* init_tp.c: the first thread's control block, and the TLS of static programs. */
#include <elf.h>
#include <string.h>
#include <sys/mman.h>
#include "../internal/libc.h"
#include "../internal/plat.h"
#include "../internal/thread.h"

volatile int __threaded;
struct lock __thread_list_lock;

/* Enough for the usual program, so that it needs no mapping; 64 for alignment by hand. */
static unsigned char builtin[sizeof(struct tcb) + 768] __attribute__((aligned(64)));
static struct tls_module main_tls;

__attribute__((no_stack_protector))
int __init_tp(struct tcb *t)
{
	int err;

	t->self = t;
	t->prev = t->next = t;
	err = plat_set_tp(t);
	if (err < 0)
		return err;
	t->tid = plat_set_tid_address(&t->tid);
	t->detach = THREAD_JOINABLE;
	t->robust.head = &t->robust.head;
	__libc.started = 1;
	return 0;
}

extern const Elf64_Ehdr __ehdr_start __attribute__((__weak__, __visibility__("hidden")));

__attribute__((no_stack_protector))
void __init_static_tls(unsigned long *auxv)
{
	const Elf64_Phdr *ph = (void *)__auxv(auxv, AT_PHDR), *tls = 0;
	size_t n = __auxv(auxv, AT_PHNUM);
	uintptr_t base = 0;
	unsigned char *mem = builtin;

	if (!ph && &__ehdr_start) {
		ph = (void *)((const char *)&__ehdr_start + __ehdr_start.e_phoff);
		n = __ehdr_start.e_phnum;
	}
	if (&__ehdr_start && __ehdr_start.e_type == ET_DYN)
		base = (uintptr_t)&__ehdr_start;
	for (; n; n--, ph++)
		if (ph->p_type == PT_TLS)
			tls = ph;
	if (tls) {
		main_tls.image = (void *)(base + tls->p_vaddr);
		main_tls.len = tls->p_filesz;
		main_tls.size = tls->p_memsz;
		main_tls.align = tls->p_align;
		main_tls.id = 1;
		__tls_place(&main_tls);
		__tls_add(&main_tls);
	}
	__tls_layout();
	if (__libc.tls_size > sizeof(builtin)) {
		long p = plat_mmap(0, __libc.tls_size, PROT_READ | PROT_WRITE,
			MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
		if (p < 0 && p > -4096)
			__builtin_trap();
		mem = (unsigned char *)p;
	}
	if (__init_tp(__copy_tls(mem)) < 0)
		__builtin_trap();
}
