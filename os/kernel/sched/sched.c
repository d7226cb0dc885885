/* SPDX-License-Identifier: MIT */
/*
 * Run queues and switching. A runnable thread that does not run is in exactly one queue. A thread
 * with on_cpu set (its registers are still live on cpus[cpu]) is only ever queued there and only
 * picked by that CPU, so nobody waits for a switch to finish.
 */
#include "arch/x86_64/asm.h"
#include "defs.h"
#include "proc/proc.h"
#include "sched/private.h"
#include "sys/sys.h"

#define SLICE	6000000		/* ns */
#define SPREAD	100000		/* ns that a woken thread waits for its waker's CPU */
#define STARVE	50000000	/* ns after which another level gets a turn */
#define RT_STARVE 1000000000	/* the same behind SCHED_FIFO and SCHED_RR */
#define RR_SLICE 100000000

_Static_assert(sizeof(((struct cpu *)0)->rq) / sizeof(struct list) == PRIO_COUNT, "a queue a level");

void switch_stack(uint64_t *save, uint64_t to);

/* The node before which t belongs: behind its equals, or with front before them. */
static struct list *rq_place(struct list *level, const struct thread *t, bool front)
{
	struct list *n = level->next;

	if (t->rt_prio == 0)
		return front ? n : level;
	while (n != level) {
		const struct thread *o = list_entry(n, struct thread, rq_node);

		if (front ? o->rt_prio <= t->rt_prio : o->rt_prio < t->rt_prio)
			break;
		n = n->next;
	}
	return n;
}

/* rq_lock of c is held, here and in rq_remove. */
static void rq_add(struct cpu *c, struct thread *t, bool front)
{
	uint8_t level = t->prio;

	t->rq_level = level;
	__atomic_store_n(&t->rq_cpu, (uint16_t)c->id, __ATOMIC_RELEASE);
	list_add_tail(rq_place(&c->rq[level], t, front), &t->rq_node);
	c->rq_mask |= 1u << level;
	c->rq_count++;
}

static void rq_remove(struct cpu *c, struct thread *t)
{
	list_del(&t->rq_node);
	if (list_empty(&c->rq[t->rq_level]))
		c->rq_mask &= ~(1u << t->rq_level);
	c->rq_count--;
}

/* t goes before `running`. */
static bool is_better(const struct thread *t, const struct thread *running)
{
	return t->prio < running->prio ||
		(t->prio == running->prio && t->rt_prio > running->rt_prio);
}

static bool may_run(const struct thread *t, const struct cpu *c)
{
	return (t->affinity >> c->id & 1) != 0;
}

