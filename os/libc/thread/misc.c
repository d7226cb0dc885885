/* SPDX-License-Identifier: MIT */
/* misc.c: names, clocks and processors of threads. */
#include <sched.h>
#include <string.h>
#include <time.h>
#include "../internal/pthread_impl.h"

static int concurrency;

int pthread_getconcurrency(void)
{
	return concurrency;
}

int pthread_setconcurrency(int level)
{
	if (level < 0)
		return EINVAL;
	concurrency = level;
	return 0;
}

/* Linux's number of a thread's clock. */
int pthread_getcpuclockid(pthread_t thread, clockid_t *clock)
{
	int tid = THREAD(thread)->tid;

	if (!tid)
		return ESRCH;
	*clock = (clockid_t)(~(unsigned)tid << 3) | 6;
	return 0;
}

pid_t pthread_gettid_np(pthread_t thread)
{
	return THREAD(thread)->tid;
}

int pthread_setname_np(pthread_t thread, const char *name)
{
	struct tcb *t = THREAD(thread);

	if (strlen(name) >= sizeof(t->name))
		return ERANGE;
	strcpy(t->name, name);
	return 0;
}

int pthread_getname_np(pthread_t thread, char *buf, size_t len)
{
	const char *name = THREAD(thread)->name;

	if (!*name)
		name = THREAD(thread)->map ? "" : __progname;
	return strlcpy(buf, name, len) >= len ? ERANGE : 0;
}

int pthread_getaffinity_np(pthread_t thread, size_t len, cpu_set_t *set)
{
	long r = plat_sched_getaffinity(THREAD(thread)->tid, len, set);

	if (r >= 0 && (size_t)r < len)
		memset((char *)set + r, 0, len - r);
	return r < 0 ? -r : 0;
}

int pthread_setaffinity_np(pthread_t thread, size_t len, const cpu_set_t *set)
{
	return -plat_sched_setaffinity(THREAD(thread)->tid, len, set);
}

void __let_others_go_on(void)
{
	struct tcb *t = __self();
	int cp = t->cp;

	t->cp = 0;
	plat_clock_nanosleep(CLOCK_MONOTONIC, 0, &(struct timespec){ .tv_nsec = 50000 }, 0);
	t->cp = cp;
}

int pthread_yield(void)
{
	return -plat_sched_yield();
}
