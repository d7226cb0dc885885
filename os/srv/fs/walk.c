/* SPDX-License-Identifier: MIT */
/*
 * From paths to inodes, and back. Links with relative targets are followed here; what leaves the tree,
 * and what comes back to its root by ".." (another server may have a place below it), goes back to the
 * client as a redirect.
 */
#include <limits.h>

#include "fsd.h"

#define FMT	0170000u
#define DIRMODE	0040000u
#define LNKMODE	0120000u
#define LINKS	40

/* Path text still to be walked, in one buffer that links are spliced into. */
struct text {
	char buf[2 * PATH_SIZE];
	size_t at, end;
};

static void skip_slashes(struct text *t)
{
	while (t->at < t->end && t->buf[t->at] == '/')
		t->at++;
}

static int redirect(struct srv_req *r, const char *a, size_t an, const struct text *t)
{
	char out[2 * PATH_SIZE + 2];
	size_t n = an, rest = t->end - t->at;

	if (an + 1 + rest >= PATH_SIZE)
		return -ENAMETOOLONG;
	memcpy(out, a, an);
	if (rest && (!n || out[n - 1] != '/'))
		out[n++] = '/';
	memcpy(out + n, t->buf + t->at, rest);
	n += rest;
	if (r->m.r[1].len < n || sys_msg_write(r->m.token, 1, 0, out, n) < 0)
		return -ENAMETOOLONG;
	r->m.w[1] = n;
	return -F_REDIRECT;
}

/* ".." above the root of the tree: the rest starts in the parent of our prefix. */
static int redirect_up(struct srv_req *r, const struct text *t)
{
	const char *slash = strrchr(fsd.prefix, '/');

	return redirect(r, fsd.prefix, slash == fsd.prefix ? 1 : (size_t)(slash - fsd.prefix), t);
}

/* Puts a link's target before the rest of the path; an absolute one ends the walk here. */
static int splice(struct srv_req *r, struct text *t, struct cfs_inode *ip)
{
	char target[PATH_SIZE];
	int n = cfs_readlink(ip, target, sizeof target);
	size_t rest = t->end - t->at;

	if (n < 0)
		return n;
	if (n && target[0] == '/')
		return redirect(r, target, (size_t)n, t);
	if ((size_t)n + 1 + rest >= PATH_SIZE)
		return -ENAMETOOLONG;
	memmove(t->buf + n + 1, t->buf + t->at, rest);
	memcpy(t->buf, target, (size_t)n);
	t->buf[n] = '/';
	t->at = 0;
	t->end = (size_t)n + (rest ? 1 + rest : 0);
	return 0;
}

struct step {
	struct srv_req *r;
	struct text t;
	struct cfs_inode *dir;		/* referenced */
	int links;
	uint32_t flags;
	bool slash;			/* the original path ended with one */
};

static void enter(struct step *s, struct cfs_inode *ip)
{
	cfs_iput(s->dir);
	s->dir = ip;
}

static int step_up(struct step *s)
{
	struct cfs_inode *up;
	int err;

	if (s->dir->ino == 2 && s->dir->fs == fsd.fs)
		return fsd.prefix[1] || s->links ? redirect_up(s->r, &s->t) : 0;
	err = cfs_parent(s->dir, &up);
	if (err)
		return err;
	enter(s, up);
	skip_slashes(&s->t);
	if (up->ino == 2 && up->fs == fsd.fs && s->links && s->t.at < s->t.end)
		return redirect(s->r, fsd.prefix, strlen(fsd.prefix), &s->t);
	return 0;
}

