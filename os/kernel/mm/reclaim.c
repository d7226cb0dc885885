/* SPDX-License-Identifier: MIT */
/*
 * Giving back memory. A hand goes round the pages of each pager-backed mem, and round the mems: a clean
 * page that was used since its last visit is spared once (MP_ACCESSED; for mapped pages the bit that the
 * processor sets), others go. The reclaimer, a thread, unmaps what is mapped, tells pagers to write back,
 * and when nothing comes of it has a process killed.
 */
#include "defs.h"
#include "ipc/port.h"
#include "mm/private.h"
#include "proc/proc.h"

#define BATCH		256u		/* pages of a mem looked at in one go */
#define LAPS		4		/* round all pages: the first may only clear what says "used" */
#define PACE		20000000	/* ns between looks while someone waits */
#define PATIENCE	10000000000	/* ns that a pager may take to clean a page */
#define SERVER_WAIT	2000000000	/* ns that a server waits: others wait for it */
#define THRASHING	2000000000	/* ns of shortage after which pages that go come back as fast */
#define REST		200000000	/* ns without another look when one found nothing and nobody waits */

extern struct spinlock pagers_lock;
extern struct list pagers;

volatile bool reclaim_due;
static struct thread *reclaimer_thread;
static struct spinlock lock = SPINLOCK_INIT("shortage", RANK_SHORTAGE);
static struct waitq waiters = WAITQ_INIT(waiters);
static uint32_t nwaiting, servers_waiting;	/* lock */
static uint64_t refusals;			/* lock: times that all waiters were told that there is nothing */
static int64_t rest_until;

bool mem_is_server(void)
{
	const struct thread *t = current();
	const struct proc *p = t != NULL ? t->proc : NULL;

	return p == NULL || (t->work & WORK_KILL) || p->pid == 1 ||
		(p->has_port && CRED_UID(atomic_load(&p->cred)) == 0);
}

/* What a visit has found. Pages first..last are mapped and may be unmapped. */
struct visit { uint64_t got, seen, first, last; bool end; };

/* Goes on from the hand over up to BATCH pages of m. Lock of m held. */
static void visit_pages(struct mem *m, uint64_t want, bool hard, struct visit *v)
{
	struct frame *f = NULL;
	uint64_t i = m->hand;

	for (; v->seen < BATCH && v->got < want && (f = mem_page_next(m, &i, UINT64_MAX)) != NULL; i++) {
		v->seen++;
		if ((f->flags & MP_DIRTY) || (i >= m->out_first && i < m->out_end))
			continue;
		if (f->ref != 1) {
			v->first = v->first < i ? v->first : i;
			v->last = i;
		} else if ((f->flags & MP_ACCESSED) && !hard) {
			f->flags &= (uint8_t)~MP_ACCESSED;
		} else {
			mem_page_remove(m, i);
			frame_put(f);
			v->got++;
		}
	}
	v->end = f == NULL;
	m->hand = v->end ? 0 : i;
}

#define VISIT_NONE	{ .first = UINT64_MAX }

uint64_t mem_reclaim(uint64_t want)
{
	uint64_t got = 0;

	if (!spin_trylock(&pagers_lock))
		return 0;
	for (int pass = 0; pass < 2 && got == 0; pass++)
		list_for(n, &pagers) {
			struct mem *m = list_entry(n, struct mem, pager_node);
			struct visit v = VISIT_NONE;

			if (got >= want)
				break;
			if (m->npages == m->ndirty || !spin_trylock(&m->lock))
				continue;
			visit_pages(m, want - got, pass == 1, &v);
			spin_unlock(&m->lock);
			got += v.got;
		}
	/* The first becomes the last: another mem is visited first next time. */
	if (!list_empty(&pagers)) {
		struct list *first = pagers.next;

		list_del(first);
		list_add_tail(&pagers, first);
	}
	spin_unlock(&pagers_lock);
	return got;
}

/* The mem whose turn it is, referenced; it becomes the last. NULL: none. */
static struct mem *next_mem(uint64_t *count)
{
	struct mem *found = NULL;

	spin_lock(&pagers_lock);
	for (; found == NULL && *count != 0 && !list_empty(&pagers); --*count) {
		struct list *first = pagers.next;
		struct mem *m = list_entry(first, struct mem, pager_node);

		list_del(first);
		list_add_tail(&pagers, first);
		if (m->npages != 0 && obj_tryget(&m->obj))
			found = m;
	}
	spin_unlock(&pagers_lock);
	return found;
}

