/* SPDX-License-Identifier: MIT */
/* Timer objects. */
#include "defs.h"
#include "obj/file.h"
#include "obj/handle.h"
#include "obj/poll.h"
#include "obj/timer.h"
#include "obj/wall.h"
#include "proc/proc.h"
#include "sys/sys.h"

#define SI_TIMER	(-2)
#define TIMER_GAP	50000		/* ns: a faster timer counts several expirations at once */

/* lock guards all but ktimer's own state; busy: one ktimer_set or cancel at a time. */
struct timer {
	struct obj obj;			/* OBJ_TIMER */
	struct spinlock lock;
	struct ktimer kt;
	int64_t next, interval;		/* next 0: disarmed */
	_Atomic uint64_t expired;	/* since the last read */
	_Atomic uint32_t fflags;	/* O_NONBLOCK */
	bool busy;
	bool made_wall;			/* was created as TIMER_WALL; clock is TIMER_MONOTONIC */
	bool wall;			/* next is of the wall clock; changes with ktimer at rest */
	struct list wall_node;		/* in walls, once it was set by that clock; under walls_lock */
	struct waitq readers, setters;
	struct poll_head poll;
	struct proc *target;		/* referenced; NULL: no signal */
	struct thread *to;		/* referenced; of target, or NULL: any */
	int signo, id;
	uint64_t value;
	struct timer_sig sig;
	/* CPU time: no ktimer, but looked at every tick. */
	uint8_t clock;			/* enum timer_clock; the rest is unused for TIMER_MONOTONIC */
	struct proc *proc;		/* whose time, referenced */
	struct thread *thread;		/* referenced: TIMER_THREAD_CPU */
	struct list cpu_node;		/* in proc.cpu_timers, under proc.lock */
};

/* Timers that may have to follow the wall clock when it is set. */
static struct spinlock walls_lock = SPINLOCK_INIT("wall timers", RANK_WALL);
static struct list walls = LIST_INIT(walls);

static void timer_destroy(struct obj *o);
static uint32_t timer_ready(struct obj *o);
static struct poll_head *timer_poll(struct obj *o);

static const struct obj_type timer_type = {
	.kind = OBJ_TIMER, .name = "timer", .destroy = timer_destroy, .ready = timer_ready,
	.poll = timer_poll,
};

static uint32_t timer_ready(struct obj *o)
{
	return atomic_load(&container_of(o, struct timer, obj)->expired) ? EV_IN : 0;
}

static struct poll_head *timer_poll(struct obj *o)
{
	return &container_of(o, struct timer, obj)->poll;
}

static void target_put(struct proc *p, struct thread *to, struct timer_sig *ts)
{
	if (p)
		sig_timer_forget(p, ts);
	if (to)
		obj_put(&to->obj);
	if (p)
		obj_put(&p->obj);
}

/* A timer on CPU time is looked at no more. */
static void cpu_detach(struct timer *t)
{
	if (!t->proc)
		return;
	spin_lock(&t->proc->lock);
	list_del(&t->cpu_node);
	spin_unlock(&t->proc->lock);
	if (t->thread)
		obj_put(&t->thread->obj);
	obj_put(&t->proc->obj);
}

static void timer_destroy(struct obj *o)
{
	struct timer *t = container_of(o, struct timer, obj);

	spin_lock(&t->lock);
	t->next = 0;
	spin_unlock(&t->lock);
	ktimer_cancel(&t->kt);
	spin_lock(&walls_lock);
	list_del(&t->wall_node);
	spin_unlock(&walls_lock);
	cpu_detach(t);
	bind_forget(o, &t->poll);
	target_put(t->target, t->to, &t->sig);
	kfree(t);
}

