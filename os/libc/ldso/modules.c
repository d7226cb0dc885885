/* SPDX-License-Identifier: MIT */
/*
 * modules.c: thread-local storage of objects that come and go. Every thread is given a block of
 * each module when it is loaded, so that __tls_get_addr never fails and never allocates. A block
 * lies in the thread's own mapping when the thread is younger than the module, else it is of malloc.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "../internal/plat.h"
#include "../internal/pthread_impl.h"
#include "dso.h"

hidden unsigned char *__ldso_first_tls;		/* the first thread's block, of __copy_tls */
hidden size_t __ldso_first_tls_size;

static size_t skew(const struct tls_module *m)
{
	return (uintptr_t)m->image & (m->align - 1);
}

static int taken(const struct dso *d, size_t id)
{
	for (struct dso *other = __dso_head; other; other = other->next)
		if (other != d && other->tls.id == id)
			return 1;
	return 0;
}

void __ldso_tls_number(struct dso *d)
{
	if (!d->tls.size || d->tls.id)
		return;
	d->tls.id = 1;
	while (taken(d, d->tls.id))
		d->tls.id++;
}

/* Is the module known to the threads? Then it can get no other place. */
static int published(const struct dso *d)
{
	for (struct tls_module *m = __libc.tls_head; m; m = m->next)
		if (m == &d->tls)
			return 1;
	return 0;
}

/* From the surplus that each thread has below its static blocks. */
int __ldso_tls_static(struct dso *d)
{
	size_t used = __libc.tls_used, align = __libc.tls_align;

	if (d->tls.offset || !d->tls.id)
		return d->tls.offset != 0;
	if (published(d) || d->tls.align > align || d->tls.size > __libc.tls_limit)
		return 0;
	__tls_place(&d->tls);
	if (__libc.tls_used <= __libc.tls_limit)
		return 1;
	__libc.tls_used = used;
	d->tls.offset = 0;
	return 0;
}

/* -- a thread's table; the thread list is held -- */

static int in_map(const struct tcb *t, uintptr_t p)
{
	uintptr_t map = (uintptr_t)(t->map ? t->map : __ldso_first_tls);

	return p - map < (t->map ? t->map_len : __ldso_first_tls_size);
}

static int grow_table(struct tcb *t, size_t max)
{
	uintptr_t *old = t->dtv, *new;
	size_t room = 2 * max + 8;

	if (old[DTV_ROOM] > max)
		return 0;
	new = calloc(room + 2, sizeof(*new));
	if (!new)
		return -ENOMEM;
	new += 2;
	memcpy(new, old, (old[0] + 1) * sizeof(*new));
	new[DTV_ROOM] = room;
	new[DTV_OLDER] = in_map(t, (uintptr_t)old) ? 0 : (uintptr_t)old;
	__atomic_store_n(&t->dtv, new, __ATOMIC_RELEASE);
	return 0;
}

/*
 * A block of its own is of calloc, which does not touch fresh memory: a segment of gigabytes of zeros
 * costs nothing until it is used. What calloc gave is remembered in the word below the block.
 */
static unsigned char *own_block(const struct tls_module *m)
{
	size_t align = m->align < 16 ? 16 : m->align;
	void *raw = calloc(1, m->size + skew(m) + align + 16);
	void **p;

	if (!raw)
		return 0;
	p = (void **)(((uintptr_t)raw + 15 + align) & -align);
	p[-1] = raw;
	return (unsigned char *)p + skew(m);
}

static int give_block(struct tcb *t, struct tls_module *m)
{
	unsigned char *p = (unsigned char *)t - m->offset;

	if (m->offset)
		memset(p + m->len, 0, m->size - m->len);
	else
		p = own_block(m);
	if (!p)
		return -ENOMEM;
	memcpy(p, m->image, m->len);
	t->dtv[m->id] = (uintptr_t)p;
	if (t->dtv[0] < m->id)
		t->dtv[0] = m->id;
	return 0;
}

static void take_block(struct tcb *t, struct tls_module *m)
{
	uintptr_t p = m->id <= t->dtv[0] ? t->dtv[m->id] : 0;

	if (!p)
		return;
	t->dtv[m->id] = 0;
	if (!m->offset && !in_map(t, p))
		free(((void **)(p - skew(m)))[-1]);
}

static int give_all(struct dso *first, size_t max)
{
	struct tcb *self = __self(), *t = self;

	do {
		if (grow_table(t, max))
			return -ENOMEM;
		for (struct dso *d = first; d; d = d->next)
			if (d->tls.id && !published(d) && give_block(t, &d->tls))
				return -ENOMEM;
	} while ((t = t->next) != self);
	return 0;
}

static void take_all(struct dso *first)
{
	struct tcb *self = __self(), *t = self;

	do
		for (struct dso *d = first; d; d = d->next)
			if (d->tls.id && !published(d))
				take_block(t, &d->tls);
	while ((t = t->next) != self);
}

int __ldso_tls_publish(struct dso *first)
{
	size_t max = __libc.tls_max;
	uint64_t mask;
	int err;

	for (struct dso *d = first; d; d = d->next)
		if (d->tls.id > max)
			max = d->tls.id;
	__block_all(&mask);
	__thread_list_acquire();
	err = give_all(first, max);
	if (err)
		take_all(first);
	for (struct dso *d = first; d && !err; d = d->next)
		if (d->tls.id && !published(d))
			__tls_add(&d->tls);
	__thread_list_release();
	__restore_mask(&mask);
	return err;
}

/* The number stays taken until the object itself goes. */
void __ldso_tls_remove(struct dso *d)
{
	struct tcb *self = __self(), *t = self;
	struct tls_module **m = &__libc.tls_head;
	uint64_t mask;

	if (!d->tls.id)
		return;
	__block_all(&mask);
	__thread_list_acquire();
	while (*m && *m != &d->tls)
		m = &(*m)->next;
	if (*m) {
		do
			take_block(t, &d->tls);
		while ((t = t->next) != self);
		*m = d->tls.next;
		__tls_layout();
	}
	if (d->tls.offset && d->tls.offset == __libc.tls_used)
		__libc.tls_used = d->tls.offset - d->tls.size;
	__thread_list_release();
	__restore_mask(&mask);
}

/* A thread ends: what malloc gave it. It uses no thread-local data any more; the list is held. */
hidden void __ldso_thread_exit(struct tcb *t)
{
	uintptr_t *dtv = t->dtv, *older;

	for (struct tls_module *m = __libc.tls_head; m; m = m->next)
		take_block(t, m);
	while (!in_map(t, (uintptr_t)dtv)) {
		older = (uintptr_t *)dtv[DTV_OLDER];
		free(dtv - 2);
		if (!older)
			break;
		dtv = older;
	}
}