static uint64_t count_mems(void)
{
	uint64_t n = 0;

	spin_lock(&pagers_lock);
	list_for(l, &pagers)
		n++;
	spin_unlock(&pagers_lock);
	return n;
}

/* One turn of the hand over m: frames that were freed. */
static uint64_t turn(struct mem *m, uint64_t want)
{
	uint64_t got = 0;
	bool end = false;

	while (!end && got < want) {
		struct visit v = VISIT_NONE;

		spin_lock(&m->lock);
		visit_pages(m, want - got, false, &v);
		spin_unlock(&m->lock);
		if (v.first <= v.last)
			mem_sweep(m, v.first, v.last + 1, SWEEP_AGE);
		got += v.got;
		end = v.end;
		sched_point();
	}
	return got;
}

static uint64_t lap(uint64_t want)
{
	uint64_t count = count_mems(), got = 0;
	struct mem *m;

	while (got < want && (m = next_mem(&count)) != NULL) {
		got += turn(m, want - got);
		obj_put(&m->obj);
	}
	return got;
}

/* Tells the pager of m to write back, once until it does. */
static void press_one(struct mem *m)
{
	bool tell;

	spin_lock(&m->lock);
	tell = m->ndirty != 0 && !m->dead && !m->pressed;
	m->pressed |= tell;
	spin_unlock(&m->lock);
	if (tell && port_post_page(m->port, m->key, PAGE_PRESSURE, 0, 0) != 0)
		m->pressed = false;
}

static void press(void)
{
	uint64_t count = count_mems();
	struct mem *m;

	while ((m = next_mem(&count)) != NULL) {
		press_one(m);
		obj_put(&m->obj);
	}
}

void mem_reclaim_wake(void)
{
	reclaim_due = false;
	if (reclaimer_thread != NULL && (nwaiting != 0 || time_now() >= rest_until))
		thread_wake(reclaimer_thread);
}

int mem_wait(void)
{
	bool server = mem_is_server();
	int64_t until = server ? time_now() + SERVER_WAIT : T_FOREVER;
	uint64_t seen;
	int err = 0;

	if (current()->proc == NULL)
		return -ENOMEM;
	spin_lock(&lock);
	seen = refusals;
	nwaiting++;
	servers_waiting += server;
	spin_unlock(&lock);
	mem_reclaim_wake();
	spin_lock(&lock);
	if (frame_short() && refusals == seen)
		err = waitq_sleep(&waiters, &lock, until, PARK_KILL);
	if (err == -ETIMEDOUT || (err == 0 && refusals != seen))
		err = -ENOMEM;
	nwaiting--;
	servers_waiting -= server;
	spin_unlock(&lock);
	return err;
}

static void tell_waiters(bool refuse)
{
	spin_lock(&lock);
	refusals += refuse;
	waitq_wake_all(&waiters);
	spin_unlock(&lock);
}

/*
 * Someone waits and nothing was freed, or only what is read again at once. Dirty pages may become clean:
 * their pagers get time, unless they wait themselves or what is dirty would not help. Else a process must go.
 */
static void no_progress(int64_t since)
{
	bool pagers_work = servers_waiting == 0 && mem_dirty_pages() > BATCH;

	if (pagers_work && time_now() - since < PATIENCE)
		return;
	if (!oom_kill())
		tell_waiters(true);
}

static void reclaimer(void *arg)
{
	int64_t progress = time_now();

	(void)arg;
	for (;;) {
		uint64_t got = 0, want, low = frame_low();

		for (int i = 0; i < LAPS && frame_free_count() < low; i++) {
			want = 2 * low - frame_free_count();
			got += lap(want);
		}
		if (frame_free_count() < low)
			press();
		if (nwaiting == 0 || !frame_short())
			progress = time_now();
		if (got == 0)
			rest_until = time_now() + REST;
		if (nwaiting != 0 && !frame_short())
			tell_waiters(false);
		else if (nwaiting != 0 && (got == 0 || time_now() - progress > THRASHING))
			no_progress(progress);
		thread_park(nwaiting != 0 ? time_now() + PACE : T_FOREVER, PARK_SOLID);
	}
}

void mem_reclaim_start(void)
{
	reclaimer_thread = kthread_create("reclaim", reclaimer, NULL);
	kassert(reclaimer_thread != NULL);
	reclaimer_thread->prio = reclaimer_thread->base_prio = PRIO_HIGH;
	thread_start(reclaimer_thread);
}
