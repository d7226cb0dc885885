/* SPDX-License-Identifier: MIT */
/* Attributes: stat, setattr, access, statfs, allocate. */
#include <fcntl.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <sys/statfs.h>

#include "fsd.h"

static void set_time(struct timespec *ts, const struct cfs_time *t)
{
	ts->tv_sec = t->sec;
	ts->tv_nsec = t->nsec;
}

_Static_assert(sizeof(struct stat) == 144, "struct stat");

/* The time of birth lies in words that have no name everywhere. */
static void set_birth(struct stat *st, const struct cfs_time *t)
{
	uint64_t w[3] = { STAT_BTIME, (uint64_t)t->sec, t->nsec };

	memcpy((char *)st + sizeof *st - sizeof w, w, sizeof w);
}

#define RUNS	(BUF_PAGES * PAGE / sizeof(struct mem_run))
#define EXACT	1024	/* runs that are looked up: with more the file counts as if it had no holes */

/* Blocks that dirty pages will take, of which there are n runs. */
static int count_runs(struct cfs_inode *ip, uint64_t size, const struct mem_run *run, int64_t n, uint64_t *out)
{
	uint64_t have = ip->a.blocks, most = (size + PAGE - 1) / PAGE, some;
	int err = 0;

	*out = 0;
	for (int64_t i = 0; i < n && !err; i++) {
		some = run[i].len / PAGE;
		if (have && n <= EXACT)		/* else there are no others, or too many */
			err = cfs_unmapped(ip, run[i].off / PAGE, run[i].len / PAGE, &some);
		*out += some;
	}
	if (n > EXACT && have + *out > most)
		*out = have < most ? most - have : 0;
	return err;
}

/*
 * So that who asks before the write back is told the same as after it. -CFS_WAIT, or 0: what cannot be looked up has
 * no blocks.
 */
static int count_pending(struct fnode *fn, uint64_t size)
{
	struct mem_run *runs = (struct mem_run *)fsd.buf;
	int64_t n;
	int err;

	if (!fn->more && (!fn->pending || fn->counted == fn->version))
		return 0;
	n = sys_mem_dirty(fn->mem, runs, RUNS);
	cfs_nowait(fsd.fs, fsd.nowait);
	err = count_runs(fn->ip, size, runs, n, &fn->pending);
	cfs_nowait(fsd.fs, false);
	if (err == -CFS_WAIT)
		return err;
	fn->more = false;
	fn->counted = fn->version;
	return 0;
}

static int fill_stat(struct cfs_inode *ip, struct stat *st)
{
	const struct cfs_attr *a = &ip->a;
	struct fnode *fn = ip->priv;
	uint64_t size = fn ? fnode_look(fn) : a->size;
	int err = fn ? count_pending(fn, size) : 0;
	struct cfs_time changed = fn ? fnode_ctime(fn) : a->time[CFS_CTIME];

	if (err)
		return err;
	memset(st, 0, sizeof *st);
	st->st_dev = fsd.dev | cfs_view_of(ip->fs) << 20;	/* snapshots are devices of their own */
	st->st_ino = ip->ino;
	st->st_mode = a->mode;
	st->st_nlink = a->nlink;
	st->st_uid = a->uid;
	st->st_gid = a->gid;
	st->st_rdev = a->rdev;
	st->st_size = (off_t)(S_ISDIR(a->mode) ? a->size * 32 : size);
	st->st_blksize = PAGE;
	st->st_blocks = (blkcnt_t)((a->blocks + (fn ? fn->pending : 0)) * (PAGE / 512));
	set_time(&st->st_atim, &a->time[CFS_ATIME]);
	set_time(&st->st_mtim, fn && fn->stamped ? &fn->mtime : &a->time[CFS_MTIME]);
	set_time(&st->st_ctim, &changed);
	set_birth(st, &a->time[CFS_BTIME]);
	return 0;
}

/* The kernel may keep what is said of an open file: whatever makes it wrong is followed by fnode_changed. */
static void let_keep(struct srv_req *r, const struct ofile *of)
{
	if (!of->fn || r->m.r[0].len)
		return;
	r->m.w[2] = STAT_KEEP;
	of->ip->shown = true;
}

int64_t op_stat(struct srv_req *r, struct ofile *of)
{
	bool keep = r->m.w[1] & STAT_KEEP;
	bool nofollow = r->m.w[1] & AT_SYMLINK_NOFOLLOW;
	struct stat st;
	struct walk w;
	int64_t n;
	int err = walk_request(r, of, nofollow ? 0 : WALK_FOLLOW, &w);

	if (!err && !w.ip)
		err = -ENOENT;
	if (!err)
		err = fill_stat(w.ip, &st);
	walk_end(&w);
	if (err)
		return err;
	if (r->m.r[1].len < sizeof st)
		return -EINVAL;
	n = srv_put_last(r, &st, sizeof st);
	if (keep && n >= 0)
		let_keep(r, of);
	return n < 0 ? n : 0;
}

static struct cfs_time from_ns(uint64_t ns)
{
	int64_t t = (int64_t)ns, sec = t / 1000000000, rest = t % 1000000000;

