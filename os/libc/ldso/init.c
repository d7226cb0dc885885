/* SPDX-License-Identifier: MIT */
/* init.c: constructors in the order of dependency, destructors in the opposite one. */
#include "dso.h"

/* Objects whose constructors have begun, newest first. Under __ldso_lock, but at exit. */
static struct dso *constructed;

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
	if (d->init_running)
		return;
	d->init_running = 1;
	for (size_t i = 0; i < d->deps.n; i++)
		__ldso_construct(d->deps.v[i]);
	d->fini_next = constructed;
	constructed = d;
	d->constructed = 1;
	if (d == &__ldso)
		return;
	if (d->dyn[DT_INIT])
		((init_fn *)(d->base + d->dyn[DT_INIT]))(__libc.argc, __libc.argv, __environ);
	run_array(d, d->dyn[DT_INIT_ARRAY], d->dyn[DT_INIT_ARRAYSZ]);
}

/* The program's start calls this: everything that is loaded by now. */
void __libc_start_init(void)
{
	struct dso *p = __dso_head;

	run_array(p, p->dyn[DT_PREINIT_ARRAY], p->dyn[DT_PREINIT_ARRAYSZ]);
	for (struct dso *d = p->next; d; d = d->next)
		if (d->startup)
			__ldso_construct(d);
	__ldso_construct(p);
}

static void destruct(struct dso *d)
{
	size_t n = d->dyn[DT_FINI_ARRAYSZ] / sizeof(void *);

	d->constructed = 0;
	if (d == &__ldso)
		return;
	while (n--)
		((void (**)(void))(d->base + d->dyn[DT_FINI_ARRAY]))[n]();
	if (d->dyn[DT_FINI])
		((void (*)(void))(d->base + d->dyn[DT_FINI]))();
}

void __libc_exit_fini(void)
{
	struct dso *d;

	while ((d = constructed)) {
		constructed = d->fini_next;
		if (d->constructed)
			destruct(d);
	}
}

/* A destructor may call dlopen, which puts a new object in front: the search starts again. */
void __ldso_destruct_closing(void)
{
	struct dso *d;

	do {
		for (d = constructed; d; d = d->fini_next)
			if (d->closing && d->constructed) {
				destruct(d);
				break;
			}
	} while (d);
}

void __ldso_forget(struct dso *d)
{
	for (struct dso **p = &constructed; *p; p = &(*p)->fini_next)
		if (*p == d) {
			*p = d->fini_next;
			return;
		}
}
