/* SPDX-License-Identifier: MIT */
/* list.c: the list of objects, its lock, and those who read it without. */
#include <pthread.h>
#include <string.h>
#include <sys/mman.h>
#include "../internal/plat.h"
#include "../internal/pthread_impl.h"
#include "dso.h"

struct dso __ldso, *__dso_head, *__dso_tail;
struct dso_list __ldso_global;
unsigned long long __ldso_adds, __ldso_subs;
struct r_debug _r_debug;

/* Recursive: constructors may call dlopen. */
static pthread_mutex_t list_lock = PTHREAD_RECURSIVE_MUTEX_INITIALIZER_NP;

void __ldso_lock(void)
{
	pthread_mutex_lock(&list_lock);
}

void __ldso_unlock(void)
{
	pthread_mutex_unlock(&list_lock);
}

/* Around fork: who is -1 before, 0 in the parent, 1 in the child, where no other thread reads. */
hidden void __ldso_atfork(int who)
{
	if (who < 0)
		__ldso_lock();
	else if (who == 0)
		__ldso_unlock();
	else
		list_lock = (pthread_mutex_t)PTHREAD_RECURSIVE_MUTEX_INITIALIZER_NP;
}

void __ldso_append(struct dso *d)
{
	d->prev = __dso_tail;
	d->next = 0;
	__ldso_adds++;
	if (__dso_tail)
		__atomic_store_n(&__dso_tail->next, d, __ATOMIC_RELEASE);
	else
		__dso_head = d;
	__dso_tail = d;
}

static int somebody_reads(void)
{
	struct tcb *self = __self(), *t;
	uint64_t mask;
	int reading = 0;

	__block_all(&mask);
	__thread_list_acquire();
	for (t = self->next; t != self; t = t->next)
		reading |= __atomic_load_n(&t->ldso_reading, __ATOMIC_SEQ_CST);
	__thread_list_release();
	__restore_mask(&mask);
	return reading;
}

void __ldso_synchronize(void)
{
	if (!__threaded)
		return;
	__atomic_thread_fence(__ATOMIC_SEQ_CST);
	while (somebody_reads())
		plat_sched_yield();
}

/* Debuggers set a breakpoint here and read the list. */
__attribute__((__noinline__)) void _dl_debug_state(void)
{
	__asm__ volatile("");
}

void __ldso_debug(int state)
{
	_r_debug.r_version = 1;
	_r_debug.r_map = (struct link_map *)__dso_head;
	_r_debug.r_brk = (size_t)_dl_debug_state;
	_r_debug.r_ldbase = __ldso.base;
	_r_debug.r_state = state;
	_dl_debug_state();
}

/* What lies between segments belongs to nobody. */
int __ldso_inside(const struct dso *d, size_t vaddr, size_t n, unsigned flags)
{
	for (const Elf64_Phdr *p = d->phdr; p < d->phdr + d->phnum; p++) {
		size_t off = vaddr - p->p_vaddr;
		if (p->p_type == PT_LOAD && off <= p->p_memsz && n <= p->p_memsz - off && (p->p_flags & flags) == flags)
			return 1;
	}
	return 0;
}

/* For destructors of thread_local objects. */
hidden void *__ldso_hold(const void *addr)
{
	struct dso *d;

	__ldso_read_begin();
	d = __ldso_object_of(addr);
	if (d)
		__atomic_add_fetch(&d->holds, 1, __ATOMIC_SEQ_CST);
	__ldso_read_end();
	return d;
}

hidden void __ldso_release(void *object)
{
	__atomic_sub_fetch(&((struct dso *)object)->holds, 1, __ATOMIC_SEQ_CST);
}

struct dso *__ldso_object_of(const void *addr)
{
	uintptr_t a = (uintptr_t)addr;

	for (struct dso *d = __dso_head; d; d = __atomic_load_n(&d->next, __ATOMIC_ACQUIRE))
		if ((!d->map || a - (uintptr_t)d->map < d->map_len) && __ldso_inside(d, a - d->base, 1, 0))
			return d;
	return 0;
}
