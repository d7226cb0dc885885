/* SPDX-License-Identifier: MIT */
/*
 * create.c: life and death of threads.
 *
 * A thread's mapping holds, ascending: guard, stack, thread-specific data, TLS and its tcb. Who may
 * unmap it is decided by one compare-and-swap on tcb.detach: a detached thread does it itself as its
 * last act, a joinable one is unmapped by the joiner after the system has cleared tcb.tid.
 */
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include "../internal/cancel.h"
#include "../internal/lock.h"
#include "../internal/pthread_impl.h"

#define PAGE_UP(n) (((n) + 4095) & -4096ul)

static volatile int count_minus_1;	/* under the list lock for growing, atomic for shrinking */
size_t __default_stack = DEFAULT_STACK, __default_guard = DEFAULT_GUARD;

/*
 * Who waits for it sleeps: a thread in real time that yielded till it is free would keep the processor
 * from the holder.
 */
void __thread_list_acquire(void)
{
	lock(&__thread_list_lock);
}

void __thread_list_release(void)
{
	unlock(&__thread_list_lock);
}

void __block_all(uint64_t *old)
{
	uint64_t all = -1;

	plat_sigprocmask(SIG_BLOCK, &all, old);
}

void __restore_mask(const uint64_t *old)
{
	plat_sigprocmask(SIG_SETMASK, old, 0);
}

pthread_t pthread_self(void)
{
	return (pthread_t)__self();
}
pthread_t thrd_current(void) __attribute__((__weak__, __const__, __alias__("pthread_self")));

int pthread_equal(pthread_t a, pthread_t b)
{
	return a == b;
}
weak_alias(pthread_equal, thrd_equal);

static void run_cleanups(struct tcb *t)
{
	struct __ptcb *cb;

	while ((cb = (void *)t->cleanup)) {
		t->cleanup = (void *)cb->__next;
		cb->__f(cb->__x);
	}
}

/* Where there is a dynamic linker: gives back blocks of libraries younger than the thread. */
hidden weak void __ldso_thread_exit(struct tcb *t);
hidden weak void __ldso_free_error(struct tcb *t);

static void unlink_thread(struct tcb *t)
{
	if (__ldso_free_error)
		__ldso_free_error(t);
	__thread_list_acquire();
	t->next->prev = t->prev;
	t->prev->next = t->next;
	t->prev = t->next = t;
	if (__ldso_thread_exit && t->map)
		__ldso_thread_exit(t);
	__thread_list_release();
}

void __kill_lock(struct tcb *t)
{
	lock(&t->kill_lock);
}

void __kill_unlock(struct tcb *t)
{
	unlock(&t->kill_lock);
}

/* -- tcbs of threads that are gone: the oldest gives way -- */

#define GRAVES 64

static struct grave { unsigned char *start; size_t len; } graves[GRAVES];
static unsigned next_grave;
static struct lock graves_lock;

/* Takes over the end of t's mapping, from the page of its tcb on; returns how much lies before. */
static size_t bury(struct tcb *t)
{
	unsigned char *map = t->map, *start = (unsigned char *)((uintptr_t)t & -4096ul);
	struct grave g = { start, map + t->map_len - start }, old;

	t->tid = 0;
	__atomic_store_n(&t->detach, THREAD_GONE, __ATOMIC_SEQ_CST);
	lock(&graves_lock);
	old = graves[next_grave % GRAVES];
	graves[next_grave++ % GRAVES] = g;
	unlock(&graves_lock);
	if (old.start)
		plat_munmap(old.start, old.len);
	return start - map;
}

void pthread_exit(void *result)
{
	struct tcb *t = __self();
	uint64_t mask;
	int state = THREAD_JOINABLE;

	t->cancel_off = PTHREAD_CANCEL_DISABLE;
	t->cancel_async = 0;
	t->result = result;
	run_cleanups(t);
	__thread_atexit_run();
	__tsd_destroy(t);
	__robust_exit(t);
	__block_all(&mask);
	if (__atomic_sub_fetch(&count_minus_1, 1, __ATOMIC_SEQ_CST) < 0) {
		/* The last thread ends the process. */
		__atomic_store_n(&count_minus_1, 0, __ATOMIC_SEQ_CST);
		__restore_mask(&mask);
		exit(0);
	}
	unlink_thread(t);
	__kill_lock(t);
	__atomic_compare_exchange_n(&t->detach, &state, THREAD_EXITED, 0, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST);
	__kill_unlock(t);
	if (state == THREAD_DETACHED && t->map) {
		unsigned char *map = t->map;
		plat_thread_exit_unmap(map, bury(t));
	}
	plat_thread_exit();
}

