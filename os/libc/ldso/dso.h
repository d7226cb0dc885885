/* SPDX-License-Identifier: MIT */
/*
 * dso.h: the dynamic linker's view of a loaded object.
 *
 * All objects form one list in the order of loading: the program, libc.so.1 itself, preloads,
 * dependencies, what dlopen added. The list only grows at its end (a failed dlopen cuts off what it
 * added itself), so it may be walked without a lock; it is changed under __ldso_lock.
 */
#ifndef LDSO_DSO_H
#define LDSO_DSO_H

#include <elf.h>
#include <link.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include "../internal/libc.h"

struct dso {
	/* As struct link_map: debuggers read it. */
	uintptr_t base;
	char *name;		/* path; "" for the program */
	const Elf64_Dyn *dynamic;
	struct dso *next, *prev;

	const char *soname;	/* DT_SONAME, or the last component of the name */
	const Elf64_Phdr *phdr;
	size_t phnum;
	unsigned char *map;	/* the whole mapping */
	size_t map_len;
	uint64_t dev, ino;	/* of the file; ino 0: unknown */

	const Elf64_Sym *syms;
	const char *strings;
	const uint32_t *sysv_hash, *gnu_hash;
	const uint16_t *versym;
	const Elf64_Verdef *verdef;
	const Elf64_Verneed *verneed;
	size_t nverdef, nverneed;
	const char *runpath, *rpath;
	struct dso *needed_by;	/* first object that asked for it */
	struct dso **deps;	/* direct dependencies, NULL at the end */
	struct dso *root;	/* object that dlopen was called for; scope of a local one */

	size_t relro, relro_end;
	struct tls_module tls;
	size_t tls_id;		/* 0: has none */
	unsigned char global, relocated, constructed, init_running, deps_loaded;
	int opens;
	struct dso *fini_next;	/* constructed objects, newest first */
};

/* A symbol found and the object that defines it. */
struct def {
	const Elf64_Sym *sym;
	struct dso *dso;
};

extern hidden struct dso __ldso, *__dso_head, *__dso_tail;

/* -- memory.c, error.c -- */
/* Zeroed memory that is never given back. */
hidden void *__ldso_alloc(size_t n);
/*
 * Reports a failure. At start-up the program ends with "NAME: error while loading shared libraries:
 * TEXT" and status 127; in dlopen it does not return to its caller but to dlopen.
 */
hidden _Noreturn void __ldso_fail(const char *a, const char *b, const char *c, const char *d);
/* Appends the strings a to d (NULLs are skipped) to buf of size len. */
hidden void __ldso_join(char *buf, size_t len, const char *a, const char *b, const char *c, const char *d);
/* The text of an error number, without the locale's help. */
hidden const char *__ldso_errno(int err);
extern hidden jmp_buf *__ldso_catch;
/* Keeps text for dlerror of this thread. */
hidden void __ldso_set_error(const char *text);

/* -- load.c -- */
/* Finds or loads name, wanted by `by`; never returns NULL (fails instead) unless quiet. */
hidden struct dso *__ldso_load(const char *name, struct dso *by, int mode_noload);
/* Loads what d and all behind it in the list need. */
hidden void __ldso_load_deps(struct dso *d);
/* Reads d->dynamic. */
hidden void __ldso_decode(struct dso *d);
/* Puts d at the end of the list. */
hidden void __ldso_append(struct dso *d);

/* -- lookup.c -- */
/*
 * Finds a definition of name, in version if not NULL, for a reference in `from`: the global objects
 * in order, then the objects of from's root. skip: an object not to look into (COPY relocations).
 */
hidden struct def __ldso_find(const char *name, const char *version, struct dso *from, struct dso *skip);
/* In one object alone. */
hidden const Elf64_Sym *__ldso_find_in(struct dso *d, const char *name, const char *version);
/* Version that symbol number i of d asks for, or NULL. */
hidden const char *__ldso_version(struct dso *d, size_t i);
/* Address of a definition; indirect functions are called. */
hidden void *__ldso_address(struct def def);

/* -- reloc.c -- */
hidden void __ldso_relocate(struct dso *d);
hidden void __ldso_protect(struct dso *d);

/* -- init.c -- */
/* Runs the constructors of d after those of its dependencies. */
hidden void __ldso_construct(struct dso *d);

#endif
