/* SPDX-License-Identifier: MIT */
/* dlopen.c: opening and closing objects at run time, and the errors of each thread. */
#include <dlfcn.h>
#include <stdlib.h>
#include <string.h>
#include "../internal/thread.h"
#include "dso.h"

static char fallback[128];	/* a message when there is no memory for it */

void __ldso_set_error(const char *text)
{
	struct tcb *t = __self();
	char *copy = __ldso_running ? strdup(text) : 0;

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

/* The end of a thread. */
hidden void __ldso_free_error(struct tcb *t)
{
	if (t->dlerror_buf != fallback)
		free(t->dlerror_buf);
	t->dlerror_buf = 0;
}

static void make_global(struct dso *root)
{
	for (size_t i = 0; i < root->below.n; i++) {
		struct dso *d = root->below.v[i];
		if (!d->global)
			__ldso_list_add(&__ldso_global, d);
		d->global = 1;
	}
}

/* Modules are numbered before the relocations that name them, and known to threads after those. */
static void link_new(struct dso *first, struct dso *root, int mode)
{
	int now = mode & RTLD_NOW || __ldso_bind_now;

	for (struct dso *d = first; d; d = d->next) {
		d->root = root;
		d->deepbind = (mode & RTLD_DEEPBIND) != 0;
		__ldso_tls_number(d);
	}
	for (struct dso *d = __dso_tail; d != first->prev; d = d->prev)
		__ldso_relocate(d, now);
	for (struct dso *d = __dso_tail; d != first->prev; d = d->prev)
		__ldso_finish(d);
	if (__ldso_tls_publish(first))
		__ldso_fail(root->name, ": cannot allocate memory for thread-local data", 0, 0);
}

static struct dso *open_object(const char *path, int mode, struct dso *by, struct dso *last)
{
	struct dso *d = __ldso_load(path, by, mode & RTLD_NOLOAD);

	if (!d)
		return 0;
	if (last->next) {
		__ldso_debug(RT_ADD);
		__ldso_load_deps(d);
	}
	if (!d->below.n)
		__ldso_closure(d);
	if (mode & RTLD_GLOBAL || d->flags_1 & DF_1_GLOBAL)
		make_global(d);
	if (last->next)
		link_new(last->next, d, mode);
	if (mode & RTLD_NODELETE)
		d->nodelete = 1;
	d->opens++;
	return d;
}

static void *open_for(const char *path, int mode, struct dso *by)
{
	struct dso *last, *volatile d = 0;
	jmp_buf env, *outer;
	int added;

	if (!(mode & (RTLD_LAZY | RTLD_NOW)) && !(mode & RTLD_NOLOAD)) {
		__ldso_set_error("invalid mode for dlopen()");
		return 0;
	}
	__ldso_lock();
	outer = __ldso_catch;
	last = __dso_tail;
	__ldso_catch = &env;
	if (setjmp(env))
		__ldso_cut(last);
	else
		d = open_object(path, mode, by, last);
	__ldso_catch = outer;
	added = d && last->next;
	if (added)
		__ldso_debug(RT_CONSISTENT);
	if (d)
		__ldso_construct(d);
	__ldso_unlock();
	return d;
}

/* "" means the program, as a null pointer does. */
__attribute__((__noinline__))
void *dlopen(const char *path, int mode)
{
	struct dso *by = __ldso_object_of(__builtin_return_address(0));
	void *volatile p = path && *path ? open_for(path, mode, by ? by : __dso_head) : __dso_head;

	return p;
}

/* One namespace. */
void *dlmopen(Lmid_t space, const char *path, int mode)
{
	if (space == LM_ID_BASE)
		return path ? open_for(path, mode, __dso_head) : __dso_head;
	__ldso_set_error("only the base namespace is supported by dlmopen()");
	return 0;
}

static int is_open(const void *handle)
{
	for (struct dso *d = __dso_head; d; d = d->next)
		if (d == handle)
			return d->startup || d->opens;
	return 0;
}

int dlclose(void *handle)
{
	struct dso *d = handle;
	int ok;

	__ldso_lock();
	ok = is_open(handle);
	if (!ok)
		__ldso_set_error("shared object not open");
	else if (d->opens && --d->opens == 0)
		__ldso_collect();
	__ldso_unlock();
	return ok ? 0 : -1;
}
