/* SPDX-License-Identifier: MIT */
/* libc.h: what start-up, dynamic linker and threads know of the running program. */
#ifndef INTERNAL_LIBC_H
#define INTERNAL_LIBC_H

#include <stddef.h>
#include <stdint.h>
#include "hidden.h"

struct tcb;

/*
 * An object with thread-local storage. Its number is an index into each thread's dtv. The blocks of
 * those there from the start, and of few others, lie at the same offset from every thread pointer.
 */
struct tls_module {
	struct tls_module *next;
	const void *image;
	size_t len, size, align;
	size_t offset;		/* the block begins at thread pointer - offset; 0: anywhere */
	size_t id;		/* from 1; 0: not numbered yet */
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
	size_t tls_max;			/* highest number in use */
	size_t tls_used, tls_limit;	/* bytes below the thread pointer: taken, reserved */
	size_t tls_align;
	size_t tls_size;		/* of what __copy_tls lays out */
};

extern hidden struct __libc __libc;

/* Value of an auxiliary vector entry, or 0. */
hidden unsigned long __auxv(unsigned long *auxv, unsigned long type);
/* Fixes self-relative relocations of the object at base; the first thing that runs. */
hidden void __self_relocate(void *base, const size_t *dynamic);
/* Lays dtv, TLS blocks and struct tcb out in zeroed mem (__libc.tls_size bytes), not yet current. */
hidden struct tcb *__copy_tls(unsigned char *mem);
/* Makes t the thread control block of the first thread. */
hidden int __init_tp(struct tcb *t);
/* Gives m an offset of all threads behind those that have one; nobody knows it yet. */
hidden void __tls_place(struct tls_module *m);
/* Makes the numbered module known to threads that start from now on. */
hidden void __tls_add(struct tls_module *m);
/* Recomputes __libc.tls_size. */
hidden void __tls_layout(void);
/* TLS of a static program from its own program headers. */
hidden void __init_static_tls(unsigned long *auxv);
/* Constructors before main, destructors at exit; the dynamic linker has its own. */
hidden void __libc_start_init(void);
void __libc_exit_fini(void);

extern char **__environ;
extern char *__progname, *__progname_full;

#endif