/* Counts what has expired until now and moves `next` on; lock held. How often. */
static uint64_t timer_advance(struct timer *t, int64_t now)
{
	if (t->next == 0 || now < t->next)
		return 0;
	uint64_t times = 1;
	if (t->interval > 0) {
		times += (uint64_t)((now - t->next) / t->interval);
		t->next += (int64_t)times * t->interval;
	} else {
		t->next = 0;
	}
	atomic_fetch_add(&t->expired, times);
	return times;
}

/* The timer's clock. */
static int64_t timer_now(struct timer *t)
{
	switch (t->clock) {
	case TIMER_THREAD_CPU:
		return thread_ns(t->thread);
	case TIMER_PROC_CPU:
	case TIMER_PROC_USER:
		return proc_cpu_ns(t->proc, t->clock == TIMER_PROC_USER);
	}
	return t->wall ? time_wall() : time_now();
}

/* Arms the ktimer for `next`, but not before `now` + gap; lock held. */
static void timer_arm(struct timer *t, int64_t now, int64_t gap)
{
	int64_t at = t->next > now + gap ? t->next : now + gap;

	ktimer_set(&t->kt, t->wall ? time_of_wall(at) : at);
}

static void timer_expire(struct timer *t)
{
	struct abi_siginfo si = { .code = SI_TIMER };
	int64_t now = timer_now(t);

	spin_lock(&t->lock);
	uint64_t times = timer_advance(t, now);
	int64_t next = t->next;
	struct proc *target = times ? t->target : NULL;
	struct thread *to = t->to;
	if (target)
		obj_get(&target->obj);
	if (target && to)
		obj_get(&to->obj);
	si.signo = t->signo;
	si.u.timer.timerid = t->id;
	si.u.timer.value = t->value;
	if (times)
		waitq_wake_all(&t->readers);
	if (next && t->clock == TIMER_MONOTONIC)
		timer_arm(t, now, TIMER_GAP);
	spin_unlock(&t->lock);
	if (times)
		poll_notify(&t->poll, EV_IN);
	if (target) {
		sig_send_timer(target, to, &si, &t->sig, times);
		if (to)
			obj_put(&to->obj);
		obj_put(&target->obj);
	}
}

static void timer_fire(struct ktimer *kt)
{
	timer_expire(container_of(kt, struct timer, kt));
}

/* The next timer of p after `after` that counts CPU time, referenced. */
static struct timer *cpu_next(struct proc *p, struct timer *after)
{
	struct timer *found = NULL;
	bool seen = after == NULL;

	spin_lock(&p->lock);
	list_for(n, &p->cpu_timers) {
		struct timer *t = list_entry(n, struct timer, cpu_node);
		if (seen && t->next && obj_tryget(&t->obj)) {
			found = t;
			break;
		}
		seen |= t == after;
	}
	spin_unlock(&p->lock);
	return found;
}

void cpu_timers_check(struct proc *p)
{
	struct timer *t = cpu_next(p, NULL);

	while (t) {
		timer_expire(t);
		struct timer *next = cpu_next(p, t);
		obj_put(&t->obj);
		t = next;
	}
}

/* t shall count CPU time of the caller's process, or of its thread tid (0: the caller). */
static int timer_clock(struct timer *t, long clock, uint32_t tid)
{
	struct proc *p = current()->proc;

	if (clock == TIMER_MONOTONIC)
		return 0;
	if (clock == TIMER_THREAD_CPU && !(t->thread = proc_thread(p, tid)))
		return -ESRCH;
	obj_get(&p->obj);
	t->proc = p;
	t->clock = (uint8_t)clock;
	spin_lock(&p->lock);
	list_add_tail(&p->cpu_timers, &t->cpu_node);
	spin_unlock(&p->lock);
	return 0;
}

