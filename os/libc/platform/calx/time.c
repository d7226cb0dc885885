/* SPDX-License-Identifier: MIT */
/* time.c: clocks: from the kernel's time page, and CPU time. */
#include <signal.h>
#include <sys/time.h>
#include <sys/times.h>
#include <time.h>
#include "calx.h"

#define NS 1000000000ll

static inline int64_t read_clock(int wall)
{
	const volatile struct time_page *t = __calx.time;
	uint32_t seq, lo, hi;
	int64_t ns;

	do {
		while ((seq = __atomic_load_n(&t->seq, __ATOMIC_ACQUIRE)) & 1)
			__builtin_ia32_pause();
		__asm__ volatile("lfence; rdtsc" : "=a"(lo), "=d"(hi) : : "memory");
		uint64_t delta = ((uint64_t)hi << 32 | lo) - t->base_tsc;
		ns = t->base_ns + (int64_t)((unsigned __int128)delta * t->mult >> (t->shift & 63));
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

struct timespec __calx_timespec(int64_t ns)
{
	int64_t sec = ns / NS, rest = ns % NS;

	if (rest < 0) {
		rest += NS;
		sec--;
	}
	return (struct timespec){ .tv_sec = sec, .tv_nsec = rest };
}

/* Saturates instead of overflowing. */
int64_t __calx_ns(const struct timespec *ts)
{
	int64_t ns;

	if (__builtin_mul_overflow(ts->tv_sec, NS, &ns) || __builtin_add_overflow(ns, ts->tv_nsec, &ns))
		return ts->tv_sec < 0 ? INT64_MIN / 2 : T_FOREVER / 2;
	return ns;
}

/* Not below 0, which the kernel would not take for a time of a clock. */
int __calx_bad_timespec(const struct timespec *ts)
{
	return ts->tv_sec < 0 || (unsigned long)ts->tv_nsec >= NS;
}

int64_t __calx_wall(const struct timespec *abs)
{
	int64_t ns = __calx_ns(abs);

	return ns < 0 ? 0 : ns;
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
	int64_t ns = __calx_ns(rel);
	return ns <= 0 ? 0 : add(read_clock(0), ns);
}

int64_t __calx_deadline_abs(int clock, const struct timespec *abs)
{
	int64_t ns;

	if (!abs)
		return T_FOREVER;
	ns = __calx_ns(abs);
	if (clock == CLOCK_REALTIME)
		ns = ns >= T_FOREVER / 2 ? T_FOREVER : ns - __calx.time->wall_off;
	return ns < 0 ? 0 : ns;
}

/*
 * CPU time. Clocks of one process or thread have Linux's numbers: ~id << 3, and 2 for a process,
 * 6 for a thread.
 */
static int64_t usage_ns(int tid)
{
	struct proc_usage u;
	long err = sys(SYS_proc_usage, H_NONE, tid, &u);

	return err < 0 ? -EINVAL : (int64_t)(u.ns_user + u.ns_sys);
}

static int64_t process_ns(int pid)
{
	struct proc_info pi;
	struct msg m = { .w = { P_INFO, (int64_t)pid }, .r[1] = { (uint64_t)&pi, sizeof(pi) } };

	if (pid == 0 || pid == plat_getpid())
		return usage_ns(0);
	return __procd_call(&m) < 0 ? -EINVAL : (int64_t)(pi.ns_user + pi.ns_sys);
}

/* Time of a CPU clock in ns, or -EINVAL. */
int64_t __calx_cpu_clock(int clock)
{
	if (clock == CLOCK_PROCESS_CPUTIME_ID)
		return usage_ns(0);
	if (clock == CLOCK_THREAD_CPUTIME_ID)
		return usage_ns(plat_gettid());
	if (clock >= 0 || (clock & 3) != 2)
		return -EINVAL;
	return clock & 4 ? usage_ns(~(clock >> 3)) : process_ns(~(clock >> 3));
}

/* Never before 0, which is cheaper to divide. */
static inline void monotonic(struct timespec *ts)
{
	uint64_t ns = (uint64_t)read_clock(0);

	ts->tv_sec = (time_t)(ns / NS);
	ts->tv_nsec = (long)(ns % NS);
}

static __attribute__((noinline)) int other_clock(int clock, struct timespec *ts)
{
	int64_t ns;

	switch (clock) {
	case CLOCK_REALTIME_COARSE:
		return plat_clock_gettime(CLOCK_REALTIME, ts);
	case CLOCK_MONOTONIC_RAW:
	case CLOCK_MONOTONIC_COARSE:
	case CLOCK_BOOTTIME:
		monotonic(ts);
		return 0;
	}
	ns = __calx_cpu_clock(clock);
	if (ns < 0)
		return ns;
	*ts = __calx_timespec(ns);
	return 0;
}

int plat_clock_gettime(int clock, struct timespec *ts)
{
	if (clock == CLOCK_MONOTONIC)
		monotonic(ts);
	else if (clock == CLOCK_REALTIME)
		*ts = __calx_timespec(read_clock(1));
	else
		return other_clock(clock, ts);
	return 0;
}

int plat_clock_settime(int clock, const struct timespec *ts)
{
	struct msg m = { .w = { N_CLOCK, __calx_ns(ts) } };
	long r;

	if (clock != CLOCK_REALTIME || (unsigned long)ts->tv_nsec >= NS || ts->tv_sec < 0)
		return -EINVAL;
	if (__calx.names == H_NONE)
		return -EPERM;
	r = __calx_call(__calx.names, &m);
	return r < 0 ? r : 0;
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
	if (clock == CLOCK_PROCESS_CPUTIME_ID || clock < 0)
		return __calx_cpu_clock(clock) < 0 ? -EINVAL : -ENOTSUP;
	if (clock != CLOCK_REALTIME && clock != CLOCK_MONOTONIC && clock != CLOCK_BOOTTIME)
		return -EINVAL;
	if (clock == CLOCK_REALTIME && flags & TIMER_ABSTIME)
		return sys_cp(SYS_sleep_wall, __calx_wall(req));
	deadline = flags & TIMER_ABSTIME ? __calx_deadline_abs(clock, req) : __calx_deadline(req);
	r = sys_cp(SYS_sleep, deadline);
	if (r == -EINTR && rem && !(flags & TIMER_ABSTIME)) {
		left = deadline - read_clock(0);
		*rem = __calx_timespec(left < 0 ? 0 : left);
	}
	return r;
}
