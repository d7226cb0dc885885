/* SPDX-License-Identifier: MIT */
/*
 * netd's memory, counted: all of lwIP's (packets, segments, connections) and all of the sockets'.
 * Above the budget data are no longer taken (mem_short): a reader's window stays shut, a writer
 * waits. The margin above it is for what must go on: headers, acknowledgements, new connections.
 */
#include <malloc.h>
#include <stdlib.h>
#include <string.h>
#include "netd.h"

#define BUDGET_MIN	(8u << 20)
#define BUDGET_MAX	(128u << 20)
#define MARGIN		(16u << 20)

static size_t used, budget = BUDGET_MIN;

/* An eighth of the machine's memory. */
void budget_init(void)
{
	struct sys_info info;

	if (sys6(SYS_sysinfo, SYS_ARG(&info), 0, 0, 0, 0, 0) < 0)
		return;
	budget = info.mem_total / 8;
	budget = budget < BUDGET_MIN ? BUDGET_MIN : budget > BUDGET_MAX ? BUDGET_MAX : budget;
}

int mem_short(void)
{
	return used > budget;
}

size_t mem_used(void)
{
	return used;
}

void *netd_malloc(size_t n)
{
	void *p = used + n > budget + MARGIN ? NULL : malloc(n);

	if (p)
		used += malloc_usable_size(p);
	return p;
}

void *netd_calloc(size_t count, size_t n)
{
	void *p;

	if (n && count > SIZE_MAX / n)
		return NULL;
	p = netd_malloc(count * n);
	return p ? memset(p, 0, count * n) : NULL;
}

void netd_free(void *p)
{
	if (p)
		used -= malloc_usable_size(p);
	free(p);
}
