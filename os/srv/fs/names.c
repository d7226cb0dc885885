/* SPDX-License-Identifier: MIT */
/* Names: making, removing, moving and listing them. */
#include <fcntl.h>
#include <dirent.h>
#include <sys/inotify.h>

#include "fsd.h"

#define FMT	0170000u
#define DIRMODE	0040000u
#define SOCKMODE	0140000u

/* After a walk to a name that is to be made; with a slash behind it only as a directory. */
static int check_new(const struct srv_req *r, const struct walk *w, bool slash_ok)
{
	if (w->ip)
		return -EEXIST;
	if (w->slash && !slash_ok)
		return -ENOENT;
	return fsd.readonly ? -EROFS : may(w->dir, r, MAY_W | MAY_X);
}

int make_node(struct srv_req *r, struct ofile *of, uint32_t mode, bool slash_ok, uint64_t *ino)
{
	struct cfs_inode *ip;
	struct cfs_new n;
	struct walk w;
	int err = walk_request(r, of, 0, &w);

	if (!err)
		err = check_new(r, &w, slash_ok);
	if (!err && w.dir->ino == CFS_SNAPDIR_INO)
		err = write_back_all();		/* a snapshot has what was written before it */
	if (!err) {
		n = new_owner(r, w.dir, mode);
		err = cfs_create(w.dir, w.name, w.n, &n, &ip);
	}
	if (!err) {
		if (ino)
			*ino = ip->ino;
		watch_name(w.dir, ip, IN_CREATE, 0, w.name, w.n);
		cfs_iput(ip);
	}
	walk_end(&w);
	touch_timer();
	return err;
}

int64_t op_mkdir(struct srv_req *r, struct ofile *of)
{
	return make_node(r, of, DIRMODE | ((uint32_t)r->m.w[2] & 01777), true, NULL);
}

int64_t op_mknod(struct srv_req *r, struct ofile *of)
{
	uint32_t mode = (uint32_t)r->m.w[2], fmt = mode & FMT;

	if (!fmt)
		fmt = 0100000;
	if (fmt != 0100000 && fmt != 0010000 && fmt != 0140000)
		return CRED_UID(r->m.cred) ? -EPERM : -ENOTSUP;
	return make_node(r, of, fmt | (mode & 07777), false, NULL);
}

/* The number of a socket that goes with its next name, or 0. */
static uint64_t last_socket(const struct cfs_inode *ip)
{
	return (ip->a.mode & FMT) == SOCKMODE && ip->a.nlink == 1 ? ip->ino : 0;
}

static void tell_removed(struct cfs_inode *dir, struct cfs_inode *ip, const char *name, size_t n)
{
	watch_name(dir, ip, IN_DELETE, 0, name, n);
	if (ip->a.nlink)
		watch_event(ip, IN_ATTRIB, 0, NULL, 0);
	else
		watch_gone(ip);
}

static int remove_walked(struct srv_req *r, struct walk *w, bool rmdir)
{
	struct cfs_inode *ip;
	struct fnode *fn;
	uint64_t sock;
	int err;

	if (!w->ip)
		return -ENOENT;
	if (!w->dir)
		return rmdir ? -EBUSY : -EISDIR;
	if (fsd.readonly)
		return -EROFS;
	err = may_remove(w->dir, w->ip, r);
	if (err)
		return err;
	if (w->slash && !rmdir)
		return -ENOTDIR;
	fn = rmdir ? NULL : fnode_unlinking(w->ip);
	if (w->dir->ino == CFS_SNAPDIR_INO)
		fnodes_forget(w->ip->fs);
	sock = last_socket(w->ip);
	/* While it is watched the reference is kept for telling. */
	ip = watched(w->dir) || watched(w->ip) ? cfs_iref(w->ip) : NULL;
	cfs_iput(w->ip);
	w->ip = NULL;
	err = rmdir ? cfs_rmdir(w->dir, w->name, w->n) : cfs_unlink(w->dir, w->name, w->n);
	fnode_unlinked(fn, err);
	if (!err && sock)
		bind_removed(sock);
	if (!err && ip)
		tell_removed(w->dir, ip, w->name, w->n);
	cfs_iput(ip);
	return err;
}

