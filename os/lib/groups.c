/* SPDX-License-Identifier: MIT */
/* Supplementary groups of callers: sets by procd's number for them, which never changes its meaning. */
#include <stdlib.h>
#include <string.h>
#include "srv.h"

struct groups {
	struct groups *next;
	uint32_t number, n;
	uint32_t list[];
};

static struct groups *known;

static const struct groups *groups_of(uint32_t number)
{
	uint32_t list[64];
	struct msg m = { .w = { P_GROUPSET, number }, .r[1] = { (uint64_t)list, sizeof(list) } };
	struct groups *g;
	int64_t n;

	for (g = known; g; g = g->next)
		if (g->number == number)
			return g;
	n = sys_call(srv_start()->procd, &m);
	if (n < 0 || n > 64)
		return NULL;
	g = malloc(sizeof(*g) + (size_t)n * sizeof(list[0]));
	if (!g)
		return NULL;
	g->number = number;
	g->n = (uint32_t)n;
	memcpy(g->list, list, (size_t)n * sizeof(list[0]));
	g->next = known;
	return known = g;
}

int srv_in_group(const struct srv_req *r, uint32_t gid)
{
	const struct groups *g;

	if (CRED_GID(r->m.cred) == gid)
		return 1;
	g = r->m.groups ? groups_of(r->m.groups) : NULL;
	for (uint32_t i = 0; g && i < g->n; i++)
		if (g->list[i] == gid)
			return 1;
	return 0;
}
