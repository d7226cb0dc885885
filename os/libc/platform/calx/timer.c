/* SPDX-License-Identifier: MIT */
/*
 * timer.c: interval timers and POSIX timers: timer objects of the kernel that signal. A slot each;
 * the first three are those of setitimer. Handles are not passed to children or new programs.
 */
#include <signal.h>
#include <sys/time.h>
#include <time.h>
#include "calx.h"

#define NS 1000000000ll
#define TIMERS (3 + 128)		/* TIMER_MAX */
#define SHORTEST 1000			/* ns between expirations that the kernel accepts */

/* Under __calx_lock. */
static struct slot {
	handle_t h;
	int used;
	int clock;			/* CLOCK_*, as timer_create was given */
	enum timer_clock kind;
} slots[TIMERS];

static int slot_open(struct slot *s, enum timer_clock kind, int tid)
{
	handle_t h = sys(SYS_timer_create, H_CLOEXEC, kind, tid);

	if (h < 0)
		return h;
	*s = (struct slot){ .h = h, .used = 1, .kind = kind };
	return 0;
}

static void slot_close(struct slot *s)
{
	sys(SYS_handle_close, s->h);
	s->used = 0;
}

/* The time that the slot's deadlines are of. */
static int64_t now(const struct slot *s)
{
	switch (s->kind) {
	case TIMER_PROC_USER: {
		struct proc_usage u = {0};
		sys(SYS_proc_usage, H_NONE, 0, &u);
		return u.ns_user;
	}
	case TIMER_PROC_CPU:
	case TIMER_THREAD_CPU:
		return __calx_cpu_clock(s->clock);
	case TIMER_MONOTONIC:
	case TIMER_WALL:
		break;
	}
	return __calx_mono();
}

static int64_t interval_of(int64_t interval)
{
	return interval && interval < SHORTEST ? SHORTEST : interval;
}

static int arm(const struct slot *s, int64_t first, int64_t interval, int64_t old[2])
{
	return sys(SYS_timer_set, s->h, first, interval_of(interval), old);
}

static void peek(const struct slot *s, int64_t was[2])
{
	was[0] = was[1] = 0;
	if (s->used)
		sys(SYS_timer_get, s->h, was);
}

/* Time left, at least 1 ns of a timer that is armed. */
static int64_t left(const struct slot *s, const int64_t was[2])
{
	int64_t ns;

	if (!was[0])
		return 0;
	ns = was[0] - now(s);
	return ns > 0 ? ns : 1;
}

/* -- setitimer -- */

static const struct { int signo; enum timer_clock kind; int clock; } itimer[] = {
	[ITIMER_REAL] = { SIGALRM, TIMER_MONOTONIC, CLOCK_MONOTONIC },
	[ITIMER_VIRTUAL] = { SIGVTALRM, TIMER_PROC_USER, CLOCK_PROCESS_CPUTIME_ID },
	[ITIMER_PROF] = { SIGPROF, TIMER_PROC_CPU, CLOCK_PROCESS_CPUTIME_ID },
};

static int itimer_open(int which)
{
	struct slot *s = slots + which;
	int err = slot_open(s, itimer[which].kind, 0);

	if (err)
		return err;
	s->clock = itimer[which].clock;
	err = sys(SYS_timer_signal, s->h, itimer[which].signo, 0, 0, 0);
	if (err)
		slot_close(s);
	return err;
}

static struct timeval to_timeval(int64_t ns)
{
	struct timespec ts = __calx_timespec(ns + 999);

	return (struct timeval){ .tv_sec = ts.tv_sec, .tv_usec = ts.tv_nsec / 1000 };
}

static int64_t of_timeval(const struct timeval *tv)
{
	struct timespec ts = { .tv_sec = tv->tv_sec, .tv_nsec = tv->tv_usec * 1000 };

	return __calx_ns(&ts);
}

static int bad_timeval(const struct timeval *tv)
{
	return (unsigned long)tv->tv_usec >= 1000000 || tv->tv_sec < 0;
}

int plat_setitimer(int which, const struct itimerval *new, struct itimerval *old)
{
	struct slot *s = slots + which;
	int64_t first, was[2] = {0}, rest;
	int err = 0;

	if (which < 0 || which > ITIMER_PROF || bad_timeval(&new->it_value) || bad_timeval(&new->it_interval))
		return -EINVAL;
	first = of_timeval(&new->it_value);
	__calx_lock();
	if (!s->used && first)
		err = itimer_open(which);
	if (!err && s->used)
		err = arm(s, first ? now(s) + first : 0, first ? of_timeval(&new->it_interval) : 0, was);
	rest = left(s, was);
	__calx_unlock();
	if (!err && old)
		*old = (struct itimerval){ to_timeval(was[1]), to_timeval(rest) };
	return err;
}