long sys_timer_create(long flags, long clock, long tid)
{
	if ((flags & ~(long)(H_CLOEXEC | H_PUT_LOW)) || clock < 0 || clock > TIMER_WALL)
		return -EINVAL;
	struct timer *t = kzalloc(sizeof *t);
	if (!t)
		return -ENOMEM;
	obj_init(&t->obj, &timer_type);
	spin_init(&t->lock, "timer", RANK_TIMEROBJ);
	ktimer_init(&t->kt, timer_fire);
	waitq_init(&t->readers);
	waitq_init(&t->setters);
	poll_init(&t->poll, RANK_BIND);
	list_init(&t->cpu_node);
	list_init(&t->wall_node);
	t->made_wall = clock == TIMER_WALL;
	int err = timer_clock(t, t->made_wall ? TIMER_MONOTONIC : clock, (uint32_t)tid);
	if (err) {
		obj_put(&t->obj);
		return err;
	}
	return handle_new(&t->obj, R_ALL, (uint32_t)flags);
}

static int timer_get(long h, struct timer **t)
{
	struct obj *o;
	int err = handle_object((handle_t)h, OBJ_TIMER, R_CONTROL, &o);

	if (!err)
		*t = container_of(o, struct timer, obj);
	return err;
}

/*
 * Only one thread at a time changes the ktimer; the lock is dropped while it waits for the
 * callback. Between the two the lock is held but for that, and the ktimer is at rest.
 */
static void timer_begin(struct timer *t)
{
	spin_lock(&t->lock);
	while (t->busy)
		waitq_sleep(&t->setters, &t->lock, T_FOREVER, PARK_SOLID);
	t->busy = true;
}

static void timer_rest(struct timer *t)
{
	spin_unlock(&t->lock);
	ktimer_cancel(&t->kt);
	spin_lock(&t->lock);
}

static void timer_end(struct timer *t)
{
	t->busy = false;
	waitq_wake_one(&t->setters);
	spin_unlock(&t->lock);
}

/* What SYS_timer_set tells; lock held. */
static void timer_state(const struct timer *t, int64_t now[2])
{
	now[0] = t->next;
	now[1] = t->interval;
	if (t->next && t->wall && (now[0] = time_of_wall(t->next)) <= 0)
		now[0] = 1;
}

static void timer_change(struct timer *t, int64_t first, int64_t interval, bool wall, int64_t old[2])
{
	timer_begin(t);
	timer_state(t, old);
	t->next = 0;
	timer_rest(t);
	t->next = first;
	t->interval = interval;
	t->wall = wall;
	atomic_store(&t->expired, 0);
	if (first && t->clock == TIMER_MONOTONIC)
		timer_arm(t, 0, 0);
	timer_end(t);
}

static long timer_set(long h, long first, long interval, bool wall, long uold)
{
	struct timer *t;
	int64_t old[2];

	if (first < 0 || interval < 0 || (interval && interval < 1000))
		return -EINVAL;
	int err = timer_get(h, &t);
	if (err)
		return err;
	if (wall && t->clock != TIMER_MONOTONIC) {
		obj_put(&t->obj);
		return -EINVAL;
	}
	if (wall) {
		/* Before the clock is looked at: who sets it afterwards finds the timer here. */
		spin_lock(&walls_lock);
		if (list_empty(&t->wall_node))
			list_add_tail(&walls, &t->wall_node);
		spin_unlock(&walls_lock);
	}
	timer_change(t, first, interval, wall, old);
	obj_put(&t->obj);
	return uold ? copyout((uint64_t)uold, old, sizeof old) : 0;
}

long sys_timer_set(long h, long first, long interval, long uold)
{
	return timer_set(h, first, interval, false, uold);
}

long sys_timer_set_wall(long h, long first, long interval, long uold)
{
	return timer_set(h, first, interval, true, uold);
}

long sys_timer_get(long h, long unow)
{
	struct timer *t;
	int64_t now[2];
	int err = timer_get(h, &t);

	if (err)
		return err;
	spin_lock(&t->lock);
	timer_state(t, now);
	spin_unlock(&t->lock);
	long clock = t->made_wall ? TIMER_WALL : t->clock;
	obj_put(&t->obj);
	err = copyout((uint64_t)unow, now, sizeof now);
	return err ? err : clock;
}

