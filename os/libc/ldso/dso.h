/* SPDX-License-Identifier: MIT */
/*
 * dso.h: the dynamic linker's view of a loaded object.
 *
 * All objects form one list in the order of loading: the program, libc.so.1 itself, preloads,
 * dependencies, what dlopen added. It is changed under __ldso_lock. Others walk it without a lock
 * between __ldso_read_begin and __ldso_read_end: an object is unmapped only when it is off the list
 * and no thread that may still look at it is between the two.
 *
 * Objects are not trusted to be well formed: every address and index from a file is checked to lie
 * in the object before it is used (decode.c, reloc.c), so a broken file gives a message.
 */
#ifndef LDSO_DSO_H
#define LDSO_DSO_H

#include <elf.h>
#include <link.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include "../internal/libc.h"
#include "../internal/thread.h"

/* A version that an object defines or asks for; name NULL: the base or none. */
struct version {
	const char *name;
	uint32_t hash;
	int defined;
};

/* What a dynamic TLS descriptor points to (arch, tlsdesc.S). */
struct tls_desc {
	size_t module, offset;
	struct tls_desc *next;
};

struct stat;
struct dso;
struct dso_list {
	struct dso **v;
	size_t n, room;
};

struct dso {
	/* As struct link_map: debuggers read it. */
	uintptr_t base;
	char *name;		/* path; "" for the program */
	const Elf64_Dyn *dynamic;
	struct dso *next, *prev;

	const char *soname;	/* DT_SONAME, or the last component of the name */
	const Elf64_Phdr *phdr;
	size_t phnum;
	size_t ndynamic;	/* entries before DT_NULL */
	unsigned char *map;	/* the whole mapping; NULL when the system made it */
	size_t map_len;
	uint64_t dev, ino;	/* of the file; ino 0: unknown */

	size_t dyn[DT_NUM];	/* values of the dynamic section by tag; 0: absent */
	size_t flags_1;
	const Elf64_Sym *syms;
	size_t nsyms;		/* an upper bound: so many would fit */
	const char *strings;
	size_t strings_len;	/* the last byte is 0 */
	const uint32_t *sysv_hash, *gnu_hash;
	const uint32_t *gnu_chain;	/* of symbol 0, so to say: index by symbol number */
	size_t gnu_end;		/* symbol numbers in the chains are below it */
	const uint16_t *versym;
	size_t nversym;
	struct version *versions;	/* by index of versym */
	size_t nversions;
	const char *runpath, *rpath;

	struct dso *needed_by;	/* first object that asked for it; NULL once that is gone */
	struct dso_list deps;	/* direct dependencies in order */
	struct dso_list bound;	/* others that its relocations point into */
	struct dso_list below;	/* itself and all dependencies, breadth first, when it was opened */
	struct dso *root;	/* object that dlopen was called for: root->below is the local scope */

	size_t relro, relro_end;
	uintptr_t w_start, w_end;	/* writable segment that the last relocation lay in */
	struct tls_module tls;	/* tls.id 0: has none */
	struct tls_desc *descs;	/* arguments of its TLS descriptors */
	int opens;
	volatile int holds;	/* destructors of thread_local objects that are still to run */
	unsigned char startup;	/* there from the start: never unloaded */
	unsigned char global, relocated, lazy, deepbind, symbolic, nodelete;
	unsigned char init_running, constructed, deps_loaded, has_ifunc, versions_ok;
	unsigned char marked, closing;
	struct dso *fini_next;	/* constructed objects, newest first */
};

/* A symbol found and the object that defines it. */
struct def {
	const Elf64_Sym *sym;
	struct dso *dso;
};

extern hidden struct dso __ldso, *__dso_head, *__dso_tail;
/* The global scope: the program, what came with it, what was opened with RTLD_GLOBAL. */
extern hidden struct dso_list __ldso_global;
/* Objects ever added and taken away. */
extern hidden unsigned long long __ldso_adds, __ldso_subs;
extern hidden int __ldso_running;	/* the program has been handed over to: malloc and locks work */
extern hidden int __ldso_bind_now;	/* LD_BIND_NOW */
extern hidden const char *__ldso_library_path;	/* NULL when not trusted */

/* -- memory.c -- */
/* Zeroed memory. At start-up it comes from an arena and is never given back, later from malloc. */
hidden void *__ldso_alloc(size_t n);
hidden void __ldso_free(void *p);
/* Adds to the list unless it is there. */
hidden void __ldso_list_add(struct dso_list *l, struct dso *d);
hidden int __ldso_list_has(const struct dso_list *l, const struct dso *d);
hidden void __ldso_list_remove(struct dso_list *l, const struct dso *d);

/* -- message.c -- */
/*
 * Reports a failure. At start-up the program ends with "NAME: error while loading shared libraries:
 * TEXT" and status 127; in dlopen it does not return to its caller but to dlopen.
 */
hidden _Noreturn void __ldso_fail(const char *a, const char *b, const char *c, const char *d);
/* The same with "symbol lookup error" for what comes to light when the program runs. */
hidden _Noreturn void __ldso_fail_lookup(const char *a, const char *b);
/* Appends the strings a to d (NULLs are skipped) to buf of size len. */
hidden void __ldso_join(char *buf, size_t len, const char *a, const char *b, const char *c, const char *d);
/* Writes to a descriptor. */
hidden void __ldso_print(int fd, const char *a, const char *b, const char *c, const char *d);
/* The text of an error number, without the locale's help. */
hidden const char *__ldso_errno(int err);
/* What to call an object in a message. */
hidden const char *__ldso_name(const struct dso *d);
extern hidden jmp_buf *__ldso_catch;
/* Keeps text for dlerror of this thread. */
hidden void __ldso_set_error(const char *text);

