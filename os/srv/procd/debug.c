/* SPDX-License-Identifier: MIT */
/* Debug objects and limits of other processes: who may have them. */
#include <errno.h>
#include "../../abi/debug.h"
#include "../../lib/srv.h"
#include "procd.h"

/* Somebody who could have started the program himself, and whom it cannot serve as a mask. */
static int may_debug(const struct proc *from, const struct proc *to)
{
	if (!from->uid.e)
		return 1;
	return !to->secure && to->uid.r == from->uid.e && to->uid.e == from->uid.e && to->uid.s == from->uid.e &&
	       to->gid.r == from->gid.e && to->gid.e == from->gid.e && to->gid.s == from->gid.e;
}

int64_t proc_debug(struct proc *from, struct proc *to, uint64_t flags, handle_t *h)
{
	int64_t r;

	if (!to || to->state == P_ZOMBIE || !jail_sees(from, to))
		return -ESRCH;
	if (!may_debug(from, to))
		return -EPERM;
	r = sys6(SYS_debug_open, SYS_ARG(to->h), flags, 0, 0, 0, 0);
	if (r < 0)
		return r;
	*h = (handle_t)r;
	return 0;
}

/* The answer is as large as its room is, at most MAPS_MAX of them; the rest is asked for with w[2]. */
#define MAPS_MAX 128
int64_t proc_maps(struct proc *from, struct proc *to, struct srv_req *r)
{
	static struct vm_region regions[MAPS_MAX];
	uint64_t room = r->m.r[1].len / sizeof(regions[0]);
	int64_t n;

	if (!to || to->state == P_ZOMBIE || !jail_sees(from, to))
		return -ESRCH;
	if (!may_debug(from, to))
		return -EPERM;
	n = sys6(SYS_vm_regions, SYS_ARG(to->h), r->m.w[2], SYS_ARG(regions), room < MAPS_MAX ? room : MAPS_MAX, 0, 0);
	if (n > 0 && srv_put(r, regions, (size_t)n * sizeof(regions[0])) < 0)
		return -EFAULT;
	return n;
}

/* w[2] which, w[3] whether to set, w[4] soft, w[5] hard: w[1], w[2] become what they were. */
int64_t proc_limits(struct proc *from, struct proc *to, uint64_t w[8])
{
	uint64_t new[2] = { w[4], w[5] }, old[2];
	int64_t r;

	if (!to || to->state == P_ZOMBIE)
		return -ESRCH;
	if (!may_debug(from, to))
		return -EPERM;
	/* The kernel sees procd: what only root may do is to be refused here. */
	r = sys6(SYS_proc_limit, SYS_ARG(to->h), w[2], 0, SYS_ARG(old), 0, 0);
	if (r >= 0 && w[3] && from->uid.e && new[1] > old[1])
		return -EPERM;
	if (r >= 0 && w[3])
		r = sys6(SYS_proc_limit, SYS_ARG(to->h), w[2], SYS_ARG(new), 0, 0, 0);
	w[1] = old[0];
	w[2] = old[1];
	return r < 0 ? r : 0;
}