int64_t op_unlink(struct srv_req *r, struct ofile *of)
{
	struct walk w;
	int err = walk_request(r, of, 0, &w);

	if (!err)
		err = remove_walked(r, &w, r->m.w[1] & AT_REMOVEDIR);
	walk_end(&w);
	touch_timer();
	return err;
}

/* Range 0 holds two texts with a zero byte between them. The second starts at *second and ends at *end. */
static int two_texts(struct srv_req *r, char *buf, size_t size, size_t *second, size_t *end)
{
	uint64_t len = r->m.r[0].len;
	int64_t n;
	char *zero;

	if (len > size)
		return -ENAMETOOLONG;
	n = len ? sys_msg_read(r->m.token, 0, 0, buf, len) : 0;
	if (n != (int64_t)len)
		return n < 0 ? (int)n : -EFAULT;
	zero = memchr(buf, 0, len);
	if (!zero)
		return -EINVAL;
	*second = (size_t)(zero - buf) + 1;
	*end = len;
	return 0;
}

/* Both walks of rename and link: the new path is relative to our root, which must be what h[0] names. */
static int walk_both(struct srv_req *r, struct ofile *of, uint32_t flags, struct walk *a, struct walk *b)
{
	static char buf[2 * PATH_SIZE];
	struct cfs_inode *root;
	enum cage_level first;
	struct handle_info info;
	size_t second, end;
	int err = two_texts(r, buf, sizeof buf, &second, &end);

	a->dir = a->ip = b->dir = b->ip = NULL;
	if (err)
		return err;
	if (!r->m.nh || sys_handle_info(r->m.h[0], &info) < 0 || (info.koid != fsd.root_koid && !cage_root(info.koid)))
		return -EXDEV;
	err = walk(r, of->ip, buf, second - 1, flags, a);
	if (err)
		return err;
	first = fsd.level;
	root = cfs_root(fsd.fs);
	err = root ? walk(r, root, buf + second, end - second, 0, b) : -EIO;
	cfs_iput(root);
	if (!err && !a->ip)
		err = -ENOENT;
	if (!err && fsd.readonly)
		err = -EROFS;
	if (!err && fsd.cage && (first < CAGE_W || fsd.level < CAGE_W))
		err = -EACCES;
	return err;
}

static void tell_moved(struct walk *a, struct walk *b, struct cfs_inode *gone)
{
	static uint32_t cookie;

	cookie++;
	watch_name(a->dir, a->ip, IN_MOVED_FROM, cookie, a->name, a->n);
	watch_name(b->dir, a->ip, IN_MOVED_TO, cookie, b->name, b->n);
	watch_event(a->ip, IN_MOVE_SELF, 0, NULL, 0);
	if (gone && !gone->a.nlink)
		watch_gone(gone);
}

static int rename_walked(struct srv_req *r, struct walk *a, struct walk *b, uint32_t flags)
{
	bool dir = (a->ip->a.mode & FMT) == DIRMODE, same;
	struct cfs_inode *gone;
	struct fnode *fn = NULL;
	uint64_t sock = 0;
	int err;

	if (!a->dir || !b->dir)
		return -EBUSY;
	if (b->slash && !b->ip && !dir)
		return -ENOTDIR;
	err = may_remove(a->dir, a->ip, r);
	if (!err)
		err = b->ip ? may_remove(b->dir, b->ip, r) : may(b->dir, r, MAY_W | MAY_X);
	if (!err && dir && a->dir != b->dir)
		err = may(a->ip, r, MAY_W);
	if (err)
		return err;
	if (b->ip && b->ip != a->ip && !flags) {
		fn = fnode_unlinking(b->ip);
		sock = last_socket(b->ip);
	}
	same = b->ip == a->ip;
	gone = b->ip && !same && !flags && watched(b->ip) ? cfs_iref(b->ip) : NULL;
	cfs_iput(b->ip);
	b->ip = NULL;
	err = cfs_rename(a->dir, a->name, a->n, b->dir, b->name, b->n, flags);
	fnode_unlinked(fn, err);
	if (!err && sock)
		bind_removed(sock);
	if (!err && !same)
		tell_moved(a, b, gone);
	cfs_iput(gone);
	return err;
}

