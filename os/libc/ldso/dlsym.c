/* SPDX-License-Identifier: MIT */
/* dlsym.c: addresses by name. */
#include <dlfcn.h>
#include "../internal/thread.h"
#include "dso.h"

static int is_handle(const void *handle)
{
	for (struct dso *d = __dso_head; d; d = __atomic_load_n(&d->next, __ATOMIC_ACQUIRE))
		if (d == handle)
			return 1;
	return 0;
}

static struct def find_next(struct dso *from, const char *name, const struct version *v)
{
	const struct dso_list *scope = from && !from->global && from->root ? &from->root->below : &__ldso_global;

	return __ldso_find_list(scope, from, name, v);
}

/* The default version where none is asked for, unlike a reference of an object. */
static struct def find_default(struct dso *from, const char *name, const struct version *v)
{
	struct def def = __ldso_find_list(&__ldso_global, 0, name, v);

	if (!def.sym && from && from->root)
		def = __ldso_find_list(&from->root->below, 0, name, v);
	return def;
}

static void *find_symbol(void *handle, const char *name, const struct version *v, const void *caller)
{
	struct dso *from = __ldso_object_of(caller);
	struct def def = {0};
	char text[512] = "";

	if (handle == RTLD_DEFAULT || handle == __dso_head)
		def = find_default(handle ? 0 : from, name, v);
	else if (handle == RTLD_NEXT)
		def = find_next(from, name, v);
	else if (is_handle(handle))
		def = __ldso_find_list(&((struct dso *)handle)->below, 0, name, v);
	else
		return __ldso_set_error("invalid library handle"), (void *)0;
	if (!def.sym) {
		__ldso_join(text, sizeof(text), handle != RTLD_DEFAULT && handle != RTLD_NEXT ? __ldso_name(handle)
			: from ? __ldso_name(from) : "", ": undefined symbol: ", name, v ? ", version " : 0);
		__ldso_join(text, sizeof(text), v ? v->name : 0, 0, 0, 0);
		return __ldso_set_error(text), (void *)0;
	}
	if (ELF64_ST_TYPE(def.sym->st_info) == STT_TLS)
		return (void *)(__self()->dtv[def.dso->tls.id] + def.sym->st_value);
	return __ldso_address(def);
}

static void *symbol(void *handle, const char *name, const struct version *v, const void *caller)
{
	void *p;

	__ldso_read_begin();
	p = find_symbol(handle, name, v, caller);
	__ldso_read_end();
	return p;
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
	struct version v = { version, __ldso_elf_hash(version), 0 };
	void *volatile p = symbol(handle, name, &v, __builtin_return_address(0));

	return p;
}
