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
	int prio;		/* ceiling of MUTEX_PROTECT */
	int count;		/* recursive locks beyond the first */
	int saved;		/* the owner's own schedule (mutex_prio.c), 0: it has that still */
	volatile void *prev;	/* robust list: the link before this one's */
	volatile void *volatile next;	/* robust list, in the kernel's format */
};
#define MUTEX_TYPE 3
#define MUTEX_ROBUST 4
#define MUTEX_INHERIT 8
#define MUTEX_PROTECT 16
#define MUTEX_SHARED 128
/* Those whose word names the owner, and those that change its priority. */
#define MUTEX_PRIO (MUTEX_INHERIT | MUTEX_PROTECT)
#define MUTEX_OWNED (MUTEX_TYPE | MUTEX_ROBUST | MUTEX_PRIO)
/* pthread_mutexattr_t: the bits above, the ceiling from here on. */
#define CEILING_SHIFT 8
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
	int kind;			/* PTHREAD_RWLOCK_PREFER_* */
	volatile int owner;		/* tid of the writer that holds it */
	volatile int writers;		/* that wait */
	volatile int best_writer;	/* greatest real-time priority among them */
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
	uint64_t sigmask;	/* with ATTR_SIGMASK in detached */
	uint64_t affinity;	/* 0: the creator's */
};
#define ATTR_SIGMASK 2
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

/* -- mutex_prio.c: the slow halves for MUTEX_PRIO -- */
/* Before a try: the caller gets the ceiling. *saved for __mutex_keep or __mutex_lower. 0, EINVAL, EPERM. */
hidden int __mutex_raise(struct mutex *m, int *saved);
/* Locks without looking at priorities (mutex.c). */
hidden int __mutex_lock_plain(struct mutex *m, clockid_t clock, const struct timespec *abs);
/* The caller has not got it. */
hidden void __mutex_lower(int saved);
/* Before the caller sleeps: the owner gets its priority, if that is higher. */
hidden void __mutex_lend(struct mutex *m, int owner);

hidden void __tsd_destroy(struct tcb *t);
hidden void __thread_atexit_run(void);
hidden void __robust_exit(struct tcb *t);
hidden void __thread_list_acquire(void);
hidden void __thread_list_release(void);
/* Sleeps a little: a real-time thread that yielded would go on at once. No cancellation point. */
hidden void __let_others_go_on(void);
/* While held the thread's tid is its own. */
hidden void __kill_lock(struct tcb *t);
hidden void __kill_unlock(struct tcb *t);
/* Blocks all signals of applications. */
hidden void __block_all(uint64_t *old);
hidden void __restore_mask(const uint64_t *old);

#endif