/* A CPU that runs something that t goes before, the one that ran it last if that is such. */
static struct cpu *lesser_cpu(const struct thread *t)
{
	for (uint32_t i = 0; i < ncpu; i++) {
		struct cpu *c = &cpus[(t->cpu + i) % ncpu];
		struct thread *running = c->current;

		if (may_run(t, c) && running != NULL && is_better(t, running))
			return c;
	}
	return NULL;
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
	if (!fresh && me->rq_count == 0 && may_run(t, me) && t->rt_prio == 0)
		return me;
	idle = idle_cpu(t);
	if (idle == NULL && t->rt_prio != 0)
		idle = lesser_cpu(t);
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
	bool better = cur == NULL || is_better(t, cur);

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

/*
 * The best level that waits; now and then one of the others, each in its turn, so that nothing starves:
 * were it always the worst, those between would. Queue not empty.
 */
static int choose_level(struct cpu *c, int64_t now)
{
	int best = __builtin_ctz(c->rq_mask);
	uint32_t others = c->rq_mask & ~(1u << best), below;

	if (others == 0)
		c->fair_since = now;
	if (now - c->fair_since < (best == PRIO_RT ? RT_STARVE : STARVE))
		return best;
	c->fair_since = now;
	below = others & ~((2u << c->fair_level) - 1);
	c->fair_level = (uint8_t)__builtin_ctz(below != 0 ? below : others);
	return c->fair_level;
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

/*
 * From the tick of a CPU that runs no real-time thread: one of the threads that wait where there are more is taken
 * over, so that all wait equally long; or, when nothing waits here, one that waits behind a real-time one. An idle
 * CPU need not wait for its tick.
 */
static void pull(struct cpu *c)
{
	struct thread *t = NULL;
	bool alone = c->rq_count == 0;

	for (uint32_t i = 1; i < ncpu && t == NULL; i++) {
		struct cpu *v = &cpus[(c->id + i) % ncpu];

		if (v->rq_count > c->rq_count + 1 || (alone && v->rq_count != 0 && v->current->rt_prio != 0))
			t = steal_from(v, c);
	}
	if (t == NULL)
		return;
	spin_lock(&c->rq_lock);
	rq_add(c, t, false);
	spin_unlock(&c->rq_lock);
	if (alone)
		c->resched = true;
}

/* From the timer, in what the thread t was interrupted: its times are brought up to date. */
void sched_tick(struct cpu *c, int64_t now, struct tframe *tf)
{
	struct thread *t = c->current;
	uint64_t tsc = rdtsc();

	if (now < c->tick_at)
		return;
	load_tick(now);
	c->tick_at = t == c->idle ? T_FOREVER : now + CPU_TICK;
	if (t != c->idle && t->rt_prio == 0 && ncpu > 1)
		pull(c);
	if (t == c->idle || (tf->cs & 3) == 0)
		return;
	t->ticks_run += tsc - c->last_switch;
	c->last_switch = tsc;
	/* sysret leaves the address it goes to in rcx, a fault comes back to its instruction: nothing was executed since. */
	bool sys = tf->rcx == tf->rip || tf->rip == c->fault_rip;
	c->fault_rip = 0;
	usage_tick(t, sys);
}

/* A thread that ended runs no more. */
static __attribute__((noinline)) void bury(struct thread *t)
{
	kstack_free(t->kstack);
	t->kstack = NULL;
	t->on_cpu = false;
	obj_put(&t->obj);
}

/* The first thing that runs after a switch, in the new thread. From entry.S for fresh ones. */
void sched_switched(void)
{
	struct cpu *c = this_cpu();
	struct thread *prev = c->switched_from;

	c->switched_from = NULL;
	if (prev->dead)
		bury(prev);
	else
		__atomic_store_n(&prev->on_cpu, false, __ATOMIC_RELEASE);
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
	c->nsys = next->nsys;
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

/*
 * SCHED_RR has slices of its own; a nice thread has shorter ones than its equals, so that its share
 * is (20 - nice) to theirs.
 */
static int64_t slice_of(const struct thread *t)
{
	if (t->policy == POLICY_RR)
		return RR_SLICE;
	return t->nice == 0 ? SLICE : (int64_t)SLICE * (20 - t->nice) / 20;
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
	c->slice_end = next != c->idle ? now + slice_of(next) : T_FOREVER;
	if (next != c->idle && c->tick_at == T_FOREVER)
		c->tick_at = now + CPU_TICK;
	if (c->rq_count != 0 || c->tick_at < c->timer_armed)
		timer_rearm(c);
	if (next != prev)
		sched_switch(c, prev, next);
}

/*
 * Whether current, which must give way, keeps its turn: real-time threads do, unless the slice of a
 * SCHED_RR one is over.
 */
static bool keeps_turn(const struct thread *t, bool over)
{
	return t->rt_prio != 0 && !(over && t->policy == POLICY_RR);
}

/* The slice is over when it was a full one: such threads sink to PRIO_BATCH till they next sleep. */
void sched_yield(void)
{
	struct cpu *c = this_cpu();
	struct thread *t = c->current;
	bool over;

	if (c->rq_count == 0) {
		c->resched = false;
		return;
	}
	t->usage.nivcsw++;
	over = time_now() >= c->slice_end;
	if (over && t->prio == PRIO_NORMAL)
		t->prio = PRIO_BATCH;
	spin_lock(&c->rq_lock);
	rq_add(c, t, keeps_turn(t, over));
	spin_unlock(&c->rq_lock);
	schedule();
}

/* Lets all others of its level run first, and those that used up their slices too. */
void sched_give_way(void)
{
	struct cpu *c = this_cpu();
	struct thread *t = c->current;

	if (c->rq_count == 0)
		return;
	if (t->prio < PRIO_BATCH && t->rt_prio == 0)
		t->prio = PRIO_BATCH;
	spin_lock(&c->rq_lock);
	rq_add(c, t, false);
	spin_unlock(&c->rq_lock);
	schedule();
}

/* Gives t the place in its queue, if it is in one, that its new priority asks for. */
void sched_replace(struct thread *t)
{
	struct cpu *c;

	for (;;) {
		c = &cpus[__atomic_load_n(&t->rq_cpu, __ATOMIC_ACQUIRE)];
		spin_lock(&c->rq_lock);
		if (list_empty(&t->rq_node))
			break;
		if (__atomic_load_n(&t->rq_cpu, __ATOMIC_ACQUIRE) == c->id) {
			rq_remove(c, t);
			rq_add(c, t, false);
			spin_unlock(&c->rq_lock);
			kick(c, t);
			return;
		}
		spin_unlock(&c->rq_lock);
	}
	spin_unlock(&c->rq_lock);
	if (t->on_cpu)			/* it may now be a lesser one than what waits */
		thread_work(t, WORK_RESCHED);
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
	c->spread_at = c->tick_at = T_FOREVER;
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
