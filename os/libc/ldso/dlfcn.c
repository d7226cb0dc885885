/* SPDX-License-Identifier: MIT */
/* dlfcn.c: dlopen and its family at run time. Objects are never unloaded. */
#include <dlfcn.h>
#include <errno.h>
#include <link.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include "../internal/plat.h"
#include "../internal/pthread_impl.h"
#include "../internal/thread.h"
#include "dso.h"

/* Recursive: constructors may call dlopen. */
static pthread_mutex_t ldso_lock = PTHREAD_RECURSIVE_MUTEX_INITIALIZER_NP;
static char fallback[128];

void __ldso_set_error(const char *text)
{
	struct tcb *t = __self();
	char *copy = strdup(text);

	if (t->dlerror_buf != fallback)
		free(t->dlerror_buf);
	if (!copy) {
		strlcpy(fallback, text, sizeof(fallback));
		copy = fallback;
	}
	t->dlerror_buf = copy;
	t->dlerror_set = 1;
}

char *dlerror(void)
{
	struct tcb *t = __self();

	if (!t->dlerror_set)
		return 0;
	t->dlerror_set = 0;
	return t->dlerror_buf;
}

/* Gives the new modules' blocks to every thread: a bigger dtv each, the old one stays for readers. */
static void grow_thread(struct tcb *t, struct dso *first)
{
	uintptr_t *dtv = __ldso_alloc((__libc.tls_count + 1) * sizeof(*dtv));

	memcpy(dtv, t->dtv, (t->dtv[0] + 1) * sizeof(*dtv));
	for (struct dso *d = first; d; d = d->next) {
		size_t align = d->tls.align, size = d->tls.size;
		if (!d->tls_id || d->tls_id <= t->dtv[0])
			continue;
		uintptr_t p = (uintptr_t)__ldso_alloc(size + align);
		p += ((uintptr_t)d->tls.image - p) & (align - 1);
		memcpy((void *)p, d->tls.image, d->tls.len);
		dtv[d->tls_id] = p;
	}
	dtv[0] = __libc.tls_count;
	__atomic_store_n(&t->dtv, dtv, __ATOMIC_RELEASE);
}

static void add_tls(struct dso *first)
{
	for (struct dso *d = first; d; d = d->next)
		if (d->tls.size && !d->tls_id)
			d->tls_id = __tls_add(&d->tls);
}

static void grow_threads(struct dso *first)
{
	struct tcb *self = __self(), *t = self;

	do
		grow_thread(t, first);
	while ((t = t->next) != self);
}

/* What the list of TLS modules was before a dlopen. */
struct tls_state {
	struct tls_module **tail;
	size_t size, align, count;
};

static void save_tls(struct tls_state *s)
{
	s->tail = &__libc.tls_head;
	while (*s->tail)
		s->tail = &(*s->tail)->next;
	s->size = __libc.tls_size;
	s->align = __libc.tls_align;
	s->count = __libc.tls_count;
}

static void restore_tls(const struct tls_state *s)
{
	uint64_t mask;

	__block_all(&mask);
	__thread_list_acquire();
	*s->tail = 0;
	__libc.tls_size = s->size;
	__libc.tls_align = s->align;
	__libc.tls_count = s->count;
	__thread_list_release();
	__restore_mask(&mask);
}

/* Undoes a dlopen that failed: cuts off what it added. */
static void cut(struct dso *last, const struct tls_state *tls)
{
	struct dso *d = last->next;

	restore_tls(tls);
	last->next = 0;
	__dso_tail = last;
	for (; d; d = d->next)
		plat_munmap(d->map, d->map_len);
}

static void make_global(struct dso *d)
{
	if (d->global)
		return;
	d->global = 1;
	for (struct dso **dep = d->deps; dep && *dep; dep++)
		make_global(*dep);
}

static void load_all(struct dso *root, struct dso *last)
{
	for (struct dso *d = last->next; d; d = d->next)
		d->root = root;
	__ldso_load_deps(root);
	for (struct dso *d = last->next; d; d = d->next)
		d->root = root;
}

/* With the thread list held from the counting to the copies, so that a new thread has all modules. */
static void link_new(struct dso *last)
{
	struct dso *first = last->next;
	uint64_t mask;

	__block_all(&mask);
	__thread_list_acquire();
	add_tls(first);
	__thread_list_release();
	__restore_mask(&mask);
	for (struct dso *d = __dso_tail; d && d != last; d = d->prev)
		__ldso_relocate(d);
	__block_all(&mask);
	__thread_list_acquire();
	grow_threads(first);
	__thread_list_release();
	__restore_mask(&mask);
}

static struct dso *open_object(const char *path, int mode, struct dso *last)
{
	struct dso *d = __ldso_load(path, __dso_head, mode & RTLD_NOLOAD);

	if (!d) {
		__ldso_set_error("library is not loaded");
		return 0;
	}
	if (last->next) {
		load_all(d, last);
		link_new(last);
	}
	if (mode & RTLD_GLOBAL)
		make_global(d);
	d->opens++;
	return d;
}

void *dlopen(const char *path, int mode)
{
	struct dso *last, *volatile d = 0;
	jmp_buf env, *outer;
	struct tls_state tls;

	if (!path)
		return __dso_head;
	pthread_mutex_lock(&ldso_lock);
	outer = __ldso_catch;
	last = __dso_tail;
	save_tls(&tls);
	__ldso_catch = &env;
	if (setjmp(env))
		cut(last, &tls);
	else
		d = open_object(path, mode, last);
	__ldso_catch = outer;
	if (d)
		__ldso_construct(d);
	pthread_mutex_unlock(&ldso_lock);
	return d;
}

