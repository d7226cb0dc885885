/* SPDX-License-Identifier: MIT */
/* libc.h: what start-up, dynamic linker and threads know of the running program. */
#ifndef INTERNAL_LIBC_H
#define INTERNAL_LIBC_H

#include <stddef.h>
#include <stdint.h>
#include "hidden.h"

struct tcb;

/* A loaded object with thread-local storage. Modules are numbered from 1 in the order of the list. */
struct tls_module {
	struct tls_module *next;
	const void *image;
	size_t len, size, align;
	size_t offset;		/* the block begins at thread pointer - offset */
};

struct __libc {
	unsigned long *auxv;
	int argc;
	char **argv;
	int started;			/* thread pointer and TLS are set up */
	int secure;			/* set-user-id: the environment is not trusted */
	size_t page_size;
	/* TLS: changed under __thread_list_lock. */
	struct tls_module *tls_head;
	size_t tls_size, tls_align, tls_count;	/* size: blocks, dtv and struct tcb with slack */
};

extern hidden struct __libc __libc;

/* Value of an auxiliary vector entry, or 0. */
hidden unsigned long __auxv(unsigned long *auxv, unsigned long type);
/* Fixes self-relative relocations of the object at base; the first thing that runs. */
hidden void __self_relocate(void *base, const size_t *dynamic);
/* Lays TLS blocks, dtv and struct tcb out in mem (__libc.tls_size bytes), not yet current. */
hidden struct tcb *__copy_tls(unsigned char *mem);
/* Makes t the thread control block of the first thread. */
hidden int __init_tp(struct tcb *t);
/* Appends a module and recomputes the sizes; returns its number. */
hidden size_t __tls_add(struct tls_module *m);
/* TLS of a static program from its own program headers. */
hidden void __init_static_tls(unsigned long *auxv);
/* Constructors before main, destructors at exit; the dynamic linker has its own. */
hidden void __libc_start_init(void);
void __libc_exit_fini(void);

extern char **__environ;
extern char *__progname, *__progname_full;

#endif
