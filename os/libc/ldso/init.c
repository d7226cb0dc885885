/* SPDX-License-Identifier: MIT */
/* init.c: constructors in the order of dependency, destructors in the opposite one. */
#include "dso.h"

static struct dso *constructed;		/* newest first */

static size_t dyn(const struct dso *d, size_t tag)
{
	for (const Elf64_Dyn *p = d->dynamic; p->d_tag; p++)
		if ((size_t)p->d_tag == tag)
			return p->d_un.d_val;
	return 0;
}

typedef void init_fn(int, char **, char **);

static void run_array(const struct dso *d, size_t array, size_t bytes)
{
	init_fn **fn = (init_fn **)(d->base + array);

	for (size_t i = 0; i < bytes / sizeof(*fn); i++)
		if (fn[i] && fn[i] != (init_fn *)-1)
			fn[i](__libc.argc, __libc.argv, __environ);
}

void __ldso_construct(struct dso *d)
{
	size_t init;

	if (d->init_running)
		return;
	d->init_running = 1;
	for (struct dso **dep = d->deps; dep && *dep; dep++)
		__ldso_construct(*dep);
	d->fini_next = constructed;
	constructed = d;
	if (d == &__ldso)
		return;
	init = dyn(d, DT_INIT);
	if (init)
		((init_fn *)(d->base + init))(__libc.argc, __libc.argv, __environ);
	run_array(d, dyn(d, DT_INIT_ARRAY), dyn(d, DT_INIT_ARRAYSZ));
}

/* The program's start calls this: everything that is loaded by now. */
void __libc_start_init(void)
{
	run_array(__dso_head, dyn(__dso_head, DT_PREINIT_ARRAY), dyn(__dso_head, DT_PREINIT_ARRAYSZ));
	for (struct dso *d = __dso_head->next; d; d = d->next)
		if (d->global)
			__ldso_construct(d);
	__ldso_construct(__dso_head);
}

void __libc_exit_fini(void)
{
	while (constructed) {
		struct dso *d = constructed;
		size_t array = dyn(d, DT_FINI_ARRAY), n = dyn(d, DT_FINI_ARRAYSZ) / sizeof(void *);
		size_t fini = dyn(d, DT_FINI);
		constructed = d->fini_next;
		if (d == &__ldso)
			continue;
		while (array && n--)
			((void (**)(void))(d->base + array))[n]();
		if (fini)
			((void (*)(void))(d->base + fini))();
	}
}
