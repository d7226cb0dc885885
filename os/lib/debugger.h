/* SPDX-License-Identifier: MIT */
/* debugger.h: what programs that debug others share: attaching, memory, modules, names of addresses. */
#ifndef LIB_DEBUGGER_H
#define LIB_DEBUGGER_H

#include <stddef.h>
#include <stdint.h>
#include "../abi/debug.h"
#include "sys.h"

/* A debug object of the process from procd, DEBUG_* flags; -EPERM, -ESRCH, -EBUSY: it has a debugger. */
int64_t debug_attach(uint32_t pid, uint32_t flags);
int64_t debug_next(handle_t d, struct debug_event *ev, int64_t deadline);
int64_t debug_do(handle_t d, int op, uint32_t tid, uint64_t a, uint64_t b, uint64_t c);

/* Bytes read from the process, up to the first that cannot be; -EFAULT: none. */
int64_t debug_read(handle_t d, uint64_t addr, void *buf, size_t n);
/* 0 or -EFAULT: all of it. */
int debug_read_all(handle_t d, uint64_t addr, void *buf, size_t n);
/* A string, cut to what fits. Its length or -EFAULT. */
int64_t debug_read_text(handle_t d, uint64_t addr, char *buf, size_t size);
/* The auxiliary vector as pairs of words: bytes, or -errno while the program has not told where it is. */
int64_t debug_auxv(handle_t d, uint64_t *auxv, size_t size);

/* A program or library in the process. */
struct module {
	struct module *next;
	char path[256];
	uint64_t base;			/* addresses of the file + base */
	uint64_t start, end;		/* where it lies */
	void *map;			/* the file, or NULL: not found */
	size_t size;
	const void *syms, *names;	/* in map */
	size_t nsyms, names_size;
};

/* What is loaded, the program first; found by the auxiliary vector and the dynamic linker's list. */
struct module *modules_of(handle_t d);
void modules_free(struct module *m);
/* "function+0x12 (file)", "file+0x1234" or the bare address in buf, which is returned. */
const char *address_name(struct module *list, uint64_t addr, char *buf, size_t size);

/* "SIGSEGV", or "signal 99" in a static buffer. */
const char *signal_name(int signo);

#endif
