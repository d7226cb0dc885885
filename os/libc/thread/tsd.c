/* SPDX-License-Identifier: MIT */
/* tsd.c: thread-specific data, and destructors of C++'s thread_local objects. */
#include <limits.h>
#include <stdlib.h>
#include "../internal/lock.h"
#include "../internal/pthread_impl.h"

static struct lock keys_lock;
static void (*volatile keys[TSD_MAX])(void *);	/* destructor; no_dtor: a key without; NULL: free */
static unsigned next_key;
static void *main_tsd[TSD_MAX];

static void no_dtor(void *value)
{
	(void)value;
}

int pthread_key_create(pthread_key_t *key, void (*dtor)(void *))
{
	int err = EAGAIN;

	lock(&keys_lock);
	for (unsigned i = 0; i < TSD_MAX; i++) {
		unsigned k = (next_key + i) % TSD_MAX;
		if (keys[k])
			continue;
		keys[k] = dtor ? dtor : no_dtor;
		next_key = k + 1;
		*key = k;
		err = 0;
		break;
	}
	unlock(&keys_lock);
	return err;
}

int pthread_key_delete(pthread_key_t key)
{
	struct tcb *self = __self(), *t = self;
	uint64_t mask;

	__block_all(&mask);
	__thread_list_acquire();
	do
		if (t->tsd)
			t->tsd[key] = 0;
	while ((t = t->next) != self);
	__thread_list_release();
	__restore_mask(&mask);
	keys[key] = 0;
	return 0;
}

void *pthread_getspecific(pthread_key_t key)
{
	struct tcb *t = __self();

	return t->tsd && key < TSD_MAX ? t->tsd[key] : 0;
}

int pthread_setspecific(pthread_key_t key, const void *value)
{
	struct tcb *t = __self();

	if (key >= TSD_MAX)
		return EINVAL;
	if (!t->tsd)
		t->tsd = main_tsd;	/* only the first thread has none yet */
	t->tsd[key] = (void *)value;
	t->tsd_used = 1;
	return 0;
}

void __tsd_destroy(struct tcb *t)
{
	for (int round = 0; t->tsd_used && round < PTHREAD_DESTRUCTOR_ITERATIONS; round++) {
		t->tsd_used = 0;
		for (int i = 0; i < TSD_MAX; i++) {
			void *value = t->tsd[i];
			void (*dtor)(void *) = keys[i];
			t->tsd[i] = 0;
			if (value && dtor)
				dtor(value);
		}
	}
}

/* -- thread_local destructors, newest first -- */

struct dtor {
	struct dtor *next;
	void (*fn)(void *);
	void *obj, *object;
};

/* Where there is a dynamic linker: the object that fn lies in stays until it is released. */
hidden weak void *__ldso_hold(const void *addr);
hidden weak void __ldso_release(void *object);

int __cxa_thread_atexit_impl(void (*fn)(void *), void *obj, void *dso)
{
	struct tcb *t = __self();
	struct dtor *d = malloc(sizeof(*d));

	if (!d)
		return -1;
	*d = (struct dtor){ t->dtors, fn, obj, __ldso_hold ? __ldso_hold(dso) : 0 };
	t->dtors = d;
	return 0;
}

void __thread_atexit_run(void)
{
	struct tcb *t = __self();
	struct dtor *d;

	while ((d = t->dtors)) {
		t->dtors = d->next;
		d->fn(d->obj);
		if (d->object)
			__ldso_release(d->object);
		free(d);
	}
}
