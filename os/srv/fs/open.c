/* SPDX-License-Identifier: MIT */
/* Opening: file objects for clients. */
#include <fcntl.h>
#include <stdlib.h>
#include <sys/inotify.h>

#include "fsd.h"

#define FMT	0170000u
#define DIRMODE	0040000u
#define FIFOMODE	0010000u
#define REGMODE	0100000u
#define LNKMODE	0120000u

static bool writes(uint32_t flags)
{
	return (flags & ACCMODE) != O_RDONLY && !(flags & O_PATH);
}

static uint32_t rights_of(uint32_t flags)
{
	uint32_t acc = flags & ACCMODE, rights = R_CALL | R_DUP;

	if (flags & O_PATH)
		return rights;
	if (acc != O_WRONLY)
		rights |= R_READ | R_EXEC;
	if (acc != O_RDONLY)
		rights |= R_WRITE;
	return rights;
}

#define ROOT	0x80000000u	/* in self[2], no O_*: the file that names the whole tree */
#define CAGED	0x40000000u	/* and one of a sandbox, which a restart forgets: so it is refused then */

/* What a file is known by after a restart: inode, directory, flags and generation. */
static void self_of(uint64_t self[3], const struct ofile *of, uint32_t more)
{
	self[0] = of->ip->ino;
	self[1] = of->dir;
	self[2] = (uint64_t)(uint32_t)of->ip->a.gen << 32 | of->flags | more | (of->cage ? CAGED : 0);
}

static void ofile_free(struct ofile *of)
{
	if (of->fn)
		fnode_closed(of->fn, writes(of->flags));
	cage_put(of->cage);
	cfs_iput(of->ip);
	free(of);
}

void ofile_close(struct ofile *of)
{
	locks_closed(of);
	tickets_closed(of);
	if (of->fifo)
		fifo_closed(of);
	if (!(of->flags & O_PATH))
		watch_file(of->ip, of->dir, writes(of->flags) ? IN_CLOSE_WRITE : IN_CLOSE_NOWRITE);
	ofile_free(of);
}

/* One of the request that is being tried: it is in the same cage. NULL: no memory. */
static struct ofile *new_ofile(struct cfs_inode *ip, uint64_t dir, uint32_t flags)
{
	struct ofile *of = calloc(1, sizeof *of);

	if (!of)
		return NULL;
	of->ip = cfs_iref(ip);
	of->dir = dir;
	of->flags = flags;
	of->cage = cage_ref(fsd.cage);
	of->level = fsd.level;
	return of;
}

/* An open file on ip: the handle for the client, or -errno. */
static int64_t new_file(struct cfs_inode *ip, uint64_t dir, uint32_t flags, uint32_t more)
{
	struct ofile *of = new_ofile(ip, dir, flags);
	struct file_args a = { .rights = rights_of(flags), .fflags = flags & (ACCMODE | O_APPEND | O_NONBLOCK | O_DIRECT),
			       .plane = PLANE_NONE, .data = H_NONE, .ready = EV_IN | EV_OUT,
			       .flags = FILE_SEEKABLE };
	int64_t h;

	if (!of)
		return -ENOMEM;
	if ((ip->a.mode & FMT) == REGMODE && !(flags & O_PATH)) {
		int err = fnode_get(ip, &of->fn);

		if (err) {
			ofile_free(of);
			return err;
		}
		fnode_opened(of->fn, writes(flags));
		of->fn->dir = dir;
		a.plane = PLANE_MEM;
		a.data = of->fn->mem;
	}
	a.id = (uint64_t)of;
	self_of(a.self, of, more);
	h = sys_file_create(fsd.srv.port, &a);
	if (h < 0)
		ofile_free(of);
	return h;
}

static int64_t make_fifo(struct srv_req *r, struct cfs_inode *ip, uint64_t dir, uint32_t flags)
{
	struct ofile *of = new_ofile(ip, dir, flags);

	return of ? fifo_open(r, of) : -ENOMEM;
}

