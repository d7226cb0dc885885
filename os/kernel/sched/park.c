/* SPDX-License-Identifier: MIT */
/*
 * Park and wake. thread.park goes RUN -> PARKED by the thread itself; whoever takes it from PARKED
 * back to RUN (a waker, the timer, a signal) has ended the park: it alone writes park_result and
 * makes the thread runnable.
 */
#include "arch/x86_64/asm.h"
#include "defs.h"
#include "sched/private.h"

static inline bool change(struct thread *t, uint32_t from, uint32_t to)
{
	return __atomic_compare_exchange_n(&t->park, &from, to, false, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST);
}

static inline bool end_park(struct thread *t, int result)
{
	if (!change(t, P_PARKED, P_RUN))
		return false;
	t->park_result = result;
	t->prio = t->base_prio;
	return true;
}

static inline uint32_t breakers(unsigned flags)
{
	return flags & PARK_SOLID ? 0 : flags & PARK_INTR ? WORK_SIGNAL | WORK_DEBUG | WORK_KILL : WORK_KILL;
}

void thread_park_timeout(struct ktimer *k)
{
	struct thread *t = container_of(k, struct thread, timer);

	if (end_park(t, -ETIMEDOUT))
		sched_enqueue(t);
}

void thread_wake(struct thread *t)
{
	for (;;) {
		if (end_park(t, 0)) {
			sched_enqueue(t);
			return;
		}
		if (t->park == P_TOKEN || change(t, P_RUN, P_TOKEN))
			return;
	}
}

void thread_work(struct thread *t, uint32_t bits)
{
	__atomic_or_fetch(&t->work, bits, __ATOMIC_SEQ_CST);
	if (t->park == P_PARKED && (bits & breakers(t->park_flags)) && end_park(t, -EINTR))
		sched_enqueue(t);
	else if (t->on_cpu && t->cpu != this_cpu()->id)
		apic_ipi(cpus[t->cpu].apic_id, VEC_RESCHED);
}

bool thread_parked(const struct thread *t)
{
	return t->park == P_PARKED;
}

/*
 * What a park says that was broken. The breaker may have meant an earlier one (it looks at park and park_flags
 * before it acts), and its bit be gone: then nobody has broken this one. Else t comes by user_return_work even if
 * the bit is taken back meanwhile (a debugger lets go): an -ERESTART must not go past it.
 */
static __attribute__((noinline)) int broken(struct thread *t, unsigned flags)
{
	if ((__atomic_load_n(&t->work, __ATOMIC_SEQ_CST) & breakers(flags)) == 0)
		return 0;
	if (flags & PARK_INTR)
		__atomic_or_fetch(&t->work, WORK_SIGNAL, __ATOMIC_SEQ_CST);
	return -EINTR;
}

/* 1: parked, the caller must switch away; else the park's result, at once. */
static inline __attribute__((always_inline)) int begin(struct thread *t, int64_t deadline, unsigned flags)
{
	t->park_flags = (uint8_t)flags;
	if (!change(t, P_RUN, P_PARKED)) {
		t->park = P_RUN;
		return 0;
	}
	if (deadline <= 0 || (deadline != T_FOREVER && deadline <= time_now())) {
		if (end_park(t, -ETIMEDOUT))
			return -ETIMEDOUT;
	} else if (t->work & breakers(flags)) {
		if (end_park(t, -EINTR))
			return broken(t, flags);
	} else if (deadline != T_FOREVER) {
		ktimer_set(&t->timer, deadline);
	}
	return 1;
}

static int finish(struct thread *t, unsigned flags)
{
	if (t->timer.armed || t->timer.running)
		ktimer_cancel(&t->timer);
	return t->park_result == -EINTR ? broken(t, flags) : t->park_result;
}

int thread_park(int64_t deadline, unsigned flags)
{
	struct thread *t = current();
	int r = begin(t, deadline, flags);

	if (r != 1)
		return r;
	t->usage.nvcsw++;
	schedule();
	return finish(t, flags);
}

static int handoff_slow(struct thread *to, int64_t deadline, unsigned flags, bool claimed)
{
	struct thread *t = current();
	struct cpu *c = this_cpu();
	int r;

	if (!claimed) {
		thread_wake(to);
		obj_put(&to->obj);
	}
	r = begin(t, deadline, flags);
	if (claimed && (r != 1 || __atomic_load_n(&to->on_cpu, __ATOMIC_ACQUIRE) ||
			(to->affinity >> c->id & 1) == 0)) {
		sched_enqueue(to);
		claimed = false;
	}
	if (r != 1)
		return r;
	spin_check_none("a hand-off");
	if (claimed)
		sched_switch(c, t, to);
	else
		schedule();
	return finish(t, flags);
}

int thread_handoff(struct thread *to, int64_t deadline, unsigned flags)
{
	struct thread *t = current();
	struct cpu *c = this_cpu();
	bool claimed = end_park(to, 0);

	/* It cannot end now until it runs again, which is up to us. */
	if (claimed)
		obj_put(&to->obj);
	/* The usual case of a message: both as expected, no deadline, nothing pending. */
	t->park_flags = (uint8_t)flags;
	if (claimed && deadline == T_FOREVER && (to->affinity >> c->id & 1) != 0 &&
	    !__atomic_load_n(&to->on_cpu, __ATOMIC_ACQUIRE) && change(t, P_RUN, P_PARKED)) {
		if ((t->work & breakers(flags)) == 0 || !end_park(t, -EINTR)) {
			spin_check_none("a hand-off");
			t->usage.nvcsw++;
			sched_switch(c, t, to);
			return t->park_result == -EINTR ? broken(t, flags) : t->park_result;
		}
		sched_enqueue(to);
		return broken(t, flags);
	}
	return handoff_slow(to, deadline, flags, claimed);
}

void waitq_init(struct waitq *q)
{
	list_init(&q->waiters);
}

struct waiter {
	struct list node;
	struct thread *thread;
};

/* The waiter of the highest priority is first; among equals who came first. */
static void waiter_add(struct waitq *q, struct waiter *w)
{
	struct list *after = q->waiters.prev;

	while (after != &q->waiters &&
	       thread_rank(list_entry(after, struct waiter, node)->thread) > thread_rank(w->thread))
		after = after->prev;
	list_add(after, &w->node);
}

int waitq_sleep(struct waitq *q, struct spinlock *lock, int64_t deadline, unsigned flags)
{
	struct waiter w = { .thread = current() };
	int r;

	waiter_add(q, &w);
	spin_unlock(lock);
	r = thread_park(deadline, flags);
	spin_lock(lock);
	if (list_empty(&w.node))
		return 0;		/* woken: that counts, whatever else happened */
	list_del(&w.node);
	return r;
}

int waitq_wake_one(struct waitq *q)
{
	struct list *n = list_pop(&q->waiters);

	if (n == NULL)
		return 0;
	thread_wake(list_entry(n, struct waiter, node)->thread);
	return 1;
}

int waitq_wake_all(struct waitq *q)
{
	int n = 0;

	while (waitq_wake_one(q))
		n++;
	return n;
}
