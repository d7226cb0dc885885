/* SPDX-License-Identifier: MIT */
/* Sleeping, and the waits that follow the wall clock. */
#include "defs.h"
#include "obj/timer.h"
#include "obj/wall.h"
#include "sys/sys.h"

/* On the stack of the thread that waits, in `waits` while it does. */
struct wall_wait {
	struct list node;
	struct thread *thread;
};

static struct spinlock waits_lock = SPINLOCK_INIT("wall waits", RANK_WALL);
static struct list waits = LIST_INIT(waits);

/* The clock is looked at after the wait is in the list: who sets it afterwards wakes the thread. */
int wall_park(int64_t deadline, unsigned flags)
{
	struct wall_wait w = { .thread = current() };

	spin_lock(&waits_lock);
	list_add_tail(&waits, &w.node);
	spin_unlock(&waits_lock);
	int err = thread_park(time_of_wall(deadline), flags);
	spin_lock(&waits_lock);
	list_del(&w.node);
	spin_unlock(&waits_lock);
	return err;
}

void wall_changed(void)
{
	spin_lock(&waits_lock);
	list_for(n, &waits)
		thread_wake(list_entry(n, struct wall_wait, node)->thread);
	spin_unlock(&waits_lock);
	timers_wall_changed();
}

long sys_sleep(long deadline)
{
	int err = 0;

	while (!err && time_now() < deadline)
		err = thread_park(deadline, PARK_INTR);
	return err == -EINTR ? -ERESTART_QUIET : 0;
}

long sys_sleep_wall(long deadline)
{
	int err = 0;

	while (!err && time_wall() < deadline)
		err = wall_park(deadline, PARK_INTR);
	return err == -EINTR ? -ERESTART_QUIET : 0;
}
