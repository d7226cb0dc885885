/* SPDX-License-Identifier: MIT */
/*
 * Run queues and switching. A runnable thread that does not run is in exactly one queue. A thread
 * with on_cpu set (its registers are still live on cpus[cpu]) is only ever queued there and only
 * picked by that CPU, so nobody waits for a switch to finish.
 */
#include "arch/x86_64/asm.h"
#include "defs.h"
#include "sched/private.h"

#define SLICE	6000000		/* ns */
#define SPREAD	100000		/* ns that a woken thread waits for its waker's CPU */
#define STARVE	50000000	/* ns after which the lowest level gets a turn */

void switch_stack(uint64_t *save, uint64_t to);

static void rq_add(struct cpu *c, struct thread *t, bool front)
{
	if (front)
		list_add(&c->rq[t->prio], &t->rq_node);
	else
		list_add_tail(&c->rq[t->prio], &t->rq_node);
	c->rq_mask |= 1u << t->prio;
	c->rq_count++;
}

static void rq_remove(struct cpu *c, struct thread *t)
{
	list_del(&t->rq_node);
	if (list_empty(&c->rq[t->prio]))
		c->rq_mask &= ~(1u << t->prio);
	c->rq_count--;
}

static bool may_run(const struct thread *t, const struct cpu *c)
{
	return (t->affinity >> c->id & 1) != 0;
}

static struct cpu *idle_cpu(const struct thread *t)
{
	struct cpu *last = &cpus[t->cpu];

	if (last->idling && may_run(t, last))
		return last;
	for (uint32_t i = 0; i < ncpu; i++)
		if (cpus[i].idling && may_run(t, &cpus[i]))
			return &cpus[i];
	return NULL;
}

/*
 * Where a runnable thread should go. A woken one stays with its waker if that is alone here: mostly
 * the waker sleeps soon, and then no other CPU need be roused. If it does not, sched_spread acts.
 */
static struct cpu *choose_cpu(const struct thread *t, bool fresh)
{
	struct cpu *last = &cpus[t->cpu], *me = this_cpu(), *idle;

	if (t->on_cpu || ncpu == 1)
		return last;
	if (!fresh && me->rq_count == 0 && may_run(t, me))
		return me;
	idle = idle_cpu(t);
	if (idle != NULL)
		return idle;
	if (may_run(t, last))
		return last;
	for (uint32_t i = 0; i < ncpu; i++)
		if (may_run(t, &cpus[i]))
			return &cpus[i];
	return last;
}

/* Something waits on this CPU behind a thread that runs: soon an idle CPU shall have it. */
static void plan_spread(struct cpu *c, const struct thread *t)
{
	if (ncpu == 1 || c->current == c->idle || c->spread_at != T_FOREVER || idle_cpu(t) == NULL)
		return;
	c->spread_at = time_now() + SPREAD;
}

/* From the timer: rouses an idle CPU, which steals, if this queue has not been empty for SPREAD. */
void sched_spread(struct cpu *c, int64_t now)
{
	if (now < c->spread_at)
		return;
	c->spread_at = T_FOREVER;
	if (c->rq_count == 0)
		return;
	if (time_of_ticks(rdtsc() - c->queued_at) < SPREAD / 2) {
		c->spread_at = now + SPREAD;
		return;
	}
	for (uint32_t i = 0; i < ncpu; i++)
		if (cpus[i].idling) {
			apic_ipi(cpus[i].apic_id, VEC_RESCHED);
			break;
		}
}

/* Tells c that its queue has grown by t. */
static void kick(struct cpu *c, const struct thread *t)
{
	struct thread *cur = c->current;
	bool better = cur == NULL || t->prio < cur->prio;

	if (c == this_cpu()) {
		if (better)
			c->resched = true;
		if (better && cur != NULL && cur != c->idle)
			__atomic_or_fetch(&cur->work, WORK_RESCHED, __ATOMIC_RELAXED);
		plan_spread(c, t);
		timer_rearm(c);
		return;
	}
	if (c->idling || better || c->rq_count == 1) {
		if (better)
			c->resched = true;
		apic_ipi(c->apic_id, VEC_RESCHED);
	}
}

static void enqueue(struct thread *t, bool fresh)
{
	struct cpu *c = choose_cpu(t, fresh);

	spin_lock(&c->rq_lock);
	if (c->rq_count == 0)
		c->queued_at = rdtsc();
	rq_add(c, t, false);
	spin_unlock(&c->rq_lock);
	__atomic_thread_fence(__ATOMIC_SEQ_CST);
	kick(c, t);
}

void sched_enqueue(struct thread *t)
{
	enqueue(t, false);
}

void sched_enqueue_fresh(struct thread *t)
{
	enqueue(t, true);
}

/* The best level that waits; now and then the worst, so that nothing starves. Queue not empty. */
static int choose_level(struct cpu *c, int64_t now)
{
	int best = __builtin_ctz(c->rq_mask), worst = 31 - __builtin_clz(c->rq_mask);

	if (best == worst)
		c->fair_since = now;
	if (now - c->fair_since < STARVE)
		return best;
	c->fair_since = now;
	return worst;
}

static struct thread *pick(struct cpu *c, int64_t now)
{
	struct thread *t = NULL;

	spin_lock(&c->rq_lock);
	if (c->rq_mask != 0) {
		t = list_entry(c->rq[choose_level(c, now)].next, struct thread, rq_node);
		rq_remove(c, t);
	}
	spin_unlock(&c->rq_lock);
	return t;
}

