/* SPDX-License-Identifier: MIT */
/*
 * Cages: roots that show some names of the tree only (F_CONFINE), for sandboxes. A cage lists inodes with what
 * may be done to them and to all below; the nearest one above a file decides. Files opened through a
 * caged root belong to the cage. Directories that lead to listed ones can be passed and no more.
 */
#include <stdlib.h>

#include "fsd.h"

#define FMT	0170000u
#define DIRMODE	0040000u
#define LNKMODE	0120000u
#define LIST_SIZE	16384u

struct entry {
	struct cfs_inode *ip, *dir;	/* referenced; dir: where it was found, NULL: it is the root */
	enum cage_level level;
};

struct cage {
	uint32_t refs, n;
	uint64_t koid;			/* of the root's handle */
	struct entry e[];
};

static struct cfs_inode *ref(struct cfs_inode *ip)
{
	return ip ? cfs_iref(ip) : NULL;
}

struct cage *cage_ref(struct cage *c)
{
	if (c)
		c->refs++;
	return c;
}

void cage_put(struct cage *c)
{
	if (!c || --c->refs)
		return;
	for (uint32_t i = 0; i < c->n; i++) {
		cfs_iput(c->e[i].ip);
		cfs_iput(c->e[i].dir);
	}
	free(c);
}

bool cage_root(uint64_t koid)
{
	return fsd.cage && fsd.cage->koid == koid;
}

static bool same(const struct cfs_inode *a, const struct cfs_inode *b)
{
	return a->ino == b->ino && a->fs == b->fs;
}

static bool is_dir(const struct cfs_inode *ip)
{
	return (ip->a.mode & FMT) == DIRMODE;
}

/* One step up, whose reference takes at's place; at becomes NULL above the root. */
static int step(struct cfs_inode **at)
{
	struct cfs_inode *up = NULL;
	int err = (*at)->ino == 2 && (*at)->fs == fsd.fs ? 0 : cfs_parent(*at, &up);

	cfs_iput(*at);
	*at = err ? NULL : up;
	return err;
}

/* Does dir lie above what is listed? */
static int leads(const struct cage *c, const struct cfs_inode *dir, bool *yes)
{
	int err = 0;

	*yes = false;
	for (uint32_t i = 0; i < c->n && !*yes && !err; i++) {
		struct cfs_inode *at = ref(c->e[i].dir);

		while (at && !err && !(*yes = same(at, dir)))
			err = step(&at);
		cfs_iput(at);
	}
	return err;
}

static bool listed(const struct cage *c, const struct cfs_inode *ip, enum cage_level *level)
{
	for (uint32_t i = 0; i < c->n; i++)
		if (same(c->e[i].ip, ip)) {
			*level = c->e[i].level;
			return true;
		}
	return false;
}

/* The level of ip, found in dir (NULL: not known). 0 or -errno. */
static int level_of(const struct cage *c, struct cfs_inode *ip, struct cfs_inode *dir, enum cage_level *level)
{
	struct cfs_inode *at = ref(is_dir(ip) ? ip : dir);
	bool yes = false;
	int err = 0;

	if (listed(c, ip, level)) {
		cfs_iput(at);
		return 0;
	}
	while (at && !err && !(yes = listed(c, at, level)))
		err = step(&at);
	cfs_iput(at);
	if (err || yes)
		return err;
	if (!is_dir(ip) && (ip->a.mode & FMT) != LNKMODE)
		dir = NULL;
	err = is_dir(ip) || dir ? leads(c, is_dir(ip) ? ip : dir, &yes) : 0;
	*level = yes ? CAGE_PASS : CAGE_NONE;
	return err;
}

int cage_walked(const struct walk *w)
{
	int err = level_of(fsd.cage, w->ip ? w->ip : w->dir, w->ip ? w->dir : NULL, &fsd.level);

	return err ? err : fsd.level == CAGE_NONE ? -ENOENT : 0;
}

int cage_may(const struct cfs_inode *ip, uint32_t want)
{
	enum cage_level level = fsd.level, need = want & MAY_W ? CAGE_W : want & MAY_R ? CAGE_R : CAGE_NONE;
	int err = need != CAGE_NONE && is_dir(ip) ? level_of(fsd.cage, (struct cfs_inode *)ip, NULL, &level) : 0;

	return err ? err : level < need ? -EACCES : 0;
}

/* One name of the list, from `text` of n bytes; what a caged caller has not it cannot give. */
static int add(struct srv_req *r, struct cage *c, const char *text, size_t n)
{
	struct entry *e = &c->e[c->n];
	struct cfs_inode *root = cfs_root(fsd.fs);
	struct walk w = { .ip = NULL };
	int err = !root ? -EIO : walk(r, root, text + 1, n - 1, WALK_FOLLOW, &w);

	cfs_iput(root);
	if (!err && !w.ip)
		err = -ENOENT;
	e->level = *text == 'w' ? CAGE_W : CAGE_R;
	if (!err && fsd.cage && fsd.level < e->level)
		e->level = fsd.level;
	if (!err && e->level < CAGE_R)
		err = -EACCES;
	if (!err) {
		e->ip = ref(w.ip);
		e->dir = ref(w.dir);
		c->n++;
	}
	walk_end(&w);
	return err == -F_REDIRECT ? -ENOENT : err;
}

static int add_all(struct srv_req *r, struct cage *c, const char *list, size_t n)
{
	int err = 0;

	for (size_t i = 0, len; i < n && !err; i += len + 1) {
		const char *end = memchr(list + i, 0, n - i);

		len = end ? (size_t)(end - list) - i : 0;
		if (!len || (list[i] != 'r' && list[i] != 'w'))
			return -EINVAL;
		err = add(r, c, list + i, len);
	}
	return err;
}

static int64_t give_root(struct srv_req *r, struct cage *c)
{
	struct cage *was = fsd.cage;
	struct handle_info info;
	int64_t h;

	fsd.cage = c;
	fsd.level = CAGE_PASS;
	h = make_root();
	fsd.cage = was;
	if (h < 0)
		return h;
	if (sys_handle_info((handle_t)h, &info) >= 0)
		c->koid = info.koid;
	srv_give(r, (handle_t)h);
	return 0;
}

int64_t op_confine(struct srv_req *r, struct ofile *of)
{
	size_t n = r->m.r[0].len;
	char *list = n && n <= LIST_SIZE ? malloc(n) : NULL;
	struct cage *c = list ? calloc(1, sizeof *c + n / 2 * sizeof c->e[0]) : NULL;
	int64_t res;

	if (of->ip->ino != 2 || of->ip->fs != fsd.fs || !n)
		res = -EINVAL;
	else if (!c)
		res = n > LIST_SIZE ? -E2BIG : -ENOMEM;
	else
		res = sys_msg_read(r->m.token, 0, 0, list, n) == (int64_t)n ? add_all(r, c, list, n) : -EFAULT;
	if (c)
		c->refs = 1;
	if (!res)
		res = give_root(r, c);
	cage_put(c);
	free(list);
	return res;
}