int64_t make_file(struct srv_req *r, struct cfs_inode *ip, uint64_t dir, uint32_t flags)
{
	int64_t h;

	if ((ip->a.mode & FMT) == FIFOMODE && !(flags & O_PATH))
		return make_fifo(r, ip, dir, flags);
	h = new_file(ip, dir, flags, 0);

	if (h < 0)
		return h;
	srv_give(r, (handle_t)h);
	r->m.w[1] = ip->a.mode & FMT;
	if (!(flags & O_PATH))
		watch_file(ip, dir, IN_OPEN);
	return 0;
}

/* The file again, for what a server before us had opened; NULL: it is not there any more. */
static struct ofile *known_again(const struct port_item *it)
{
	struct ofile *of = calloc(1, sizeof *of);
	uint32_t fmt;

	if (!of || (uint32_t)it->self[2] & CAGED || cfs_iget(fsd.fs, it->self[0], &of->ip)) {
		free(of);
		return NULL;
	}
	of->dir = it->self[1];
	of->flags = (uint32_t)it->self[2] & ~ROOT;
	of->fn = it->mem ? of->ip->priv : NULL;
	fmt = of->ip->a.mode & FMT;
	if ((uint32_t)of->ip->a.gen == it->self[2] >> 32 && !it->mem == !of->fn && fmt != FIFOMODE) {
		if (of->fn)
			fnode_opened(of->fn, writes(of->flags));
		return of;
	}
	cfs_iput(of->ip);
	free(of);
	return NULL;
}

bool ofile_revive(const struct port_item *it)
{
	struct ofile *of = known_again(it);

	sys_adopt(it->h, (uint64_t)of);
	if (!of || !((uint32_t)it->self[2] & ROOT))
		return false;
	fsd.root_koid = it->koid;
	return true;
}

int64_t make_root(void)
{
	struct cfs_inode *root = cfs_root(fsd.fs);
	struct handle_info info;
	int64_t h = root ? new_file(root, 2, O_RDONLY | O_DIRECTORY, fsd.cage ? 0 : ROOT) : -EIO;

	cfs_iput(root);
	if (h >= 0 && !fsd.cage && sys_handle_info((handle_t)h, &info) >= 0)
		fsd.root_koid = info.koid;
	return h;
}

static uint32_t wanted(uint32_t flags)
{
	uint32_t acc = flags & ACCMODE;

	return (acc != O_WRONLY ? MAY_R : 0) | (acc != O_RDONLY || flags & O_TRUNC ? MAY_W : 0);
}

/* May an existing file be opened this way? */
static int check_open(struct cfs_inode *ip, uint32_t flags, const struct srv_req *r)
{
	uint32_t fmt = ip->a.mode & FMT;

	if (flags & O_DIRECTORY && fmt != DIRMODE)
		return -ENOTDIR;
	if (flags & O_PATH)
		return 0;
	if (fmt == LNKMODE)
		return -ELOOP;
	if (fmt == DIRMODE && (wanted(flags) & MAY_W || flags & O_CREAT))
		return -EISDIR;
	if (fmt != DIRMODE && fmt != REGMODE && fmt != FIFOMODE)
		return -ENXIO;
	if (wanted(flags) & MAY_W && cfs_readonly(ip->fs) && fmt == REGMODE)
		return -EROFS;
	if (flags & O_NOATIME && CRED_UID(r->m.cred) && CRED_UID(r->m.cred) != ip->a.uid)
		return -EPERM;
	return may(ip, r, wanted(flags));
}

static int create(struct srv_req *r, struct walk *w, uint32_t mode)
{
	struct cfs_new n = new_owner(r, w->dir, REGMODE | (mode & 07777));
	int err = w->slash ? -EISDIR : may(w->dir, r, MAY_W | MAY_X);

	if (!err && fsd.readonly)
		err = -EROFS;
	if (!err)
		err = cfs_create(w->dir, w->name, w->n, &n, &w->ip);
	if (!err) {
		touch_timer();
		watch_name(w->dir, w->ip, IN_CREATE, 0, w->name, w->n);
	}
	return err;
}