/* The component [name, name + n) in s->dir. 1: it was the last, *w is filled; 0: go on; -errno. */
static int step_name(struct step *s, const char *name, size_t n, struct walk *w)
{
	struct cfs_inode *ip = NULL;
	bool last;
	int err;

	if (n > CFS_NAMELEN)
		return -ENAMETOOLONG;
	memcpy(w->name, name, n);
	w->name[n] = 0;
	w->n = n;
	skip_slashes(&s->t);
	last = s->t.at == s->t.end;
	err = may(s->dir, s->r, MAY_X);
	if (!err)
		err = cfs_lookup(s->dir, w->name, n, &ip);
	if (err && (err != -ENOENT || !last))
		return err;
	if (ip && (ip->a.mode & FMT) == LNKMODE && (!last || s->flags & WALK_FOLLOW || s->slash)) {
		err = s->links++ == LINKS ? -ELOOP : splice(s->r, &s->t, ip);
		cfs_iput(ip);
		return err;
	}
	if (!last) {
		enter(s, ip);
		return (ip->a.mode & FMT) == DIRMODE ? 0 : -ENOTDIR;
	}
	w->dir = s->dir;
	s->dir = NULL;
	w->ip = ip;
	return 1;
}

static int walk_steps(struct step *s, struct walk *w)
{
	int done = 0;

	while (done == 0) {
		const char *name;
		size_t n = 0;

		skip_slashes(&s->t);
		name = s->t.buf + s->t.at;
		while (s->t.at < s->t.end && s->t.buf[s->t.at] != '/') {
			s->t.at++;
			n++;
		}
		if (!n)
			break;
		if (n == 1 && *name == '.')
			continue;
		if ((s->dir->a.mode & FMT) != DIRMODE)
			return -ENOTDIR;
		done = n == 2 && name[0] == '.' && name[1] == '.' ? step_up(s) : step_name(s, name, n, w);
	}
	if (done == 0) {
		w->ip = s->dir;		/* nothing but dots: the directory itself */
		s->dir = NULL;
		w->slash = (w->ip->a.mode & FMT) == DIRMODE;
	}
	return done < 0 ? done : 0;
}

/* With s->t filled. Buffers are large: nothing here may be cleared as a whole. */
static int walk_text(struct step *s, struct srv_req *r, struct cfs_inode *from, uint32_t flags, struct walk *w)
{
	int err;

	s->r = r;
	s->flags = flags;
	s->links = 0;
	s->slash = s->t.end && s->t.buf[s->t.end - 1] == '/';
	s->t.at = 0;
	if (memchr(s->t.buf, 0, s->t.end))
		return -EINVAL;
	w->slash = s->slash;
	s->dir = cfs_iref(from);
	cfs_nowait(fsd.fs, fsd.nowait);
	err = walk_steps(s, w);
	if (!err && fsd.cage)
		err = cage_walked(w);
	cfs_nowait(fsd.fs, false);
	cfs_iput(s->dir);
	if (!err && w->slash && w->ip && (w->ip->a.mode & FMT) != DIRMODE)
		err = -ENOTDIR;
	if (err)
		walk_end(w);
	return err;
}

static void walk_clear(struct walk *w)
{
	w->dir = w->ip = NULL;
	w->n = 0;
	w->slash = false;
}

int walk(struct srv_req *r, struct cfs_inode *from, const char *path, size_t len, uint32_t flags,
	 struct walk *w)
{
	struct step s;

	walk_clear(w);
	if (len >= PATH_SIZE)
		return -ENAMETOOLONG;
	memcpy(s.t.buf, path, len);
	s.t.end = len;
	return walk_text(&s, r, from, flags, w);
}

int walk_request(struct srv_req *r, struct ofile *of, uint32_t flags, struct walk *w)
{
	uint64_t len = r->m.r[0].len;
	struct step s;
	int64_t n;

	walk_clear(w);
	if (!len) {
		w->ip = cfs_iref(of->ip);
		return 0;
	}
	if (len >= PATH_SIZE)
		return -ENAMETOOLONG;
	n = srv_get(r, s.t.buf, len);
	if (n != (int64_t)len)
		return n < 0 ? (int)n : -EFAULT;
	s.t.end = len;
	return walk_text(&s, r, of->ip, flags, w);
}

