/* SPDX-License-Identifier: MIT */
/* Rings of one page; the last entry leads to the first. */
#include <string.h>
#include "xhci.h"

void ring_init(struct ring *r, void *mem, uint64_t phys)
{
	memset(mem, 0, ABI_PAGE);
	*r = (struct ring){ .trb = mem, .phys = phys, .cycle = TRB_CYCLE };
}

static void store(struct ring *r, uint64_t param, uint32_t status, uint32_t control)
{
	volatile struct trb *t = &r->trb[r->at];

	t->param = param;
	t->status = status;
	__atomic_thread_fence(__ATOMIC_RELEASE);
	t->control = control | r->cycle;
}

uint64_t ring_put(struct ring *r, uint64_t param, uint32_t status, uint32_t control)
{
	uint64_t at = r->phys + r->at * sizeof(struct trb);

	store(r, param, status, control);
	if (++r->at == RING_LEN - 1) {
		store(r, r->phys, 0, TRB_TYPE(TRB_LINK) | TRB_TOGGLE);
		r->at = 0;
		r->cycle ^= TRB_CYCLE;
	}
	return at;
}