/* What the creator decides before a thread that was asked for with a schedule of its own may run. */
enum { GATE_OPEN, GATE_CLOSED, GATE_REFUSED };

static int thread_start(void *arg)
{
	struct tcb *t = arg;

	while (t->gate == GATE_CLOSED)
		plat_futex_wait(&t->gate, GATE_CLOSED, CLOCK_MONOTONIC, 0, 1);
	if (t->gate == GATE_REFUSED) {
		t->detach = THREAD_DETACHED;
		pthread_exit(0);
	}
	__restore_mask(&t->start_mask);
	pthread_exit(t->start(t->start_arg));
	return 0;
}

/* Where the parts of a new thread lie. */
struct plan {
	unsigned char *map;
	size_t len, guard, stack;	/* stack: bytes of our own stack, 0 with the caller's */
	unsigned char *top;		/* high end of the stack */
};

static int make_map(struct plan *p, const struct attr *a)
{
	size_t extra = PAGE_UP(__libc.tls_size + TSD_MAX * sizeof(void *));
	long map;

	p->guard = a->stack ? 0 : PAGE_UP(a->guardsize);
	p->stack = a->stack ? 0 : PAGE_UP(a->stacksize);
	p->len = p->guard + p->stack + extra;
	if (p->len < p->stack)
		return EAGAIN;
	map = plat_mmap(0, p->len, p->guard ? PROT_NONE : PROT_READ | PROT_WRITE,
		MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (map < 0 && map > -4096)
		return EAGAIN;
	p->map = (void *)map;
	if (p->guard && plat_mprotect(p->map + p->guard, p->len - p->guard, PROT_READ | PROT_WRITE) < 0) {
		plat_munmap(p->map, p->len);
		return EAGAIN;
	}
	p->top = a->stack ? a->stack : p->map + p->guard + p->stack;
	return 0;
}

static struct tcb *make_tcb(const struct plan *p, const struct attr *a)
{
	struct tcb *self = __self(), *t;
	unsigned char *tsd = p->map + p->guard + p->stack;

	t = __copy_tls(p->map + p->len - __libc.tls_size);
	t->self = t;
	t->map = p->map;
	t->map_len = p->len;
	t->stack = p->top;
	t->stack_len = a->stack ? a->stacksize : p->stack;
	t->guard_len = p->guard;
	t->tsd = (void **)tsd;
	t->canary = self->canary;
	t->sysinfo = self->sysinfo;
	t->locale = self->locale;
	t->detach = a->detached & 1 ? THREAD_DETACHED : THREAD_JOINABLE;
	t->gate = a->inherit == PTHREAD_EXPLICIT_SCHED || a->affinity ? GATE_CLOSED : GATE_OPEN;
	t->robust.head = &t->robust.head;
	return t;
}

/* With the list lock held and signals blocked, so that TLS cannot change and nobody sees half a thread. */
static int launch(struct tcb *t)
{
	struct tcb *self = __self();
	int tid;

	__atomic_add_fetch(&count_minus_1, 1, __ATOMIC_SEQ_CST);
	__threaded = 1;
	t->next = self->next;
	t->prev = self;
	t->next->prev = t;
	self->next = t;
	tid = plat_thread_create((void *)((uintptr_t)t->stack & -16ul), t, &t->tid, thread_start, t);
	if (tid >= 0)
		return 0;
	t->next->prev = t->prev;
	t->prev->next = t->next;
	__atomic_sub_fetch(&count_minus_1, 1, __ATOMIC_SEQ_CST);
	return EAGAIN;
}

/* The new thread waits at its gate with all signals blocked; it ends if it may not run so. */
static int open_gate(struct tcb *t, const struct attr *a)
{
	struct sched_param param = { .sched_priority = a->prio };
	int r = 0;

	if (t->gate == GATE_OPEN)
		return 0;
	if (a->inherit == PTHREAD_EXPLICIT_SCHED)
		r = plat_sched_setscheduler(t->tid, a->policy, &param);
	if (r >= 0 && a->affinity)
		r = plat_sched_setaffinity(t->tid, sizeof(a->affinity), &a->affinity);
	__atomic_store_n(&t->gate, r < 0 ? GATE_REFUSED : GATE_OPEN, __ATOMIC_SEQ_CST);
	plat_futex_wake(&t->gate, 1, 1);
	return r < 0 ? -r : 0;
}

int pthread_create(pthread_t *restrict out, const pthread_attr_t *restrict attr, void *(*fn)(void *),
	void *restrict arg)
{
	struct attr a = { .stacksize = __default_stack, .guardsize = __default_guard };
	struct plan p;
	struct tcb *t;
	uint64_t mask;
	int err;

	if (attr)
		a = *(const struct attr *)attr;
	__block_all(&mask);
	__thread_list_acquire();
	err = make_map(&p, &a);
	if (!err) {
		t = make_tcb(&p, &a);
		t->start = fn;
		t->start_arg = arg;
		t->start_mask = a.detached & ATTR_SIGMASK ? a.sigmask : mask;
		*out = (pthread_t)t;
		err = launch(t);
		if (err)
			plat_munmap(p.map, p.len);
		else
			err = open_gate(t, &a);
	}
	__thread_list_release();
	__restore_mask(&mask);
	return err;
}

static int do_join(pthread_t thread, void **result, clockid_t clock, const struct timespec *abs)
{
	struct tcb *t = THREAD(thread);
	int tid, r = 0, old;

	if (t == __self())
		return EDEADLK;
	if (t->detach == THREAD_GONE || t->detach == THREAD_DETACHED)
		return t->detach == THREAD_GONE ? ESRCH : EINVAL;
	old = __cp_enter();
	while ((tid = __atomic_load_n(&t->tid, __ATOMIC_ACQUIRE)) && r != ETIMEDOUT && r != EINVAL && r != ECANCELED)
		r = -plat_tid_wait(&t->tid, tid, clock, abs);
	__cp_leave_raw(old, tid ? -r : 0);
	if (tid)
		return r;
	if (result)
		*result = t->result;
	if (t->map) {
		unsigned char *map = t->map;
		plat_munmap(map, bury(t));
	}
	return 0;
}

int pthread_join(pthread_t thread, void **result)
{
	return do_join(thread, result, CLOCK_MONOTONIC, 0);
}

int pthread_timedjoin_np(pthread_t thread, void **result, const struct timespec *abs)
{
	return do_join(thread, result, CLOCK_REALTIME, abs);
}

int pthread_clockjoin_np(pthread_t thread, void **result, clockid_t clock, const struct timespec *abs)
{
	if (clock != CLOCK_REALTIME && clock != CLOCK_MONOTONIC)
		return EINVAL;
	return do_join(thread, result, clock, abs);
}

int pthread_tryjoin_np(pthread_t thread, void **result)
{
	return __atomic_load_n(&THREAD(thread)->tid, __ATOMIC_ACQUIRE) ? EBUSY : pthread_join(thread, result);
}

int pthread_detach(pthread_t thread)
{
	struct tcb *t = THREAD(thread);
	int state = THREAD_JOINABLE;

	if (__atomic_compare_exchange_n(&t->detach, &state, THREAD_DETACHED, 0, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST))
		return 0;
	return state == THREAD_DETACHED ? EINVAL : state == THREAD_GONE ? ESRCH : pthread_join(thread, 0);
}
weak_alias(pthread_detach, thrd_detach);

int pthread_kill(pthread_t thread, int sig)
{
	struct tcb *t = THREAD(thread);
	uint64_t mask;
	int r = 0;

	if ((unsigned)sig > 64)
		return EINVAL;
	__block_all(&mask);
	__kill_lock(t);
	if (t->detach == THREAD_GONE)
		r = -ESRCH;
	else if (t->detach != THREAD_EXITED && t->tid)
		r = plat_tkill(t->tid, sig);
	__kill_unlock(t);
	__restore_mask(&mask);
	return -r;
}

int pthread_sigqueue(pthread_t thread, int sig, union sigval value)
{
	struct tcb *t = THREAD(thread);
	siginfo_t si = { .si_signo = sig, .si_code = SI_QUEUE };
	uint64_t mask;
	int r = -ESRCH;

	if ((unsigned)sig > 64)
		return EINVAL;
	si.si_pid = plat_getpid();
	si.si_uid = plat_getuid();
	si.si_value = value;
	__block_all(&mask);
	__kill_lock(t);
	if (t->detach != THREAD_EXITED && t->tid)
		r = plat_tsigqueue(t->tid, sig, &si);
	__kill_unlock(t);
	__restore_mask(&mask);
	return -r;
}

/* In the child of fork: the caller is the only thread. */
hidden void __thread_after_fork(void)
{
	struct tcb *t = __self();

	t->next = t->prev = t;
	t->tid = plat_set_tid_address(&t->tid);
	t->robust.head = &t->robust.head;
	t->robust.off = 0;		/* the system knows the list of no child */
	t->kill_lock.v = 0;
	__thread_list_lock.v = 0;
	count_minus_1 = 0;
	graves_lock.v = 0;
}