/* The next of walls after `after`, referenced. */
static struct timer *wall_next(struct timer *after)
{
	struct timer *found = NULL;
	bool seen = after == NULL;

	spin_lock(&walls_lock);
	list_for(n, &walls) {
		struct timer *t = list_entry(n, struct timer, wall_node);
		if (seen && obj_tryget(&t->obj)) {
			found = t;
			break;
		}
		seen |= t == after;
	}
	spin_unlock(&walls_lock);
	return found;
}

void timers_wall_changed(void)
{
	struct timer *t = wall_next(NULL);

	while (t) {
		timer_begin(t);
		int64_t at = t->next;
		if (t->wall && at) {
			t->next = 0;		/* the callback arms nothing */
			timer_rest(t);
			t->next = at;
			timer_arm(t, 0, 0);
		}
		timer_end(t);
		struct timer *next = wall_next(t);
		obj_put(&t->obj);
		t = next;
	}
}

long sys_timer_signal(long h, long signo, long value, long tid, long id)
{
	struct proc *p = signo ? current()->proc : NULL;
	struct thread *to = NULL;
	struct timer *t;

	if (signo < 0 || signo >= ABI_NSIG)
		return -EINVAL;
	int err = timer_get(h, &t);
	if (err)
		return err;
	if (p && tid && !(to = proc_thread(p, (uint32_t)tid))) {
		obj_put(&t->obj);
		return -EINVAL;
	}
	if (p)
		obj_get(&p->obj);
	spin_lock(&t->lock);
	struct proc *old = t->target;
	struct thread *old_to = t->to;
	t->target = p;
	t->to = to;
	t->signo = (int)signo;
	t->id = (int)id;
	t->value = (uint64_t)value;
	spin_unlock(&t->lock);
	target_put(old, old_to, &t->sig);
	obj_put(&t->obj);
	return 0;
}

long sys_timer_overrun(long h)
{
	struct timer *t;
	int err = timer_get(h, &t);

	if (err)
		return err;
	long n = (long)t->sig.last;
	obj_put(&t->obj);
	return n;
}

/* Waits till it has expired and takes the count. */
static int64_t timer_take(struct timer *t, uint64_t *count)
{
	int err = 0;

	spin_lock(&t->lock);
	while ((*count = atomic_exchange(&t->expired, 0)) == 0 && !err)
		err = atomic_load(&t->fflags) & O_NONBLOCK ? -EAGAIN :
		    waitq_sleep(&t->readers, &t->lock, T_FOREVER, PARK_INTR);
	spin_unlock(&t->lock);
	if (*count)
		return 0;
	return err == -EAGAIN ? err : -ERESTART;
}

int64_t timer_read(handle_t h, struct iter *it)
{
	struct obj *o;
	uint64_t count, n = sizeof count;
	int64_t err = handle_object(h, OBJ_TIMER, R_READ, &o);

	if (err)
		return err;
	if (it->left < n || (iter_front(it, &n), n < sizeof count))
		err = -EINVAL;
	else
		err = timer_take(container_of(o, struct timer, obj), &count);
	if (!err && copyout(iter_front(it, &n), &count, sizeof count))
		err = -EFAULT;
	obj_put(o);
	return err ? err : (int64_t)sizeof count;
}

int timer_flags(handle_t h, uint32_t mask, uint32_t flags)
{
	struct obj *o;
	int err = handle_object(h, OBJ_TIMER, 0, &o);

	if (err)
		return err;
	struct timer *t = container_of(o, struct timer, obj);
	uint32_t old = atomic_load(&t->fflags), m = mask & O_NONBLOCK;
	while (!atomic_compare_exchange_weak(&t->fflags, &old, (old & ~m) | (flags & m)))
		;
	obj_put(o);
	return (int)(old | O_RDWR);
}