static int is_handle(const void *handle)
{
	for (struct dso *d = __dso_head; d; d = d->next)
		if (d == handle)
			return 1;
	__ldso_set_error("invalid library handle");
	return 0;
}

int dlclose(void *handle)
{
	return is_handle(handle) ? 0 : -1;
}

/* -- symbols -- */

static struct dso *object_of(const void *addr)
{
	uintptr_t a = (uintptr_t)addr;

	for (struct dso *d = __dso_head; d; d = d->next)
		for (const Elf64_Phdr *p = d->phdr; p < d->phdr + d->phnum; p++)
			if (p->p_type == PT_LOAD && a - (d->base + p->p_vaddr) < p->p_memsz)
				return d;
	return 0;
}

/* In d and its dependencies, breadth first, each once. */
static struct def find_below(struct dso *root, const char *name, const char *version)
{
	struct dso *queue[256];
	size_t n = 0;

	queue[n++] = root;
	for (size_t i = 0; i < n; i++) {
		const Elf64_Sym *s = __ldso_find_in(queue[i], name, version);
		if (s)
			return (struct def){ s, queue[i] };
		for (struct dso **dep = queue[i]->deps; dep && *dep && n < 256; dep++) {
			size_t k = 0;
			while (k < n && queue[k] != *dep)
				k++;
			if (k == n)
				queue[n++] = *dep;
		}
	}
	return (struct def){ 0, 0 };
}

static struct def find_next(const void *caller, const char *name, const char *version)
{
	struct dso *d = object_of(caller);
	const Elf64_Sym *s;

	for (d = d ? d->next : __dso_head; d; d = d->next)
		if ((s = __ldso_find_in(d, name, version)))
			return (struct def){ s, d };
	return (struct def){ 0, 0 };
}

static void *symbol(void *handle, const char *name, const char *version, const void *caller)
{
	struct def def;
	char text[512] = "";

	if (handle == RTLD_DEFAULT || handle == __dso_head)
		def = __ldso_find(name, version, object_of(caller), 0);
	else if (handle == RTLD_NEXT)
		def = find_next(caller, name, version);
	else if (is_handle(handle))
		def = find_below(handle, name, version);
	else
		return 0;
	if (!def.sym) {
		__ldso_join(text, sizeof(text), "undefined symbol: ", name, version ? ", version " : 0, version);
		__ldso_set_error(text);
		return 0;
	}
	if (ELF64_ST_TYPE(def.sym->st_info) == STT_TLS)
		return (void *)(__self()->dtv[def.dso->tls_id] + def.sym->st_value);
	return __ldso_address(def);
}

__attribute__((__noinline__))
void *dlsym(void *restrict handle, const char *restrict name)
{
	void *volatile p = symbol(handle, name, 0, __builtin_return_address(0));

	return p;
}

__attribute__((__noinline__))
void *dlvsym(void *restrict handle, const char *restrict name, const char *restrict version)
{
	void *volatile p = symbol(handle, name, version, __builtin_return_address(0));

	return p;
}

static size_t symbol_count(const struct dso *d)
{
	const uint32_t *t = d->gnu_hash, *buckets, *chain;
	uint32_t last = 0;

	if (d->sysv_hash)
		return d->sysv_hash[1];
	if (!t)
		return 0;
	buckets = t + 4 + 2 * t[2];
	chain = buckets + t[0];
	for (uint32_t i = 0; i < t[0]; i++)
		if (buckets[i] > last)
			last = buckets[i];
	if (last < t[1])
		return t[1];
	while (!(chain[last - t[1]] & 1))
		last++;
	return last + 1;
}

int dladdr(const void *addr, Dl_info *info)
{
	struct dso *d = object_of(addr);
	const Elf64_Sym *best = 0;
	uintptr_t off;

	if (!d)
		return 0;
	off = (uintptr_t)addr - d->base;
	for (size_t i = 0, n = symbol_count(d); i < n; i++) {
		const Elf64_Sym *s = d->syms + i;
		int type = ELF64_ST_TYPE(s->st_info);
		if (!s->st_value || s->st_shndx == SHN_UNDEF || s->st_value > off || type == STT_TLS)
			continue;
		if (s->st_size && off >= s->st_value + s->st_size)
			continue;
		if (!best || s->st_value > best->st_value)
			best = s;
	}
	info->dli_fname = d->name[0] ? d->name : __libc.argv[0];
	info->dli_fbase = d->map ? (void *)d->map : (void *)d->base;
	info->dli_sname = best ? d->strings + best->st_name : 0;
	info->dli_saddr = best ? (void *)(d->base + best->st_value) : 0;
	return 1;
}

int dlinfo(void *handle, int request, void *arg)
{
	if (!is_handle(handle))
		return -1;
	if (request != RTLD_DI_LINKMAP) {
		__ldso_set_error("unsupported request");
		return -1;
	}
	*(struct link_map **)arg = handle;
	return 0;
}

int dl_iterate_phdr(int (*fn)(struct dl_phdr_info *, size_t, void *), void *arg)
{
	unsigned long long count = 0;
	int r = 0;

	for (struct dso *d = __dso_head; d; d = d->next)
		count++;
	for (struct dso *d = __dso_head; d && !r; d = __atomic_load_n(&d->next, __ATOMIC_ACQUIRE)) {
		struct dl_phdr_info info = { .dlpi_addr = d->base, .dlpi_name = d->name, .dlpi_phdr = d->phdr,
			.dlpi_phnum = d->phnum, .dlpi_adds = count, .dlpi_tls_modid = d->tls_id };
		if (d->tls_id && d->tls_id <= __self()->dtv[0])
			info.dlpi_tls_data = (void *)__self()->dtv[d->tls_id];
		r = fn(&info, sizeof(info), arg);
	}
	return r;
}
