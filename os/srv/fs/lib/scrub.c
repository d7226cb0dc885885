/* SPDX-License-Identifier: MIT */
/*
 * Scrubbing: everything is read and verified while the file system is in use, in steps of some blocks. The
 * present state comes first, then what only snapshots have, then superblocks and the free map. A bad copy is
 * written again from the good one; what is there once and bad is told of.
 *
 * Between two steps the tree may change. The place reached is kept as a key; what changes behind it was
 * written just now, and a key says where to go on in whatever the tree has become.
 */
#include "fs.h"

#define DAMAGES	64u		/* told of by name */

static const struct cfs_key FIRST = { 0, 0 }, LAST = { ~0ull, ~0ull };

struct damage {
	uint64_t ino, page, view;
	uint64_t dir;		/* where it has a name; 0: not known */
};

struct cfs_scrub {
	struct cfs *fs;
	uint64_t view;		/* generation of the snapshot at hand; 0: the present state */
	struct cfs_key at;
	int64_t left;		/* blocks of this step */
	uint64_t *seen;		/* bits: blocks that a tree before had, or that were met already */
	uint8_t *buf;		/* CFS_EXT_MAX blocks */
	struct cfs_scrub_stat st;
	struct damage bad[DAMAGES];
	uint32_t nbad;
};

int cfs_scrub_begin(struct cfs *fs, struct cfs_scrub **out)
{
	size_t bits = (size_t)fs->ngrp * (CFS_GROUP / 8);
	struct cfs_scrub *s = fs->io.alloc(fs->io.ctx, sizeof *s);

	if (!s)
		return -ENOMEM;
	memset(s, 0, sizeof *s);
	s->fs = fs;
	s->seen = fs->io.alloc(fs->io.ctx, bits);
	s->buf = fs->io.alloc(fs->io.ctx, CFS_EXT_MAX * CFS_BLOCK);
	s->st.total = fs->nblocks - fs->nfree;
	*out = s;
	if (s->seen && s->buf) {
		memset(s->seen, 0, bits);
		return 0;
	}
	cfs_scrub_end(s);
	return -ENOMEM;
}

void cfs_scrub_end(struct cfs_scrub *s)
{
	struct cfs *fs = s->fs;

	fs->io.free(fs->io.ctx, s->seen);
	fs->io.free(fs->io.ctx, s->buf);
	fs->io.free(fs->io.ctx, s);
}

struct cfs_scrub_stat cfs_scrub_stat(const struct cfs_scrub *s)
{
	return s->st;
}

/* The tree of a generation; NULL: that snapshot has gone. */
static struct cfs *tree_of(struct cfs *fs, uint64_t view)
{
	struct cfs *t = NULL;

	if (!view)
		return fs;
	for (uint32_t i = 0; i < fs->nsnaps; i++)
		if (fs->snap[i].d.gen == view && snap_view(fs, &fs->snap[i], &t))
			return NULL;
	return t;
}

static void met(struct cfs_scrub *s, uint64_t blk, uint32_t n)
{
	s->left -= n;
	s->st.blocks += n;
	for (; n; blk++, n--)
		s->seen[blk / 64] |= 1ull << blk % 64;
}

static void damaged(struct cfs_scrub *s, uint64_t ino, uint64_t page)
{
	s->st.errors++;
	for (uint32_t i = 0; i < s->nbad; i++)
		if (s->bad[i].ino == ino && s->bad[i].view == s->view)
			return;
	if (s->nbad < DAMAGES)
		s->bad[s->nbad++] = (struct damage){ .ino = ino, .page = page, .view = s->view };
}

/* A block with this checksum again to `to`. */
static bool rewrite(struct cfs_scrub *s, const void *buf, uint64_t csum, uint64_t to)
{
	const struct cfs_io *io = &s->fs->io;

	return !(s->fs->flags & CFS_RDONLY) && !s->fs->failed && cfs_xxh64(buf, CFS_BLOCK, 0) == csum &&
	       !io->write(io->ctx, to, 1, buf) && !io->read(io->ctx, to, 1, s->buf) &&
	       cfs_xxh64(s->buf, CFS_BLOCK, 0) == csum;
}

/* Both copies of a node that is in memory; one that is being written will be sound. */
static void check_copies(struct cfs_scrub *s, struct cfs *t, const struct cfs_ptr *ptr, int level, const struct node *n)
{
	const struct cfs_io *io = &s->fs->io;
	uint64_t blk[2] = { ptr->blk, ptr->twin };

	if (n->dirty || n->writing)
		return;
	for (int i = 0; i < 2 && blk[i]; i++) {
		uint8_t *other = s->buf + CFS_BLOCK;

		met(s, blk[i], 1);
		if (!node_read(t, ptr, level, s->buf, i))
			continue;
		fs_log(s->fs, "calxfs: scrub: node at block %llu is bad", (unsigned long long)blk[i]);
		if ((blk[!i] && !io->read(io->ctx, blk[!i], 1, other) && rewrite(s, other, ptr->csum, blk[i])) ||
		    rewrite(s, n->buf, ptr->csum, blk[i]))
			s->st.repaired++;
		else
			s->st.errors++;
	}
}