static struct thread *steal_from(struct cpu *victim, struct cpu *c)
{
	struct thread *found = NULL;

	spin_lock(&victim->rq_lock);
	for (int p = 0; p < PRIO_COUNT && found == NULL; p++)
		list_for(n, &victim->rq[p]) {
			struct thread *t = list_entry(n, struct thread, rq_node);

			if (__atomic_load_n(&t->on_cpu, __ATOMIC_ACQUIRE) || !may_run(t, c))
				continue;
			rq_remove(victim, t);
			found = t;
			break;
		}
	spin_unlock(&victim->rq_lock);
	return found;
}

static struct thread *steal(struct cpu *c)
{
	struct thread *t = NULL;

	for (uint32_t i = 1; i < ncpu && t == NULL; i++) {
		struct cpu *v = &cpus[(c->id + i) % ncpu];

		if (v->rq_count != 0)
			t = steal_from(v, c);
	}
	return t;
}

/* The first thing that runs after a switch, in the new thread. From entry.S for fresh ones. */
void sched_switched(void)
{
	struct cpu *c = this_cpu();
	struct thread *prev = c->switched_from;

	c->switched_from = NULL;
	if (!prev->dead) {
		__atomic_store_n(&prev->on_cpu, false, __ATOMIC_RELEASE);
		return;
	}
	kstack_free(prev->kstack);
	prev->kstack = NULL;
	prev->on_cpu = false;
	obj_put(&prev->obj);
}

void sched_switch(struct cpu *c, struct thread *prev, struct thread *next)
{
	uint64_t now = rdtsc();

	prev->ticks_run += now - c->last_switch;
	c->last_switch = now;
	c->nswitch++;
	if (prev->fpu != NULL && !prev->dead)
		fpu_save_fast(prev->fpu);
	next->on_cpu = true;
	next->cpu = (uint16_t)c->id;
	c->current = next;
	c->switched_from = prev;
	c->kstack_top = *c->tss_rsp0 = (uint64_t)next->kstack + KSTACK_SIZE;
	if (next->vm != NULL)
		vm_load(next->vm);
	if (next->fpu != NULL) {
		fpu_restore_fast(next->fpu);
		wrmsr(MSR_FS_BASE, next->fs_base);
	}
	switch_stack(&prev->ksp, next->ksp);
	sched_switched();
}

/* Current gives up the CPU; it is in a queue, or parked, or dead. Returns when it runs again. */
void schedule(void)
{
	struct cpu *c = this_cpu();
	struct thread *prev = c->current, *next;
	int64_t now = time_now();

	spin_check_none("a switch");
	c->resched = false;
	next = pick(c, now);
	if (next == NULL)
		next = steal(c);
	if (next == NULL)
		next = c->idle;
	c->slice_end = next != c->idle ? now + SLICE : T_FOREVER;
	if (c->rq_count != 0)
		timer_rearm(c);
	if (next != prev)
		sched_switch(c, prev, next);
}

/* The slice is over when it was a full one: such threads sink to PRIO_BATCH till they next sleep. */
void sched_yield(void)
{
	struct cpu *c = this_cpu();
	struct thread *t = c->current;

	if (c->rq_count == 0) {
		c->resched = false;
		return;
	}
	if (time_now() >= c->slice_end && t->prio < PRIO_BATCH && t->prio >= PRIO_NORMAL)
		t->prio = PRIO_BATCH;
	spin_lock(&c->rq_lock);
	rq_add(c, t, false);
	spin_unlock(&c->rq_lock);
	schedule();
}

int sched_point(void)
{
	struct thread *t = current();

	irq_on();
	__asm__ volatile("nop");
	irq_off();
	if (this_cpu()->resched) {
		thread_work_clear(t, WORK_RESCHED);
		sched_yield();
	}
	return t->work & WORK_KILL ? -EINTR : 0;
}

static _Noreturn void idle_loop(struct cpu *c)
{
	for (;;) {
		__atomic_store_n(&c->idling, true, __ATOMIC_SEQ_CST);
		cpu_idle_enter(c);
		if (c->rq_count == 0 && !c->resched)
			irq_wait();
		cpu_idle_leave(c);
		c->idling = false;
		cpu_flush_poll();
		c->idle->work = 0;
		schedule();
	}
}

void sched_cpu_init(struct cpu *c)
{
	spin_init(&c->rq_lock, "run queue", RANK_SCHED);
	for (int i = 0; i < PRIO_COUNT; i++)
		list_init(&c->rq[i]);
	c->spread_at = T_FOREVER;
	timer_cpu_init(c);
}

void sched_init(void)
{
	struct cpu *c = this_cpu();

	sched_cpu_init(c);
	c->idle = kthread_create("idle", NULL, NULL);
	kassert(c->idle != NULL);
}

void sched_start(void)
{
	struct cpu *c = this_cpu();

	c->current = c->idle;
	c->idle->cpu = (uint16_t)c->id;
	c->idle->on_cpu = true;
	c->idle->prio = PRIO_IDLE;
	c->slice_end = T_FOREVER;
	c->last_switch = rdtsc();
	gdt_set_stack(c, (uint64_t)c->idle->kstack + KSTACK_SIZE);
	c->started = true;
	timer_rearm(c);
	idle_loop(c);
}
