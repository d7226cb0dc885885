/* SPDX-License-Identifier: MIT */
/*
 * netd's memory, counted: all of lwIP's (packets, segments, connections) and all of the sockets'.
 * Above the budget data are no longer taken (mem_short): a reader's window stays shut, a writer
 * waits. The margin above it is for what must go on: headers, acknowledgements, new connections.
 *
 * Blocks carry their size; small ones that are freed wait for the next of their size, since each packet
 * takes and gives several.
 */
#include <stdlib.h>
#include <string.h>
#include "netd.h"

#define BUDGET_MIN	(8u << 20)
#define BUDGET_MAX	(128u << 20)
#define MARGIN		(16u << 20)
#define STEP		64u		/* sizes are multiples of it */
#define CLASSES		32u		/* up to 2 KiB a block is kept */
#define KEPT_MAX	(256u << 10)	/* bytes of all that wait */

/* Before each block's bytes, which it keeps aligned for anything. */
struct block {
	size_t size;			/* with this header; 0: it is free */
	struct block *next;		/* of those of its size that wait */
};

static size_t used, kept, budget = BUDGET_MIN;
static struct block *waiting[CLASSES + 1];	/* by size / STEP */

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

static struct block *take(size_t size)
{
	struct block *b = size <= CLASSES * STEP ? waiting[size / STEP] : NULL;

	if (!b)
		return malloc(size);
	waiting[size / STEP] = b->next;
	kept -= size;
	return b;
}

void *netd_malloc(size_t n)
{
	size_t size = (n + sizeof(struct block) + STEP - 1) & -(size_t)STEP;
	struct block *b = n > budget + MARGIN || used + size > budget + MARGIN ? NULL : take(size);

	if (!b)
		return NULL;
	b->size = size;
	used += size;
	return b + 1;
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
	struct block *b = (struct block *)p - 1;
	size_t size;

	if (!p)
		return;
	size = b->size;
	if (!size)
		srv_die("a block is freed twice");
	used -= size;
	b->size = 0;
	if (size > CLASSES * STEP || kept + size > KEPT_MAX) {
		free(b);
		return;
	}
	b->next = waiting[size / STEP];
	waiting[size / STEP] = b;
	kept += size;
}