/* Relaxed access times: only when older than the last change, or than a day. */
static void access_time(struct cfs_inode *ip)
{
	struct cfs_attr a;
	const struct cfs_time *at = &ip->a.time[CFS_ATIME], *mt = &ip->a.time[CFS_MTIME];

	time_now(&a.time[CFS_ATIME]);
	if (cfs_readonly(ip->fs) || (a.time[CFS_ATIME].sec < at->sec + 86400 &&
			     (at->sec > mt->sec || (at->sec == mt->sec && at->nsec > mt->nsec))))
		return;
	if (!cfs_setattr(ip, CFS_SET_ATIME, &a))
		touch_timer();
}

static int truncate_walked(struct walk *w)
{
	int err = file_resize(w->ip, 0);

	if (!err)
		watch_file(w->ip, w->dir ? w->dir->ino : 0, IN_MODIFY);
	return err;
}

static int64_t open_walked(struct srv_req *r, struct walk *w, uint32_t flags)
{
	int err = 0;

	if (!w->ip) {
		if (!(flags & O_CREAT) || flags & O_PATH)
			return -ENOENT;
		err = create(r, w, (uint32_t)r->m.w[2]);
	} else if (flags & O_CREAT && flags & O_EXCL && w->dir) {
		err = -EEXIST;
	} else {
		err = check_open(w->ip, flags, r);
		if (!err && writes(flags))
			err = strip_set_id(w->ip, r);
		if (!err && flags & O_TRUNC && (w->ip->a.mode & FMT) == REGMODE && !(flags & O_PATH))
			err = truncate_walked(w);
		if (!err && !(flags & O_PATH) && (flags & ACCMODE) == O_RDONLY)
			access_time(w->ip);
	}
	return err ? err : make_file(r, w->ip, w->dir ? w->dir->ino : 2, flags);
}

/* O_TMPFILE: a file in the directory without a name; with O_EXCL it never gets one. */
static int64_t open_unnamed(struct srv_req *r, struct ofile *of)
{
	uint32_t flags = (uint32_t)r->m.w[1];
	struct cfs_inode *ip = NULL;
	struct cfs_new n;
	struct walk w;
	int64_t res = walk_request(r, of, WALK_FOLLOW, &w);

	if (!res && !w.ip)
		res = -ENOENT;
	if (!res && (w.ip->a.mode & FMT) != DIRMODE)
		res = -ENOTDIR;
	if (!res && !writes(flags))
		res = -EINVAL;
	if (!res)
		res = fsd.readonly ? -EROFS : may(w.ip, r, MAY_W | MAY_X);
	if (!res) {
		n = new_owner(r, w.ip, REGMODE | ((uint32_t)r->m.w[2] & 07777));
		res = cfs_create_unnamed(w.ip, &n, !(flags & O_EXCL), &ip);
	}
	if (!res) {
		touch_timer();
		res = make_file(r, ip, w.ip->ino, flags);
	}
	cfs_iput(ip);
	walk_end(&w);
	return res;
}

int64_t op_open(struct srv_req *r, struct ofile *of)
{
	uint32_t flags = (uint32_t)r->m.w[1];
	bool nofollow = flags & O_NOFOLLOW || (flags & (O_CREAT | O_EXCL)) == (O_CREAT | O_EXCL);
	struct walk w;
	int64_t res;
	int err;

	err = act_for(r);
	if (err)
		return err;
	if ((flags & O_TMPFILE) == O_TMPFILE)
		return open_unnamed(r, of);
	err = walk_request(r, of, nofollow ? 0 : WALK_FOLLOW, &w);
	if (err)
		return err;
	res = open_walked(r, &w, flags);
	walk_end(&w);
	return res;
}

int64_t op_clone(struct srv_req *r, struct ofile *of)
{
	uint32_t flags = (uint32_t)r->m.w[1] & ~(uint32_t)(O_CREAT | O_EXCL | O_TRUNC);
	int err = check_open(of->ip, flags, r);

	return err ? err : make_file(r, of->ip, of->dir, flags);
}
