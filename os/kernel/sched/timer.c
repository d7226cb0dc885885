/* SPDX-License-Identifier: MIT */
/*
 * Deadlines: per CPU a pairing heap of ktimers, and the local timer armed lazily: it is only moved
 * when something must come earlier than what it is set to.
 */
#include "arch/x86_64/asm.h"
#include "defs.h"
#include "sched/private.h"

/* Both roots; the later becomes the first child of the earlier. */
static struct ktimer *meld(struct ktimer *a, struct ktimer *b)
{
	if (a == NULL || b == NULL)
		return a != NULL ? a : b;
	if (b->deadline < a->deadline) {
		struct ktimer *x = a;

		a = b;
		b = x;
	}
	b->next = a->child;
	if (b->next != NULL)
		b->next->prev = b;
	b->prev = a;
	a->child = b;
	a->next = a->prev = NULL;
	return a;
}

/* The children of a removed node, melded by pairs, then together. */
static struct ktimer *meld_children(struct ktimer *first)
{
	struct ktimer *pairs = NULL, *root = NULL;

	while (first != NULL) {
		struct ktimer *a = first, *b = a->next, *rest = b != NULL ? b->next : NULL;

		a->next = a->prev = NULL;
		if (b != NULL)
			b->next = b->prev = NULL;
		a = meld(a, b);
		a->next = pairs;
		pairs = a;
		first = rest;
	}
	while (pairs != NULL) {
		struct ktimer *n = pairs->next;

		pairs->next = NULL;
		root = meld(root, pairs);
		pairs = n;
	}
	return root;
}

static void heap_remove(struct cpu *c, struct ktimer *t)
{
	struct ktimer *kids = meld_children(t->child);

	t->child = NULL;
	if (c->timers == t) {
		c->timers = kids;
	} else {
		if (t->prev->child == t)
			t->prev->child = t->next;
		else
			t->prev->next = t->next;
		if (t->next != NULL)
			t->next->prev = t->prev;
		c->timers = meld(c->timers, kids);
	}
	t->next = t->prev = NULL;
	c->timer_next = c->timers != NULL ? c->timers->deadline : T_FOREVER;
}

void ktimer_init(struct ktimer *t, void (*fn)(struct ktimer *))
{
	*t = (struct ktimer){ .fn = fn, .cpu = -1 };
}

/* Takes it out of the heap it is in. */
static void disarm(struct ktimer *t)
{
	struct cpu *c;

	if (!t->armed)
		return;
	c = &cpus[t->cpu];
	spin_lock(&c->timer_lock);
	if (t->armed) {
		heap_remove(c, t);
		t->armed = false;
	}
	spin_unlock(&c->timer_lock);
}

void ktimer_set(struct ktimer *t, int64_t deadline)
{
	struct cpu *c = this_cpu();

	disarm(t);
	if (deadline == T_FOREVER)
		return;
	spin_lock(&c->timer_lock);
	t->deadline = deadline;
	t->cpu = (int16_t)c->id;
	t->armed = true;
	c->timers = meld(c->timers, t);
	c->timer_next = c->timers->deadline;
	spin_unlock(&c->timer_lock);
	timer_rearm(c);
}

void ktimer_cancel(struct ktimer *t)
{
	disarm(t);
	while (t->running) {
		cpu_flush_poll();
		cpu_pause();
	}
}

static struct ktimer *take_expired(struct cpu *c, int64_t now)
{
	struct ktimer *t = NULL;

	spin_lock(&c->timer_lock);
	if (c->timers != NULL && c->timers->deadline <= now) {
		t = c->timers;
		heap_remove(c, t);
		t->running = true;	/* before armed falls: ktimer_cancel looks in the other order */
		__atomic_store_n(&t->armed, false, __ATOMIC_SEQ_CST);
	}
	spin_unlock(&c->timer_lock);
	return t;
}

void timer_interrupt(struct tframe *tf)
{
	struct cpu *c = this_cpu();
	int64_t now = time_now();
	struct ktimer *t;

	c->timer_armed = T_FOREVER;
	while (c->timer_next <= now && (t = take_expired(c, now)) != NULL) {
		t->fn(t);
		__atomic_store_n(&t->running, false, __ATOMIC_RELEASE);
	}
	if (c->rq_count != 0 && now >= c->slice_end)
		c->resched = true;
	sched_spread(c, now);
	sched_tick(c, now, tf);
	timer_rearm(c);
}

void timer_rearm(struct cpu *c)
{
	int64_t want = c->timer_next < c->spread_at ? c->timer_next : c->spread_at;

	want = want < c->tick_at ? want : c->tick_at;
	if (c->rq_count != 0 && !c->resched && c->slice_end < want)
		want = c->slice_end;
	if (want < c->timer_armed)
		clock_arm(c, want);
}

void timer_cpu_init(struct cpu *c)
{
	spin_init(&c->timer_lock, "timers", RANK_TIMER);
	c->timers = NULL;
	c->timer_next = c->timer_armed = T_FOREVER;
}
