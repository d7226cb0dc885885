/* SPDX-License-Identifier: MIT */
/* time.c: clocks from the kernel's time page; interval timers on timer objects. */
#include <signal.h>
#include <sys/time.h>
#include <sys/times.h>
#include <time.h>
#include "calx.h"

#define NS 1000000000ll

static int64_t read_clock(int wall)
{
	const volatile struct time_page *t = __calx.time;
	uint32_t seq, lo, hi;
	int64_t ns;

	do {
		while ((seq = __atomic_load_n(&t->seq, __ATOMIC_ACQUIRE)) & 1)
			__builtin_ia32_pause();
		__asm__ volatile("lfence; rdtsc" : "=a"(lo), "=d"(hi) : : "memory");
		uint64_t delta = ((uint64_t)hi << 32 | lo) - t->base_tsc;
		ns = t->base_ns + (int64_t)((unsigned __int128)delta * t->mult >> t->shift);
		if (wall)
			ns += t->wall_off;
		__atomic_thread_fence(__ATOMIC_ACQUIRE);
	} while (seq != t->seq);
	return ns;
}

int64_t __calx_mono(void)
{
	return read_clock(0);
}

static struct timespec to_timespec(int64_t ns)
{
	int64_t sec = ns / NS, rest = ns % NS;

	if (rest < 0) {
		rest += NS;
		sec--;
	}
	return (struct timespec){ .tv_sec = sec, .tv_nsec = rest };
}

/* Saturates instead of overflowing. */
static int64_t to_ns(const struct timespec *ts)
{
	int64_t ns;

	if (__builtin_mul_overflow(ts->tv_sec, NS, &ns) || __builtin_add_overflow(ns, ts->tv_nsec, &ns))
		return ts->tv_sec < 0 ? INT64_MIN / 2 : T_FOREVER / 2;
	return ns;
}

static int64_t add(int64_t a, int64_t b)
{
	int64_t sum;

	return __builtin_add_overflow(a, b, &sum) ? T_FOREVER : sum;
}

int64_t __calx_deadline(const struct timespec *rel)
{
	if (!rel)
		return T_FOREVER;
	int64_t ns = to_ns(rel);
	return ns <= 0 ? 0 : add(read_clock(0), ns);
}

int64_t __calx_deadline_abs(int clock, const struct timespec *abs)
{
	int64_t ns;

	if (!abs)
		return T_FOREVER;
	ns = to_ns(abs);
	if (clock == CLOCK_REALTIME)
		ns = ns >= T_FOREVER / 2 ? T_FOREVER : ns - __calx.time->wall_off;
	return ns < 0 ? 0 : ns;
}

static int64_t process_ns(void)
{
	struct proc_info pi;

	return sys(SYS_proc_info, H_NONE, &pi) < 0 ? 0 : pi.ns_user + pi.ns_sys;
}

int plat_clock_gettime(int clock, struct timespec *ts)
{
	switch (clock) {
	case CLOCK_REALTIME:
	case CLOCK_REALTIME_COARSE:
		*ts = to_timespec(read_clock(1));
		return 0;
	case CLOCK_MONOTONIC:
	case CLOCK_MONOTONIC_RAW:
	case CLOCK_MONOTONIC_COARSE:
	case CLOCK_BOOTTIME:
		*ts = to_timespec(read_clock(0));
		return 0;
	case CLOCK_PROCESS_CPUTIME_ID:
		*ts = to_timespec(process_ns());
		return 0;
	case CLOCK_THREAD_CPUTIME_ID:
		*ts = to_timespec(sys(SYS_thread_times, 0));
		return 0;
	}
	return -EINVAL;
}

int plat_clock_settime(int clock, const struct timespec *ts)
{
	(void)ts;
	return clock == CLOCK_REALTIME ? -EPERM : -EINVAL;	/* the time service holds the clock */
}

int plat_clock_getres(int clock, struct timespec *ts)
{
	struct timespec now;
	int err = plat_clock_gettime(clock, &now);

	if (!err && ts)
		*ts = (struct timespec){ .tv_nsec = 1 };
	return err;
}

int plat_clock_nanosleep(int clock, int flags, const struct timespec *req, struct timespec *rem)
{
	int64_t deadline, left;
	long r;

	if (req->tv_nsec < 0 || req->tv_nsec >= NS || req->tv_sec < 0)
		return -EINVAL;
	if (clock != CLOCK_REALTIME && clock != CLOCK_MONOTONIC)
		return clock == CLOCK_BOOTTIME ? -ENOTSUP : -EINVAL;
	deadline = flags & TIMER_ABSTIME ? __calx_deadline_abs(clock, req) : __calx_deadline(req);
	r = sys_cp(SYS_sleep, deadline);
	if (r == -EINTR && rem && !(flags & TIMER_ABSTIME)) {
		left = deadline - read_clock(0);
		*rem = to_timespec(left < 0 ? 0 : left);
	}
	return r;
}

/* -- ITIMER_REAL and POSIX timers: timer objects that signal -- */

#define TIMERS 32

/* Slot 0 is ITIMER_REAL. Handles are not passed to children. Under __calx_lock. */
static struct { handle_t h; int used; int64_t interval; int clock; } timers[TIMERS];