static bool data_bad(struct cfs_scrub *s, struct cfs *t, const struct cfs_extent *e, const uint8_t *tail, uint32_t i)
{
	const uint8_t *sums = tail + ext_head(t) - sizeof *e;

	return data_open(t, tail, e->blk + i, sums + i * sum_size(t), s->buf + (size_t)i * CFS_BLOCK);
}

static void check_extent(struct cfs_scrub *s, struct cfs *t, struct cfs_key key, const uint8_t *item)
{
	const struct cfs_io *io = &s->fs->io;
	struct cfs_extent e;
	bool whole;

	memcpy(&e, item, sizeof e);
	if (e.flags & CFS_EXT_UNWRITTEN || (s->view && bit_get(s->seen, e.blk)))
		return;
	met(s, e.blk, e.count);
	whole = !io->read(io->ctx, e.blk, e.count, s->buf);
	for (uint32_t i = 0; i < e.count; i++) {
		if ((whole || !io->read(io->ctx, e.blk + i, 1, s->buf + (size_t)i * CFS_BLOCK)) &&
		    !data_bad(s, t, &e, item + sizeof e, i))
			continue;
		fs_log(s->fs, "calxfs: scrub: inode %llu page %llu (block %llu) is bad", (unsigned long long)key.ino,
		       (unsigned long long)(key_off(key) + i), (unsigned long long)(e.blk + i));
		damaged(s, key.ino, key_off(key) + i);
	}
}

/* Items of the leaf from s->at on: false when the step ends before the leaf. */
static bool check_leaf(struct cfs_scrub *s, struct cfs *t, struct node *n)
{
	for (int i = 0; i < n->head.nitems; i++) {
		struct cfs_key key = node_slot(n)[i].key;
		struct cfs_extent e;
		const uint8_t *item = leaf_extent(n, i, &e);

		if (!item || key_cmp(key, s->at) < 0)
			continue;
		if (s->left <= 0) {
			s->at = key;
			return false;
		}
		check_extent(s, t, key, item);
	}
	return true;
}

static int child_for(struct node *n, struct cfs_key at)
{
	struct cfs_branch *b = node_branch(n);
	int i = n->head.nitems - 1;

	while (i && key_cmp(b[i].key, at) > 0)
		i--;
	return i;
}

/* From the root to the leaf of s->at, which then is the key to go on from: LAST at the tree's end. */
static void one_leaf(struct cfs_scrub *s, struct cfs *t)
{
	struct cfs_key lo = FIRST, hi = LAST;
	struct cfs_ptr ptr = t->root;

	for (int level = (int)t->height - 1;; level--) {
		bool first = !key_cmp(s->at, lo);
		struct node *n;
		int i;

		if (first && s->view && bit_get(s->seen, ptr.blk))
			break;		/* all below it was met in another tree */
		if (node_get(t, &ptr, level, &n)) {
			fs_log(s->fs, "calxfs: scrub: node at block %llu is lost", (unsigned long long)ptr.blk);
			damaged(s, lo.ino, 0);
			break;
		}
		if (first)
			check_copies(s, t, &ptr, level, n);
		if (!level && !check_leaf(s, t, n))
			return;
		if (!level)
			break;
		i = child_for(n, s->at);
		if (i)
			lo = node_branch(n)[i].key;
		if (i + 1 < n->head.nitems)
			hi = node_branch(n)[i + 1].key;
		ptr = node_branch(n)[i].ptr;
	}
	s->left--;
	s->at = hi;
}

static void check_supers(struct cfs_scrub *s)
{
	struct cfs *fs = s->fs;
	uint64_t slot = fs->sb.gen & 1, place[2] = { CFS_SB_FIRST + slot, fs->nblocks - 2 + slot };

	for (int i = 0; i < 2 && !fs->commit; i++) {
		s->st.blocks++;
		if (!fs->io.read(fs->io.ctx, place[i], 1, s->buf) && !memcmp(s->buf, &fs->sb, CFS_BLOCK))
			continue;
		fs_log(fs, "calxfs: scrub: superblock at block %llu is bad", (unsigned long long)place[i]);
		if (!(fs->flags & CFS_RDONLY) && !fs->io.write(fs->io.ctx, place[i], 1, &fs->sb) &&
		    !fs->io.read(fs->io.ctx, place[i], 1, s->buf) && !memcmp(s->buf, &fs->sb, CFS_BLOCK))
			s->st.repaired++;
		else
			s->st.errors++;
	}
}

/* A bitmap that is in memory will be written anew by the next commit. */
static void check_map(struct cfs_scrub *s)
{
	struct cfs *fs = s->fs;

	for (uint32_t g = 0; g < fs->ngrp && !fs->commit; g++) {
		struct group *gr = &fs->grp[g];

		if (gr->dirty)
			continue;
		s->st.blocks++;
		if (!fs->io.read(fs->io.ctx, bitmap_block(fs->nidx, g, gr->slot), 1, s->buf) &&
		    cfs_xxh64(s->buf, CFS_BLOCK, 0) == gr->csum)
			continue;
		fs_log(fs, "calxfs: scrub: the free map of group %u is bad", g);
		if (gr->used && !gr->bad && !(fs->flags & CFS_RDONLY)) {
			gr->dirty = fs->changed = true;
			s->st.repaired++;
		} else {
			s->st.errors++;
		}
	}
}