/* -- map.c -- */
/* Maps the file; takes fd over. Fails, or returns an object that is in no list yet. */
hidden struct dso *__ldso_map(int fd, const struct stat *st, const char *path);
/* Unmaps and frees an object that is in no list any more. */
hidden void __ldso_unmap(struct dso *d);
/* What the program headers say of an object in memory. */
hidden void __ldso_read_phdrs(struct dso *d);
/* Do n bytes at this address of the file's lie in one loaded segment with these PF_* flags? */
hidden int __ldso_inside(const struct dso *d, size_t vaddr, size_t n, unsigned flags);

/* -- decode.c -- */
/* Reads and checks d->dynamic. */
hidden void __ldso_decode(struct dso *d);
/* Fails when a version that d asks for is not there. Its dependencies are loaded. */
hidden void __ldso_check_versions(struct dso *d);
/* String at offset off, "" when there is none. */
static inline const char *__ldso_string(const struct dso *d, size_t off)
{
	return off < d->strings_len ? d->strings + off : "";
}

/* -- search.c -- */
/* Opens the library name wanted by `by`; path (PATH_MAX) gets where it was found. fd or -errno. */
hidden int __ldso_open(const char *name, struct dso *by, char *path);
/* Directory of the object without a slash at the end, or NULL when it is not known. */
hidden const char *__ldso_origin(const struct dso *d, char *buf, size_t len);
/* Calls fn for each directory that is searched for `by`, in order. */
hidden void __ldso_each_dir(struct dso *by, void (*fn)(const char *dir, void *arg), void *arg);

/* -- load.c -- */
/* Finds or loads name, wanted by `by`. NULL only with noload, else fails. */
hidden struct dso *__ldso_load(const char *name, struct dso *by, int noload);
/* Loads what d and all behind it in the list need. */
hidden void __ldso_load_deps(struct dso *d);
hidden void __ldso_append(struct dso *d);
/* An object known under this name of a DT_NEEDED. */
hidden struct dso *__ldso_loaded(const char *name);
/* ldd: says what is missing instead of failing. */
extern hidden int __ldso_tracing;

/* -- lookup.c -- */
/*
 * Finds a definition of name for a reference in `from`: the global scope, then the scope from was
 * opened with (the other way round for DF_SYMBOLIC and RTLD_DEEPBIND). skip: not to look into (COPY).
 */
hidden struct def __ldso_find(const char *name, const struct version *v, struct dso *from, struct dso *skip);
/* In one object alone; newest: of several versions the default one. */
hidden const Elf64_Sym *__ldso_find_in(struct dso *d, const char *name, const struct version *v);
/* In each object of the list behind `after`, or in all when it is NULL. */
hidden struct def __ldso_find_list(const struct dso_list *l, const struct dso *after, const char *name,
	const struct version *v);
/* Version that symbol number i of d asks for, or NULL. */
hidden const struct version *__ldso_version(const struct dso *d, size_t i);
hidden uint32_t __ldso_elf_hash(const char *name);
/* Address of a definition; indirect functions are called. */
hidden void *__ldso_address(struct def def);
/* The object that holds this address. */
hidden struct dso *__ldso_object_of(const void *addr);

/* -- reloc.c, lazy.c -- */
/* Everything but what needs indirect functions and copies; now: no lazy binding. */
hidden void __ldso_relocate(struct dso *d, int now);
/* The rest, when all objects have been through the first part; then makes RELRO read-only. */
hidden void __ldso_finish(struct dso *d);
/* The definition that symbol number i of d means; sym NULL: there is none. */
hidden struct def __ldso_resolve(struct dso *d, size_t i, int copy);
/* Where a relocation of d writes n bytes; NULL when that is not its writable memory. */
hidden void *__ldso_target(struct dso *d, size_t offset, size_t n);
/* Points the first entries of d's PLT at __ldso_trampoline (arch, dlbind.S). */
hidden void __ldso_lazy(struct dso *d);

/* -- modules.c -- */
/* Numbers d's TLS block, unless it has none; need_static: it must have an offset of all threads. */
hidden void __ldso_tls_number(struct dso *d);
hidden int __ldso_tls_static(struct dso *d);
/* Makes the numbered modules from d on known and gives every thread its blocks; -ENOMEM. */
hidden int __ldso_tls_publish(struct dso *first);
hidden void __ldso_tls_remove(struct dso *d);
hidden void __ldso_tls_unnumber(struct dso *d);

/* -- init.c -- */
/* Runs the constructors of d after those of its dependencies. */
hidden void __ldso_construct(struct dso *d);
/* Runs the destructors of the closing objects. */
hidden void __ldso_destruct_closing(void);
/* Takes d out of the list of constructed objects. */
hidden void __ldso_forget(struct dso *d);

/* -- unload.c -- */
/* Unloads what nothing needs any more. __ldso_lock is held. */
hidden void __ldso_collect(void);
/* Takes away the objects behind last, which a dlopen that failed has added. */
hidden void __ldso_cut(struct dso *last);
/* Computes d->below. */
hidden void __ldso_closure(struct dso *d);

/* -- list.c -- */
hidden void __ldso_lock(void);
hidden void __ldso_unlock(void);
/* Tells a debugger: _r_debug.r_state. */
hidden void __ldso_debug(int state);

static inline void __ldso_read_begin(void)
{
	__self()->ldso_reading++;
	if (__threaded)
		__atomic_thread_fence(__ATOMIC_SEQ_CST);
}

static inline void __ldso_read_end(void)
{
	__atomic_signal_fence(__ATOMIC_SEQ_CST);
	__self()->ldso_reading--;
}
/* Waits until no other thread is reading what was unlinked before. */
hidden void __ldso_synchronize(void);

#endif
