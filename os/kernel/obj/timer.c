/* SPDX-License-Identifier: MIT */
/* Timer objects, and SYS_sleep. */
#include "defs.h"
#include "obj/handle.h"
#include "obj/poll.h"
#include "obj/timer.h"
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
	bool busy;
	struct waitq readers, setters;
	struct poll_head poll;
	struct proc *target;		/* referenced; NULL: no signal */
	int signo;
	uint64_t value;
};

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

static void timer_destroy(struct obj *o)
{
	struct timer *t = container_of(o, struct timer, obj);

	spin_lock(&t->lock);
	t->next = 0;
	spin_unlock(&t->lock);
	ktimer_cancel(&t->kt);
	bind_forget(o, &t->poll);
	if (t->target)
		obj_put(&t->target->obj);
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

static void timer_fire(struct ktimer *kt)
{
	struct timer *t = container_of(kt, struct timer, kt);
	struct abi_siginfo si = { .signo = 0, .code = SI_TIMER };

	spin_lock(&t->lock);
	uint64_t times = timer_advance(t, time_now());
	int64_t now = time_now(), next = t->next;
	struct proc *target = times ? t->target : NULL;
	if (target)
		obj_get(&target->obj);
	si.signo = t->signo;
	si.u.timer.overrun = (int32_t)(times > INT32_MAX ? INT32_MAX : times - (times > 0));
	si.u.timer.value = t->value;
	if (times)
		waitq_wake_all(&t->readers);
	if (next)
		ktimer_set(kt, next > now + TIMER_GAP ? next : now + TIMER_GAP);
	spin_unlock(&t->lock);
	if (times)
		poll_notify(&t->poll, EV_IN);
	if (target) {
		sig_send_proc(target, si.signo, &si);
		obj_put(&target->obj);
	}
}

long sys_timer_create(long flags)
{
	if (flags & ~(long)(H_CLOEXEC | H_PUT_LOW))
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
 * callback.
 */
static void timer_change(struct timer *t, int64_t first, int64_t interval, int64_t old[2])
{
	spin_lock(&t->lock);
	while (t->busy)
		waitq_sleep(&t->setters, &t->lock, T_FOREVER, PARK_SOLID);
	t->busy = true;
	old[0] = t->next;
	old[1] = t->interval;
	t->next = 0;
	spin_unlock(&t->lock);
	ktimer_cancel(&t->kt);
	spin_lock(&t->lock);
	t->next = first;
	t->interval = interval;
	atomic_store(&t->expired, 0);
	if (first)
		ktimer_set(&t->kt, first);
	t->busy = false;
	waitq_wake_one(&t->setters);
	spin_unlock(&t->lock);
}

long sys_timer_set(long h, long first, long interval, long uold)
{
	struct timer *t;
	int64_t old[2];

	if (first < 0 || interval < 0 || (interval && interval < 1000))
		return -EINVAL;
	int err = timer_get(h, &t);
	if (err)
		return err;
	timer_change(t, first, interval, old);
	obj_put(&t->obj);
	return uold ? copyout((uint64_t)uold, old, sizeof old) : 0;
}

long sys_timer_signal(long h, long signo, long value)
{
	struct timer *t;

	if (signo < 0 || signo >= ABI_NSIG)
		return -EINVAL;
	int err = timer_get(h, &t);
	if (err)
		return err;
	struct proc *p = signo ? current()->proc : NULL;
	if (p)
		obj_get(&p->obj);
	spin_lock(&t->lock);
	struct proc *old = t->target;
	t->target = p;
	t->signo = (int)signo;
	t->value = (uint64_t)value;
	spin_unlock(&t->lock);
	if (old)
		obj_put(&old->obj);
	obj_put(&t->obj);
	return 0;
}

/* Waits till it has expired and takes the count. */
static int64_t timer_take(struct timer *t, uint64_t *count)
{
	int err = 0;

	spin_lock(&t->lock);
	while ((*count = atomic_exchange(&t->expired, 0)) == 0 && !err)
		err = waitq_sleep(&t->readers, &t->lock, T_FOREVER, PARK_INTR);
	spin_unlock(&t->lock);
	return *count ? 0 : -ERESTART;
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

long sys_sleep(long deadline)
{
	int err = 0;

	while (!err && time_now() < deadline)
		err = thread_park(deadline, PARK_INTR);
	return err == -EINTR ? -ERESTART_QUIET : 0;
}