	if (rest < 0) {
		rest += 1000000000;
		sec--;
	}
	return (struct cfs_time){ sec, (uint32_t)rest };
}

static int setattr(struct srv_req *r, struct cfs_inode *ip, uint64_t mask)
{
	static const uint32_t map[][2] = { { SA_MODE, CFS_SET_MODE }, { SA_UID, CFS_SET_UID }, { SA_GID, CFS_SET_GID },
					   { SA_ATIME, CFS_SET_ATIME }, { SA_MTIME, CFS_SET_MTIME } };
	struct cfs_attr a = { .mode = allowed_mode(ip, (uint32_t)r->m.w[2], r), .uid = (uint32_t)r->m.w[3],
			      .gid = (uint32_t)(r->m.w[3] >> 32) };
	struct fnode *fn = ip->priv;
	uint32_t set = 0;
	int err;

	if (fn && fn->dirty)
		fnode_look(fn);		/* what was written, was before this */
	a.time[CFS_ATIME] = from_ns(r->m.w[5]);
	a.time[CFS_MTIME] = from_ns(r->m.w[6]);
	for (int i = 0; i < 5; i++)
		if (mask & map[i][0])
			set |= map[i][1];
	/* A change of owner takes away set-id bits, unless the mode is set as well. */
	if (mask & (SA_UID | SA_GID) && !(mask & SA_MODE) && S_ISREG(ip->a.mode) && ip->a.mode & 06000) {
		a.mode = ip->a.mode & 01777;
		set |= CFS_SET_MODE;
	}
	err = set ? cfs_setattr(ip, set, &a) : 0;
	if (!err && mask & SA_MTIME && fn) {
		fn->stamped = false;
		fnode_changed(ip);
	}
	touch_timer();
	return err;
}

static int resize(struct srv_req *r, struct ofile *of, struct cfs_inode *ip)
{
	/* Through an open file its mode counts, by name the file's permissions. */
	bool writer = !r->m.r[0].len && (of->flags & ACCMODE) != O_RDONLY;

	if (S_ISDIR(ip->a.mode))
		return -EISDIR;
	if (cfs_readonly(ip->fs))
		return -EROFS;
	if (!S_ISREG(ip->a.mode) || (!r->m.r[0].len && !writer))
		return -EINVAL;
	if (!writer && may(ip, r, MAY_W))
		return -EACCES;
	return file_resize(ip, r->m.w[4]);
}

int64_t op_setattr(struct srv_req *r, struct ofile *of)
{
	uint64_t mask = r->m.w[1];
	struct walk w;
	int err = walk_request(r, of, mask >> 32 & AT_SYMLINK_NOFOLLOW ? 0 : WALK_FOLLOW, &w);

	if (!err && !w.ip)
		err = -ENOENT;
	if (!err)
		err = may_setattr(w.ip, mask, r);
	if (!err && mask & SA_SIZE)
		err = resize(r, of, w.ip);
	if (!err && mask & ~(uint64_t)SA_SIZE & 0xffffffff)
		err = setattr(r, w.ip, mask);
	if (!err)
		watch_file(w.ip, w.dir ? w.dir->ino : of->dir, mask & SA_SIZE ? IN_MODIFY : IN_ATTRIB);
	walk_end(&w);
	return err;
}

int64_t op_access(struct srv_req *r, struct ofile *of)
{
	uint32_t want = (uint32_t)r->m.w[1] & 7;
	struct walk w;
	int err = act_for(r);

	if (!err && !(r->m.w[2] & AT_EACCESS))
		err = use_real_ids(r);
	if (err)
		return err;
	err = walk_request(r, of, r->m.w[2] & AT_SYMLINK_NOFOLLOW ? 0 : WALK_FOLLOW, &w);
	if (!err && !w.ip)
		err = -ENOENT;
	if (!err)
		err = may(w.ip, r, want);
	if (!err && want & MAY_W && cfs_readonly(w.ip->fs))
		err = -EROFS;
	walk_end(&w);
	return err;
}

int64_t op_statfs(struct srv_req *r, struct ofile *of)
{
	struct cfs_statfs cs;
	struct statfs st;
	struct walk w;
	int64_t n;
	int err = walk_request(r, of, WALK_FOLLOW, &w);

	if (!err && !w.ip)
		err = -ENOENT;
	walk_end(&w);
	if (err)
		return err;
	cfs_statfs(fsd.fs, &cs);
	memset(&st, 0, sizeof st);
	st.f_type = 0x63616c78;		/* "calx" */
	st.f_bsize = st.f_frsize = PAGE;
	st.f_blocks = cs.blocks;
	st.f_bfree = cs.free;
	st.f_bavail = cs.avail;
	/* Inodes have no table of their own: each takes a part of a block. */
	st.f_files = cs.blocks;
	st.f_ffree = cs.avail;
	st.f_namelen = CFS_NAMELEN;
	memcpy(&st.f_fsid, cs.uuid, sizeof st.f_fsid);
	if (r->m.r[1].len < sizeof st)
		return -EINVAL;
	n = srv_put(r, &st, sizeof st);
	return n < 0 ? n : 0;
}
