/* SPDX-License-Identifier: MIT */
/*
 * Group commit. A commit is written by a worker while the loop goes on; who asks for a sync meanwhile waits
 * for the next one, all together. One commit at a time.
 */
#include <stdlib.h>

#include "fsd.h"

struct waiter {
	struct waiter *next;
	uint64_t token, gen;		/* answered when generation gen is durable */
};

static struct waiter *waiters;
/* busy: its job is not done, so no other may begin; ended: cfs_commit_end has been called. */
static struct { struct job job; struct cfs_commit *c; bool busy, ended; int err; } commit;

static void run_commit(struct job *j, void *buf)
{
	(void)j;
	(void)buf;
	cfs_commit_write(commit.c);
}

/* After a failure nothing is written any more. EROFS would say to who syncs that there was nothing to lose. */
static int64_t told(int64_t err)
{
	return err == -EROFS ? -EIO : err;
}

static void answer(int err)
{
	uint64_t durable = cfs_generation(fsd.fs, true);

	for (struct waiter **pp = &waiters, *w; (w = *pp);) {
		if (!err && w->gen > durable) {
			pp = &w->next;
			continue;
		}
		*pp = w->next;
		srv_reply(w->token, told(err));
		free(w);
	}
}

static void end(void)
{
	commit.ended = true;
	commit.err = cfs_commit_end(commit.c);
}

/* Those who came meanwhile are next. After an error nothing will ever be committed: all hear of it. */
static void done_commit(struct job *j, void *buf)
{
	(void)j;
	(void)buf;
	if (!commit.ended)
		end();
	commit.busy = false;
	answer(commit.err);
	if (waiters)
		commit_begin();
}

int commit_begin(void)
{
	struct cfs_commit *c;
	int err = commit.busy ? 0 : cfs_commit_start(fsd.fs, &c);

	if (commit.busy)
		return 0;
	if (err || !c) {
		answer(err);
		return err;
	}
	commit.c = c;
	commit.busy = true;
	commit.ended = false;
	commit.job.run = run_commit;
	commit.job.done = done_commit;
	job_submit(&commit.job);
	return 0;
}

/* The library must have the commit ended before it goes on. */
void commit_settle(void *ctx)
{
	(void)ctx;
	if (!cfs_committing(fsd.fs) || commit.ended)
		return;
	job_wait(&commit.job);
	end();
}

static int64_t commit_for(uint64_t token)
{
	/* What is not committed yet belongs to the running transaction, the rest at most to the one on its way. */
	uint64_t gen = cfs_generation(fsd.fs, false) - !cfs_dirty(fsd.fs);
	struct waiter *w;
	int err;

	err = commit_begin();
	if (err)
		return err;
	if (gen <= cfs_generation(fsd.fs, true))
		return 0;
	if (!commit.busy)
		return commit.err ? commit.err : -EIO;
	w = malloc(sizeof *w);
	if (!w)
		return cfs_sync(fsd.fs);
	*w = (struct waiter){ waiters, token, gen };
	waiters = w;
	return SRV_HELD;
}

int64_t op_sync(struct srv_req *r, struct ofile *of)
{
	int err = 0;

	if (fsd.ram || cfs_readonly(of->ip->fs))
		return 0;
	if (r->m.w[1] == 2)
		err = write_back_all();
	else if (of->fn)
		err = write_back(of->fn);
	return told(err ? err : commit_for(r->m.token));
}

void fs_tick(void *arg, uint32_t events)
{
	int err;

	(void)arg;
	(void)events;
	fsd.armed = false;
	time_passes();
	if (fsd.ram) {
		memory_tick();
		return;
	}
	err = write_back_all();
	if (!err && cfs_dirty(fsd.fs))
		err = commit_begin();
	if (err)
		srv_log("%s: write back: error %d", fsd.prefix, -err);
	for (struct fnode *fn = fsd.old; fn; fn = fn->next)
		if (fn->dirty || err)
			touch_timer();
	if (cfs_dirty(fsd.fs))
		touch_timer();
}