void walk_end(struct walk *w)
{
	cfs_iput(w->dir);
	cfs_iput(w->ip);
	w->dir = w->ip = NULL;
}

/* Names found lately, so that asking for the path of a directory does not search its parent. */
#define NHINTS	64u
static struct hint {
	uint64_t ino;
	uint8_t n;
	char name[CFS_NAMELEN];
} hints[NHINTS];

struct search {
	uint64_t ino;
	struct hint *hint;
};

static int search_entry(void *arg, const struct cfs_dent *d)
{
	struct search *s = arg;

	if (d->ino != s->ino || d->next <= 2)
		return 0;
	s->hint->ino = d->ino;
	s->hint->n = d->namelen;
	memcpy(s->hint->name, d->name, d->namelen);
	return 1;
}

static int name_of(struct cfs_inode *dir, uint64_t ino, struct hint **out)
{
	struct hint *h = &hints[ino % NHINTS];
	struct search s = { ino, h };
	uint64_t got;
	int err;

	*out = h;
	if (ino == CFS_SNAPDIR_INO) {	/* which no listing shows */
		h->ino = ino;
		h->n = sizeof CFS_SNAPDIR - 1;
		memcpy(h->name, CFS_SNAPDIR, h->n);
		return 0;
	}
	if (h->ino == ino && !cfs_find(dir, h->name, h->n, &got) && got == ino)
		return 0;
	h->ino = 0;
	err = cfs_readdir(dir, 0, search_entry, &s);
	return err ? err : h->ino ? 0 : -ENOENT;
}

int walk_name(struct cfs_inode *dir, uint64_t ino, char name[CFS_NAMELEN + 1])
{
	struct hint *h;
	int err = name_of(dir, ino, &h);

	if (err)
		return err;
	memcpy(name, h->name, h->n);
	name[h->n] = 0;
	return h->n;
}

/* The place of a snapshot's root, before buf + at: -> where it begins, or -errno. */
static int snapshot_place(const struct cfs *view, char *buf, size_t at)
{
	struct cfs_snapinfo s;
	size_t n = sizeof CFS_SNAPDIR;

	if (cfs_snapshot_list(fsd.fs, cfs_view_of(view) - 1, &s) || s.gen != cfs_view_of(view))
		return -ENOENT;
	if (at < s.namelen + n + 2 + sizeof fsd.prefix)
		return -ENAMETOOLONG;
	memcpy(buf + (at -= s.namelen), s.name, s.namelen);
	buf[--at] = '/';
	memcpy(buf + (at -= n - 1), CFS_SNAPDIR, n - 1);
	buf[--at] = '/';
	return (int)at;
}

/* Builds the path from its end. `dir` is where a file that is no directory was opened. */
int walk_path(struct cfs_inode *ip, uint64_t dir, char *buf, size_t size)
{
	size_t at = size, n;
	uint64_t ino = ip->ino, up = (ip->a.mode & FMT) == DIRMODE ? ip->a.parent : dir;

	while (ino != 2) {
		struct cfs_inode *parent;
		struct hint *h;
		int err = cfs_iget(ip->fs, up, &parent);

		if (err)
			return err;
		err = name_of(parent, ino, &h);
		ino = up;
		up = parent->a.parent;
		cfs_iput(parent);
		if (err)
			return err;
		if (at < (size_t)h->n + 1 + 256)
			return -ENAMETOOLONG;
		at -= h->n;
		memcpy(buf + at, h->name, h->n);
		buf[--at] = '/';
	}
	if (ip->fs != fsd.fs) {
		int place = snapshot_place(ip->fs, buf, at);

		if (place < 0)
			return place;
		at = (size_t)place;
	}
	n = fsd.prefix[1] ? strlen(fsd.prefix) : at == size;
	at -= n;
	memcpy(buf + at, fsd.prefix, n);
	memmove(buf, buf + at, size - at);
	return (int)(size - at);
}
