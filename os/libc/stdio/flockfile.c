/* SPDX-License-Identifier: MIT */
/* flockfile, ftrylockfile, funlockfile: the streams' recursive locks. */
#include "stdio_impl.h"

void __lockfile(FILE *f)
{
	int me = __self()->tid;
	if (__atomic_load_n(&f->owner, __ATOMIC_RELAXED) == me) {
		f->depth++;
		return;
	}
	lock(&f->lk);
	__atomic_store_n(&f->owner, me, __ATOMIC_RELAXED);
	f->depth = 1;
}

void __unlockfile(FILE *f)
{
	if (--f->depth)
		return;
	__atomic_store_n(&f->owner, 0, __ATOMIC_RELAXED);
	unlock(&f->lk);
}

void flockfile(FILE *f)
{
	__lockfile(f);
}

void funlockfile(FILE *f)
{
	__unlockfile(f);
}

int ftrylockfile(FILE *f)
{
	int free = 0;
	if (f->owner == __self()->tid) {
		f->depth++;
		return 0;
	}
	if (!__atomic_compare_exchange_n(&f->lk.v, &free, 1, 0, __ATOMIC_ACQUIRE, __ATOMIC_RELAXED))
		return -1;
	f->owner = __self()->tid;
	f->depth = 1;
	return 0;
}
