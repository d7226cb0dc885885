/* SPDX-License-Identifier: MIT */
/* misc.c: names, scheduling, clocks and processors of threads. */
#include <sched.h>
#include <string.h>
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

int pthread_getcpuclockid(pthread_t thread, clockid_t *clock)
{
	if (THREAD(thread) == __self()) {
		*clock = CLOCK_THREAD_CPUTIME_ID;
		return 0;
	}
	return ENOENT;
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

int pthread_getschedparam(pthread_t thread, int *restrict policy, struct sched_param *restrict param)
{
	int r = plat_sched_getscheduler(THREAD(thread)->tid);

	if (r < 0)
		return -r;
	*policy = r;
	return -plat_sched_getparam(THREAD(thread)->tid, param);
}

int pthread_setschedparam(pthread_t thread, int policy, const struct sched_param *param)
{
	return -plat_sched_setscheduler(THREAD(thread)->tid, policy, param);
}

int pthread_setschedprio(pthread_t thread, int prio)
{
	struct sched_param param = { .sched_priority = prio };

	return -plat_sched_setparam(THREAD(thread)->tid, &param);
}

int pthread_yield(void)
{
	return -plat_sched_yield();
}
