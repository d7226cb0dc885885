/* SPDX-License-Identifier: MIT */
/*
 * Requests to the file system as a whole (os/abi/fs.h): snapshots, and scrubbing, which goes on a little at a time
 * between the requests of programs.
 */
#include "../../abi/fs.h"
#include "fsd.h"

#define STEP	64u			/* blocks at once: what a request may have to wait for */
#define PAUSE	1000000ll		/* ns between two steps */

static struct {
	struct cfs_scrub *s;		/* kept after its end, for what it found */
	enum fs_scrub_state state;
	int error;
	struct srv_timer timer;
} scrub;

static int64_t next_snapshot(struct srv_req *r)
{
	struct fs_snapshot out;
	struct cfs_snapinfo s;
	int err;

	if (srv_get(r, &out, sizeof out) != sizeof out)
		return -EFAULT;
	err = cfs_snapshot_list(fsd.fs, out.gen, &s);
	if (err)
		return err;
	memset(&out, 0, sizeof out);
	out.gen = s.gen;
	out.parent = s.parent;
	out.sec = s.time.sec;
	memcpy(out.name, s.name, s.namelen);
	return srv_put(r, &out, sizeof out) < 0 ? -EFAULT : 0;
}

static int64_t rollback(struct srv_req *r)
{
	struct fs_snapshot in;

	if (srv_get(r, &in, sizeof in) != sizeof in)
		return -EFAULT;
	return cfs_snapshot_rollback(fsd.fs, in.name, strnlen(in.name, sizeof in.name));
}

static void forget(void)
{
	if (scrub.s)
		cfs_scrub_end(scrub.s);
	scrub.s = NULL;
}

static void step(void *arg)
{
	int r = cfs_scrub_step(scrub.s, STEP);

	(void)arg;
	if (r > 0) {
		srv_timer_set(&fsd.srv, &scrub.timer, srv_now() + PAUSE);
		return;
	}
	scrub.state = r ? SCRUB_FAILED : SCRUB_DONE;
	scrub.error = -r;
	touch_timer();			/* part of the free map may be written anew */
}

static int64_t start(void)
{
	int err;

	if (scrub.state == SCRUB_RUNS)
		return -EBUSY;
	forget();
	err = cfs_scrub_begin(fsd.fs, &scrub.s);
	if (err)
		return err;
	scrub.state = SCRUB_RUNS;
	scrub.error = 0;
	scrub.timer.fn = step;
	srv_timer_set(&fsd.srv, &scrub.timer, srv_now() + 1);
	return 0;
}

static int64_t stop(void)
{
	if (scrub.state != SCRUB_RUNS)
		return -ESRCH;
	srv_timer_set(&fsd.srv, &scrub.timer, 0);
	scrub.state = SCRUB_STOPPED;
	return 0;
}

static int64_t look(struct srv_req *r)
{
	struct fs_scrub out = { .state = scrub.state, .error = scrub.error };

	if (scrub.s) {
		struct cfs_scrub_stat st = cfs_scrub_stat(scrub.s);

		out.blocks = st.blocks;
		out.total = st.total;
		out.repaired = st.repaired;
		out.errors = st.errors;
	}
	return srv_put(r, &out, sizeof out) < 0 ? -EFAULT : 0;
}

static int64_t damage(struct srv_req *r)
{
	static struct fs_damage d;
	int err;

	if (srv_get(r, &d, sizeof d) != sizeof d)
		return -EFAULT;
	if (!scrub.s || scrub.state != SCRUB_DONE)
		return -EBUSY;
	err = cfs_scrub_path(scrub.s, d.index, &d.page, d.path, sizeof d.path);
	if (err == -ENOENT)
		return err;
	d.known = !err;
	d.ino = cfs_scrub_inode(scrub.s, d.index);
	return srv_put(r, &d, sizeof d) < 0 ? -EFAULT : 0;
}

int64_t op_ioctl(struct srv_req *r, struct ofile *of)
{
	uint32_t req = (uint32_t)r->m.w[1];

	if ((of->ip->a.mode & 0170000) != 0040000 || (req >> 8 & 0xff) != 'C')
		return -ENOTTY;
	if (req == FS_SNAPSHOT_NEXT)
		return next_snapshot(r);
	if (CRED_UID(r->m.cred) || fsd.cage)
		return -EPERM;
	switch (req) {
	case FS_SNAPSHOT_ROLLBACK: return rollback(r);
	case FS_SCRUB_START: return start();
	case FS_SCRUB_STOP: return stop();
	case FS_SCRUB_LOOK: return look(r);
	case FS_SCRUB_DAMAGE: return damage(r);
	}
	return -ENOTTY;
}