int plat_getitimer(int which, struct itimerval *cur)
{
	int64_t was[2], rest;

	if (which < 0 || which > ITIMER_PROF)
		return -EINVAL;
	__calx_lock();
	peek(slots + which, was);
	rest = left(slots + which, was);
	__calx_unlock();
	*cur = (struct itimerval){ to_timeval(was[1]), to_timeval(rest) };
	return 0;
}

/* -- timer_create -- */

static int kind_of(int clock, enum timer_clock *kind, int *tid)
{
	*tid = 0;
	*kind = TIMER_MONOTONIC;
	if (clock == CLOCK_REALTIME || clock == CLOCK_MONOTONIC || clock == CLOCK_BOOTTIME)
		return 0;
	if (__calx_cpu_clock(clock) < 0)
		return -EINVAL;
	*kind = clock == CLOCK_THREAD_CPUTIME_ID || (clock < 0 && clock & 4) ? TIMER_THREAD_CPU : TIMER_PROC_CPU;
	if (clock < 0 && *kind == TIMER_THREAD_CPU)
		*tid = ~(clock >> 3);
	if (clock < 0 && *kind == TIMER_PROC_CPU && ~(clock >> 3) && ~(clock >> 3) != plat_getpid())
		return -ENOTSUP;	/* another process's time */
	return 0;
}

static int direct(const struct slot *s, const struct sigevent *ev, int id)
{
	int tid = 0;

	if (!ev)
		return sys(SYS_timer_signal, s->h, SIGALRM, id, 0, id);
	switch (ev->sigev_notify) {
	case SIGEV_NONE:
		return 0;
	case SIGEV_THREAD_ID:
		tid = ev->sigev_notify_thread_id;
		/* fallthrough */
	case SIGEV_SIGNAL:
		if (ev->sigev_signo < 1 || ev->sigev_signo >= ABI_NSIG)
			return -EINVAL;
		return sys(SYS_timer_signal, s->h, ev->sigev_signo, ev->sigev_value.sival_ptr, tid, id);
	}
	return -EINVAL;
}

int plat_timer_create(int clock, struct sigevent *ev, int *id)
{
	enum timer_clock kind;
	int tid, err = kind_of(clock, &kind, &tid), i;

	if (err)
		return err;
	err = -EAGAIN;
	__calx_lock();
	for (i = ITIMER_PROF + 1; i < TIMERS && slots[i].used; i++)
		;
	if (i < TIMERS)
		err = slot_open(slots + i, kind, tid);
	if (!err) {
		slots[i].clock = clock;
		err = direct(slots + i, ev, i);
		if (err)
			slot_close(slots + i);
	}
	__calx_unlock();
	if (!err)
		*id = i;
	return err;
}

static struct slot *slot_of(int id)
{
	return id > ITIMER_PROF && id < TIMERS && slots[id].used ? slots + id : 0;
}

static struct itimerspec state(const struct slot *s, const int64_t was[2])
{
	return (struct itimerspec){ __calx_timespec(was[1]), __calx_timespec(left(s, was)) };
}

/* When the timer shall expire first, of its own clock; 0: never. */
static int64_t first_of(const struct slot *s, int flags, const struct timespec *value)
{
	int64_t ns = __calx_ns(value), t;

	if (!ns)
		return 0;
	if (flags & TIMER_ABSTIME)
		t = ns;
	else if (__builtin_add_overflow(now(s), ns, &t))
		t = T_FOREVER;
	return t > 0 ? t : 1;
}

int plat_timer_settime(int id, int flags, const struct itimerspec *new, struct itimerspec *old)
{
	struct slot *s = slot_of(id);
	int64_t was[2] = {0}, first, interval;
	int err;

	if (!s || __calx_bad_timespec(&new->it_value) || __calx_bad_timespec(&new->it_interval))
		return -EINVAL;
	first = first_of(s, flags, &new->it_value);
	interval = __calx_ns(&new->it_interval);
	if (first && flags & TIMER_ABSTIME && s->clock == CLOCK_REALTIME)
		err = sys(SYS_timer_set_wall, s->h, first, interval_of(interval), was);
	else
		err = arm(s, first, interval, was);
	if (!err && old)
		*old = state(s, was);
	return err;
}

int plat_timer_gettime(int id, struct itimerspec *cur)
{
	struct slot *s = slot_of(id);
	int64_t was[2];

	if (!s)
		return -EINVAL;
	__calx_lock();
	peek(s, was);
	*cur = state(s, was);
	__calx_unlock();
	return 0;
}

int plat_timer_getoverrun(int id)
{
	struct slot *s = slot_of(id);

	return s ? sys(SYS_timer_overrun, s->h) : -EINVAL;
}

int plat_timer_delete(int id)
{
	struct slot *s;

	__calx_lock();
	s = slot_of(id);
	if (s)
		slot_close(s);
	__calx_unlock();
	return s ? 0 : -EINVAL;
}

/* In a child: the handles are copies, but timers are not inherited. */
void __calx_timers_forget(void)
{
	for (int i = 0; i < TIMERS; i++)
		if (slots[i].used)
			slot_close(slots + i);
}