int64_t op_rename(struct srv_req *r, struct ofile *of)
{
	struct walk a, b;
	int err = walk_both(r, of, 0, &a, &b);

	if (!err)
		err = rename_walked(r, &a, &b, (uint32_t)r->m.w[1]);
	walk_end(&a);
	walk_end(&b);
	touch_timer();
	return err;
}

int64_t op_link(struct srv_req *r, struct ofile *of)
{
	struct walk a, b;
	int err = walk_both(r, of, r->m.w[1] & AT_SYMLINK_FOLLOW ? WALK_FOLLOW : 0, &a, &b);

	if (!err)
		err = check_new(r, &b, false);
	if (!err)
		err = cfs_link(b.dir, b.name, b.n, a.ip);
	if (!err)
		watch_name(b.dir, a.ip, IN_CREATE, 0, b.name, b.n);
	walk_end(&a);
	walk_end(&b);
	touch_timer();
	return err;
}

int64_t op_symlink(struct srv_req *r, struct ofile *of)
{
	static char buf[2 * PATH_SIZE];
	struct cfs_new n;
	size_t second, end;
	struct walk w;
	int err = two_texts(r, buf, sizeof buf, &second, &end);

	if (err)
		return err;
	if (memchr(buf + second, 0, end - second))
		return -EINVAL;
	err = walk(r, of->ip, buf, second - 1, 0, &w);
	if (err)
		return err;
	err = check_new(r, &w, false);
	if (!err) {
		n = new_owner(r, w.dir, 0777);
		err = cfs_symlink(w.dir, w.name, w.n, &n, buf + second, end - second, &w.ip);
	}
	if (!err)
		watch_name(w.dir, w.ip, IN_CREATE, 0, w.name, w.n);
	walk_end(&w);
	touch_timer();
	return err;
}

int64_t op_readlink(struct srv_req *r, struct ofile *of)
{
	char buf[PATH_SIZE];
	struct walk w;
	int n = walk_request(r, of, 0, &w);

	if (!n)
		n = w.ip ? cfs_readlink(w.ip, buf, sizeof buf) : -ENOENT;
	walk_end(&w);
	return n < 0 ? n : srv_put(r, buf, (size_t)n);
}

struct listing {
	char *buf;
	size_t n, size;
	uint64_t next;
	bool full;
};

static int add_entry(void *arg, const struct cfs_dent *d)
{
	struct listing *l = arg;
	struct dirent *e = (void *)(l->buf + l->n);
	size_t len = (offsetof(struct dirent, d_name) + d->namelen + 1 + 7) & ~(size_t)7;

	if (l->n + len > l->size) {
		l->full = true;
		return 1;
	}
	memset(l->buf + l->n + len - 8, 0, 8);	/* the padding, and perhaps fields that follow now */
	e->d_ino = d->ino;
	e->d_off = (off_t)d->next;
	e->d_reclen = (unsigned short)len;
	e->d_type = d->type;
	memcpy(e->d_name, d->name, d->namelen);
	e->d_name[d->namelen] = 0;
	l->n += len;
	l->next = d->next;
	return 0;
}

int64_t op_readdir(struct srv_req *r, struct ofile *of)
{
	struct listing l = { .buf = (char *)fsd.buf, .next = r->m.w[1] };
	int64_t n;
	int err;

	if ((of->ip->a.mode & FMT) != DIRMODE)
		return -ENOTDIR;
	if ((of->flags & O_PATH))
		return -EBADF;
	l.size = r->m.r[1].len < 65536 ? r->m.r[1].len : 65536;
	cfs_nowait(fsd.fs, fsd.nowait);
	err = cfs_readdir(of->ip, r->m.w[1], add_entry, &l);
	cfs_nowait(fsd.fs, false);
	if (err)
		return err;
	if (!l.n && l.full)
		return -EINVAL;
	n = l.n ? srv_put(r, l.buf, l.n) : 0;
	r->m.w[1] = l.next;
	return n;
}
