/* SPDX-License-Identifier: MIT */
/* pthread_impl.h: words of the pthread types, and what thread/ shares among its files. */
#ifndef INTERNAL_PTHREAD_IMPL_H
#define INTERNAL_PTHREAD_IMPL_H

#include <errno.h>
#include <pthread.h>
#include <stdint.h>
#include <time.h>
#include "hidden.h"
#include "libc.h"
#include "plat.h"
#include "thread.h"

#define SIGCANCEL 33
#define THREAD(t) ((struct tcb *)(t))

/* pthread_mutex_t. lock of a normal mutex: 0 or EBUSY; of others: the owner's tid. WAITERS: may be slept on. */
struct mutex {
	int type;		/* PTHREAD_MUTEX_* | MUTEX_SHARED | MUTEX_ROBUST */
	volatile int lock;
	volatile int waiters;
	int prio;
	int count;		/* recursive locks beyond the first */
	int pad;
	volatile void *prev;	/* robust list: the link before this one's */
	volatile void *volatile next;	/* robust list, in the kernel's format */
};
#define MUTEX_TYPE 3
#define MUTEX_ROBUST 4
#define MUTEX_INHERIT 8
#define MUTEX_SHARED 128
#define WAITERS 0x80000000u
#define OWNER_DIED 0x40000000
#define TID_MASK 0x3fffffff
#define NOT_RECOVERABLE 0x3fffffff

struct cond {
	volatile unsigned seq;	/* grows with each signal; the futex word */
	volatile int waiters;
	int clock;
	int shared;
};

struct rwlock {
	volatile int lock;	/* readers, or WRITER; | WAITERS */
	volatile int waiters;
	int shared;
};
#define WRITER 0x7fffffff

struct barrier {
	volatile int lock;
	volatile int gen;	/* grows when all have come; the futex word */
	int limit, count;
	volatile int inside;	/* threads that have not left yet */
	int shared;
};

/* pthread_attr_t */
struct attr {
	size_t stacksize, guardsize;
	void *stack;		/* high end of a stack of the caller's, or NULL */
	int detached, inherit, policy, prio;
};
#define DEFAULT_STACK (8ul << 20)
#define DEFAULT_GUARD 4096

_Static_assert(sizeof(struct mutex) <= sizeof(pthread_mutex_t), "mutex");
_Static_assert(sizeof(struct cond) <= sizeof(pthread_cond_t), "cond");
_Static_assert(sizeof(struct rwlock) <= sizeof(pthread_rwlock_t), "rwlock");
_Static_assert(sizeof(struct barrier) <= sizeof(pthread_barrier_t), "barrier");
_Static_assert(sizeof(struct attr) <= sizeof(pthread_attr_t), "attr");

/*
 * Sleeps while *addr == val. 0, EAGAIN, EINTR, ETIMEDOUT, EINVAL or ECANCELED: a positive number.
 * Checks abs' range.
 */
hidden int __timedwait(volatile int *addr, int val, clockid_t clock, const struct timespec *abs, int priv);

hidden void __tsd_destroy(struct tcb *t);
hidden void __thread_atexit_run(void);
hidden void __robust_exit(struct tcb *t);
hidden void __thread_list_acquire(void);
hidden void __thread_list_release(void);
/* Blocks all signals of applications. */
hidden void __block_all(uint64_t *old);
hidden void __restore_mask(const uint64_t *old);

#endif