static int timer_open(int i, int signo, uint64_t value)
{
	handle_t h = sys(SYS_timer_create, H_CLOEXEC);
	long err;

	if (h < 0)
		return h;
	err = sys(SYS_timer_signal, h, signo, value);
	if (err < 0) {
		sys(SYS_handle_close, h);
		return err;
	}
	timers[i].h = h;
	timers[i].used = 1;
	return 0;
}

static int timer_arm(int i, int64_t first, int64_t interval, int64_t old[2])
{
	timers[i].interval = interval;
	return sys(SYS_timer_set, timers[i].h, first, interval, old);
}

static struct timeval to_timeval(int64_t ns)
{
	struct timespec ts = to_timespec(ns < 0 ? 0 : ns + 999);

	return (struct timeval){ .tv_sec = ts.tv_sec, .tv_usec = ts.tv_nsec / 1000 };
}

static void old_itimer(const int64_t was[2], struct itimerval *old)
{
	old->it_value = to_timeval(was[0] ? was[0] - read_clock(0) : 0);
	old->it_interval = to_timeval(was[1]);
}

int plat_setitimer(int which, const struct itimerval *new, struct itimerval *old)
{
	int64_t first, interval, was[2] = {0};
	int err = 0;

	if (which != ITIMER_REAL)
		return -EINVAL;
	if ((unsigned long)new->it_value.tv_usec >= 1000000 || (unsigned long)new->it_interval.tv_usec >= 1000000)
		return -EINVAL;
	first = new->it_value.tv_sec * NS + new->it_value.tv_usec * 1000;
	interval = new->it_interval.tv_sec * NS + new->it_interval.tv_usec * 1000;
	__calx_lock();
	if (!timers[0].used && first)
		err = timer_open(0, SIGALRM, 0);
	if (!err && timers[0].used)
		err = timer_arm(0, first ? read_clock(0) + first : 0, interval, was);
	__calx_unlock();
	if (err < 0)
		return err;
	if (old)
		old_itimer(was, old);
	return 0;
}

/* The timer's state, by setting it again to what it was. */
static void timer_peek(int i, int64_t was[2])
{
	was[0] = was[1] = 0;
	if (timers[i].used && timer_arm(i, 0, 0, was) >= 0 && was[0])
		timer_arm(i, was[0], was[1], 0);
}

int plat_getitimer(int which, struct itimerval *cur)
{
	int64_t was[2];

	if (which != ITIMER_REAL)
		return -EINVAL;
	__calx_lock();
	timer_peek(0, was);
	__calx_unlock();
	old_itimer(was, cur);
	return 0;
}

int plat_timer_create(int clock, struct sigevent *ev, int *id)
{
	int err = -EAGAIN, i;

	if (clock != CLOCK_REALTIME && clock != CLOCK_MONOTONIC && clock != CLOCK_BOOTTIME)
		return clock == CLOCK_PROCESS_CPUTIME_ID || clock == CLOCK_THREAD_CPUTIME_ID ? -ENOTSUP : -EINVAL;
	__calx_lock();
	for (i = 1; i < TIMERS; i++)
		if (!timers[i].used)
			break;
	if (i < TIMERS) {
		int signo = !ev ? SIGALRM : ev->sigev_notify == SIGEV_NONE ? 0 : ev->sigev_signo;
		err = timer_open(i, signo, ev ? (uint64_t)ev->sigev_value.sival_ptr : (uint64_t)i);
		timers[i].clock = clock;
	}
	__calx_unlock();
	if (!err)
		*id = i;
	return err;
}

static int bad_timer(int id)
{
	return id < 1 || id >= TIMERS || !timers[id].used;
}

static void old_itimerspec(const int64_t was[2], struct itimerspec *old)
{
	int64_t left = was[0] ? was[0] - read_clock(0) : 0;

	old->it_value = to_timespec(was[0] && left <= 0 ? 1 : left);
	old->it_interval = to_timespec(was[1]);
}

int plat_timer_settime(int id, int flags, const struct itimerspec *new, struct itimerspec *old)
{
	int64_t first = to_ns(&new->it_value), was[2] = {0};
	int err;

	if ((unsigned long)new->it_value.tv_nsec >= NS || (unsigned long)new->it_interval.tv_nsec >= NS
			|| bad_timer(id))
		return -EINVAL;
	if (first)
		first = flags & TIMER_ABSTIME ? __calx_deadline_abs(timers[id].clock, &new->it_value)
			: __calx_deadline(&new->it_value);
	if (!first && (new->it_value.tv_sec || new->it_value.tv_nsec))
		first = 1;
	err = timer_arm(id, first, to_ns(&new->it_interval), was);
	if (err >= 0 && old)
		old_itimerspec(was, old);
	return err < 0 ? err : 0;
}

int plat_timer_gettime(int id, struct itimerspec *cur)
{
	int64_t was[2];

	if (bad_timer(id))
		return -EINVAL;
	timer_peek(id, was);
	old_itimerspec(was, cur);
	return 0;
}

int plat_timer_getoverrun(int id)
{
	return bad_timer(id) ? -EINVAL : 0;
}

int plat_timer_delete(int id)
{
	if (bad_timer(id))
		return -EINVAL;
	sys(SYS_handle_close, timers[id].h);
	timers[id].used = 0;
	return 0;
}

void __calx_timers_forget(void)
{
	for (int i = 0; i < TIMERS; i++) {
		if (timers[i].used)
			sys(SYS_handle_close, timers[i].h);
		timers[i].used = 0;
	}
}
