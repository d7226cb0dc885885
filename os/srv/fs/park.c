/* SPDX-License-Identifier: MIT */
/*
 * Requests that wait for a tree node: put aside, tried again when it has come, answered then. A request is
 * only put aside before it has changed anything.
 */
#include <stdlib.h>

#include "fsd.h"

struct parked {
	struct job job;
	struct parked *next;
	struct srv_req r;
	struct cfs_miss miss;
	bool closed;		/* the file it names was closed meanwhile */
};

static struct parked *all;

static void run(struct job *j, void *buf)
{
	(void)buf;
	cfs_miss_read(&((struct parked *)j)->miss);
}

static void reply(struct srv_req *r, int64_t res)
{
	for (uint32_t i = 0; i < r->m.nh; i++)
		if (r->m.h[i] != H_NONE)
			sys_handle_close(r->m.h[i]);
	if (res == SRV_HELD)
		return;
	srv_answer(r, res);
	if (sys_reply(r->m.token, &r->m) < 0)
		for (uint32_t i = 0; i < r->nout; i++)
			sys_handle_close(r->out[i]);
}

static void unlink_parked(struct parked *p)
{
	struct parked **pp = &all;

	while (*pp != p)
		pp = &(*pp)->next;
	*pp = p->next;
}

static struct parked *other(uint64_t id)
{
	struct parked *p = all;

	while (p && p->r.m.id != id)
		p = p->next;
	return p;
}

static void done(struct job *j, void *buf)
{
	struct parked *p = (struct parked *)j, *o;
	bool slow = cfs_miss_done(&p->miss);
	int64_t res;

	(void)buf;
	p->r.nout = p->r.nput = 0;
	res = fs_try(&p->r, !slow);
	if (res == -CFS_WAIT && !cfs_miss_take(fsd.fs, &p->miss)) {
		job_submit(&p->job);
		return;
	}
	if (res == -CFS_WAIT)
		res = fs_try(&p->r, false);
	reply(&p->r, res);
	unlink_parked(p);
	o = other(p->r.m.id);
	if (o)
		o->closed |= p->closed;
	else if (p->closed)
		ofile_close((struct ofile *)p->r.m.id);
	free(p);
}

/* After -CFS_WAIT. The message's handles go along. SRV_HELD, or the result of waiting. */
int64_t park(struct srv_req *r)
{
	struct parked *p = malloc(sizeof *p);

	if (!p || cfs_miss_take(fsd.fs, &p->miss)) {
		free(p);
		return fs_try(r, false);
	}
	p->r = *r;
	p->closed = false;
	p->job.run = run;
	p->job.done = done;
	p->next = all;
	all = p;
	for (uint32_t i = 0; i < r->m.nh; i++)
		r->m.h[i] = H_NONE;
	job_submit(&p->job);
	return SRV_HELD;
}

/* Is the file named by a parked request? Then it is closed after that. */
bool park_closing(struct ofile *of)
{
	struct parked *p = other((uint64_t)of);

	if (p)
		p->closed = true;
	return p;
}
