/* SPDX-License-Identifier: MIT */
/* sched.c: scheduling. */
#include <errno.h>
#include <sched.h>
#include <string.h>
#include "../internal/ret.h"
#include "../internal/plat.h"

int sched_yield(void)
{
	return __ret(plat_sched_yield());
}

int sched_setaffinity(pid_t pid, size_t len, const cpu_set_t *set)
{
	return __ret(plat_sched_setaffinity(pid, len, set));
}

int sched_setscheduler(pid_t pid, int policy, const struct sched_param *param)
{
	return __ret(plat_sched_setscheduler(pid, policy, param));
}

int sched_getscheduler(pid_t pid)
{
	return __ret(plat_sched_getscheduler(pid));
}

int sched_getparam(pid_t pid, struct sched_param *param)
{
	return __ret(plat_sched_getparam(pid, param));
}

int sched_setparam(pid_t pid, const struct sched_param *param)
{
	return __ret(plat_sched_setparam(pid, param));
}

int sched_rr_get_interval(pid_t pid, struct timespec *ts)
{
	return __ret(plat_sched_rr_get_interval(pid, ts));
}

int sched_getaffinity(pid_t pid, size_t len, cpu_set_t *set)
{
	long r = plat_sched_getaffinity(pid, len, set);

	if (r < 0)
		return __ret(r);
	if ((size_t)r < len)
		memset((char *)set + r, 0, len - r);
	return 0;
}

int __sched_cpucount(size_t len, const cpu_set_t *set)
{
	const unsigned char *p = (const void *)set;
	int n = 0;

	for (size_t i = 0; i < len; i++)
		n += __builtin_popcount(p[i]);
	return n;
}

int sched_getcpu(void)
{
	unsigned cpu;
	int r = plat_getcpu(&cpu);

	return r < 0 ? __ret(r) : (int)cpu;
}

int sched_get_priority_max(int policy)
{
	switch (policy) {
	case SCHED_FIFO:
	case SCHED_RR:
		return 99;
	case SCHED_OTHER:
	case SCHED_BATCH:
	case SCHED_IDLE:
		return 0;
	}
	return __ret(-EINVAL);
}

int sched_get_priority_min(int policy)
{
	int max = sched_get_priority_max(policy);

	return max > 0 ? 1 : max;
}