/* A directory with an entry for each damaged inode: files do not know their names. */
static void find_dirs(struct cfs_scrub *s, uint64_t view)
{
	struct cfs *t = tree_of(s->fs, view);
	struct path p;
	struct item it;
	int err = t ? iter_seek(t, FIRST, &p) : -ENOENT;

	while (!err && iter_item(&p, &it)) {
		struct cfs_dirent d;

		if (key_type(it.key) == CFS_T_DIRENT) {
			memcpy(&d, it.val, sizeof d);
			for (uint32_t i = 0; i < s->nbad; i++)
				if (s->bad[i].view == view && s->bad[i].ino == d.ino)
					s->bad[i].dir = it.key.ino;
		}
		err = iter_next(t, &p);
		if (t->nnodes > 2 * t->cache_limit && !err && iter_item(&p, &it)) {
			struct cfs_key key = it.key;

			node_trim(t, t->cache_limit);
			err = iter_seek(t, key, &p);
		}
	}
}

static int finish(struct cfs_scrub *s)
{
	check_supers(s);
	check_map(s);
	for (uint32_t i = 0; i < s->nbad; i++)
		if (!s->bad[i].dir)
			find_dirs(s, s->bad[i].view);
	return s->st.repaired && !(s->fs->flags & CFS_RDONLY) ? s->fs->io.flush(s->fs->io.ctx) : 0;
}

/* The next snapshot, or false. */
static bool next_view(struct cfs_scrub *s)
{
	struct cfs_snapinfo info;

	if (cfs_snapshot_list(s->fs, s->view, &info))
		return false;
	s->view = info.gen;
	s->at = FIRST;
	return true;
}

int cfs_scrub_step(struct cfs_scrub *s, uint32_t blocks)
{
	s->left = blocks;
	while (s->left > 0) {
		struct cfs *t = tree_of(s->fs, s->view);

		if (t && key_cmp(s->at, LAST)) {
			node_trim(t, t->cache_limit);
			one_leaf(s, t);
		} else if (!next_view(s)) {
			int err = finish(s);

			return err < 0 ? err : 0;
		}
	}
	return 1;
}

/* Puts "/name" of ino in dir before buf + at: the new at, or -errno. */
static int put_name(struct cfs *t, uint64_t dir, uint64_t ino, char *buf, size_t at)
{
	struct path p;
	struct item it;
	int err = iter_seek(t, mkkey(dir, CFS_T_DIRENT, 0), &p);

	while (!err && iter_item(&p, &it) && it.key.ino == dir && key_type(it.key) == CFS_T_DIRENT) {
		struct cfs_dirent d;

		memcpy(&d, it.val, sizeof d);
		if (d.ino == ino) {
			if (at < d.namelen + 2u)
				return -ENAMETOOLONG;
			at -= d.namelen;
			memcpy(buf + at, (uint8_t *)it.val + sizeof d, d.namelen);
			buf[--at] = '/';
			return (int)at;
		}
		err = iter_next(t, &p);
	}
	return err ? err : -ENOENT;
}

static int put_snapshot(struct cfs *fs, uint64_t view, char *buf, size_t at)
{
	struct cfs_snapinfo info;
	size_t n = sizeof CFS_SNAPDIR - 1;

	if (!view)
		return (int)at;
	if (cfs_snapshot_list(fs, view - 1, &info) || info.gen != view || at < info.namelen + n + 3)
		return -ENOENT;
	memcpy(buf + (at -= info.namelen), info.name, info.namelen);
	buf[--at] = '/';
	memcpy(buf + (at -= n), CFS_SNAPDIR, n);
	buf[--at] = '/';
	return (int)at;
}

int cfs_scrub_path(struct cfs_scrub *s, uint32_t i, uint64_t *page, char *buf, size_t size)
{
	struct damage *d = &s->bad[i];
	uint64_t ino, dir;
	struct cfs *t;
	int at = (int)size - 1;

	if (i >= s->nbad)
		return -ENOENT;
	*page = d->page;
	ino = d->ino;
	dir = d->dir;
	t = tree_of(s->fs, d->view);
	buf[at] = 0;
	while (t && dir && ino != CFS_ROOT_INO && at > 0) {
		struct cfs_inode *ip;

		at = put_name(t, dir, ino, buf, (size_t)at);
		ino = dir;
		if (at < 0 || cfs_iget(t, dir, &ip))
			break;
		dir = ip->a.parent;
		cfs_iput(ip);
	}
	if (!t || ino != CFS_ROOT_INO || at < 0)
		return -ENODATA;
	at = put_snapshot(s->fs, d->view, buf, (size_t)at);
	if (at < 0)
		return -ENODATA;
	memmove(buf, buf + at, size - (size_t)at);
	return 0;
}

uint64_t cfs_scrub_inode(const struct cfs_scrub *s, uint32_t i)
{
	return i < s->nbad ? s->bad[i].ino : 0;
}
