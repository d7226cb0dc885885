/* SPDX-License-Identifier: MIT */
/*
 * unload.c: objects that nothing needs any more. What was there from the start stays, what is open,
 * what must not go (RTLD_NODELETE, unique symbols, lazily bound to), what has destructors of
 * thread_local objects to run, and all that these depend on, by DT_NEEDED or by a relocation.
 */
#include <link.h>
#include "../internal/plat.h"
#include "dso.h"

hidden void __atfork_forget(uintptr_t start, uintptr_t end);

void __ldso_closure(struct dso *d)
{
	d->below.n = 0;
	__ldso_list_add(&d->below, d);
	for (size_t i = 0; i < d->below.n; i++) {
		struct dso_list *deps = &d->below.v[i]->deps;
		for (size_t k = 0; k < deps->n; k++)
			__ldso_list_add(&d->below, deps->v[k]);
	}
}

static int mark_list(const struct dso_list *l)
{
	int news = 0;

	for (size_t i = 0; i < l->n; i++) {
		news |= !l->v[i]->marked;
		l->v[i]->marked = 1;
	}
	return news;
}

/* Marks what stays; true when something does not. */
static int mark(void)
{
	int news, left = 0;

	for (struct dso *d = __dso_head; d; d = d->next)
		d->marked = d->startup || d->opens || d->nodelete || d->holds;
	do {
		news = 0;
		for (struct dso *d = __dso_head; d; d = d->next)
			if (d->marked)
				news |= mark_list(&d->deps) | mark_list(&d->bound);
	} while (news);
	for (struct dso *d = __dso_head; d; d = d->next)
		left |= d->closing = !d->marked;
	return left;
}

/* Takes the closing objects off the list; they keep their links among themselves for readers. */
static struct dso *unlink_closing(void)
{
	struct dso *gone = 0, **tail = &gone;

	for (struct dso *d = __dso_head; d; d = d->next) {
		if (!d->closing)
			continue;
		__ldso_tls_remove(d);
		__ldso_forget(d);
		__ldso_list_remove(&__ldso_global, d);
		__atomic_store_n(&d->prev->next, d->next, __ATOMIC_RELEASE);
		*(d->next ? &d->next->prev : &__dso_tail) = d->prev;
		__ldso_subs++;
		*tail = d;
		tail = &d->fini_next;
		*tail = 0;
	}
	return gone;
}

/* Those that stay lose their references to those that go. */
static void drop_references(void)
{
	for (struct dso *d = __dso_head; d; d = d->next) {
		if (d->needed_by && d->needed_by->closing)
			d->needed_by = 0;
		if (!d->root || !d->root->closing)
			continue;
		__ldso_closure(d);
		d->root = d;
	}
}

static void remove_closing(void)
{
	struct dso *gone, *d;

	__ldso_debug(RT_DELETE);
	gone = unlink_closing();
	drop_references();
	__ldso_synchronize();
	while ((d = gone)) {
		gone = d->fini_next;
		if (d->map)
			__atfork_forget((uintptr_t)d->map, (uintptr_t)d->map + d->map_len);
		__ldso_unmap(d);
	}
	__ldso_debug(RT_CONSISTENT);
}

/* A destructor may close more; a caller that walks the list (dl_iterate_phdr) keeps it as it is. */
void __ldso_collect(void)
{
	static int busy, again;

	if (__self()->ldso_reading)
		return;
	again = 1;
	if (busy)
		return;
	busy = 1;
	while (again) {
		again = 0;
		if (!mark())
			break;
		__ldso_destruct_closing();
		remove_closing();
	}
	busy = 0;
}

void __ldso_cut(struct dso *last)
{
	if (!last->next)
		return;
	for (struct dso *d = last->next; d; d = d->next)
		d->closing = 1;
	remove_closing();
}
