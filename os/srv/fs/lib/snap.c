/* SPDX-License-Identifier: MIT */
/*
 * Snapshots: roots that are kept. They cost nothing to make, for no block they need is written again.
 *
 * Each has a parent, the snapshot that the tree grew from, so they form a tree with the present state as one
 * of its leaves. What a root can reach and was written up to its parent's generation, the parent can
 * reach too. So a block is released by the present state only if it is newer than snap_gen; and of a
 * deleted snapshot those blocks go that are newer than its parent and that its one child cannot
 * reach. A snapshot with two children (after a roll back) is kept until one of them has gone.
 */
#include "fs.h"

static bool name_ok(const char *name, size_t n)
{
	return n && n <= CFS_NAME_MAX && !memchr(name, '/', n) && !memchr(name, 0, n) &&
	       !(name[0] == '.' && (n == 1 || (n == 2 && name[1] == '.')));
}

struct snap *snap_find(struct cfs *fs, const char *name, size_t n)
{
	for (uint32_t i = 0; i < fs->nsnaps; i++)
		if (fs->snap[i].d.namelen == n && !memcmp(fs->snap[i].d.name, name, n))
			return &fs->snap[i];
	return NULL;
}

static struct snap *by_gen(struct cfs *fs, uint64_t gen)
{
	for (uint32_t i = 0; i < fs->nsnaps; i++)
		if (fs->snap[i].d.gen == gen)
			return &fs->snap[i];
	return NULL;
}

/* An array with room for n elements of this size, the old ones in it. NULL: out of memory. */
static void *grow(struct cfs *fs, void *old, uint32_t have, uint32_t n, size_t size)
{
	void *p = fs->io.alloc(fs->io.ctx, n * size);

	if (!p)
		return NULL;
	memset(p, 0, n * size);
	if (old)
		memcpy(p, old, have * size);
	fs->io.free(fs->io.ctx, old);
	return p;
}

static int add(struct cfs *fs, const struct cfs_snap *d)
{
	struct snap *s = grow(fs, fs->snap, fs->nsnaps, fs->nsnaps + 1, sizeof *s);

	if (!s)
		return -ENOMEM;
	fs->snap = s;
	s[fs->nsnaps++] = (struct snap){ .d = *d };
	return 0;
}

static int block_read(struct cfs *fs, const struct cfs_ptr *ptr, struct cfs_snaps *b, int copy)
{
	uint64_t blk = copy ? ptr->twin : ptr->blk;

	if (blk >= fs->nblocks || !blk || fs->io.read(fs->io.ctx, blk, 1, b))
		return -EIO;
	if ((!(fs->flags & CFS_NOVERIFY) && cfs_xxh64(b, CFS_BLOCK, 0) != ptr->csum) ||
	    b->head.magic != CFS_SNAPS_MAGIC || b->head.nitems > CFS_SNAPS_BLOCK || b->head.gen != ptr->gen)
		return -EIO;
	return fs->crypt ? node_open(fs, b) : 0;
}

static bool valid(const struct cfs *fs, const struct cfs_snap *d)
{
	return d->namelen <= CFS_NAME_MAX && name_ok(d->name, d->namelen) && d->gen && d->gen < fs->gen &&
	       d->parent < d->gen && d->height >= 1 && d->height <= CFS_HEIGHT_MAX && d->root.blk < fs->nblocks &&
	       d->root.twin < fs->nblocks;
}

static int take_block(struct cfs *fs, const struct cfs_snaps *b)
{
	int err = 0;

	for (int i = 0; i < b->head.nitems && !err; i++)
		err = !valid(fs, &b->snap[i]) ? -EIO : add(fs, &b->snap[i]);
	return err;
}

int snaps_load(struct cfs *fs)
{
	struct cfs_snaps *b = fs->io.alloc(fs->io.ctx, sizeof *b);
	struct cfs_ptr ptr = fs->sb.snaps;
	int err = b ? 0 : -ENOMEM;

	while (ptr.blk && !err) {
		if (ptr.blk >= fs->nblocks || ptr.twin >= fs->nblocks) {
			err = -EIO;
			break;
		}
		struct cfs_ptr *list = grow(fs, fs->list, fs->nlist, fs->nlist + 1, sizeof ptr);

		if (!list) {
			err = -ENOMEM;
			break;
		}
		fs->list = list;
		list[fs->nlist++] = ptr;
		err = block_read(fs, &ptr, b, 0);
		if (err && ptr.twin)
			err = block_read(fs, &ptr, b, 1);
		if (!err)
			err = take_block(fs, b);
		ptr = b->next;
		if (!err && fs->nlist > fs->sb.nsnaps + 1)
			err = -EIO;		/* a ring */
	}
	fs->io.free(fs->io.ctx, b);
	if (err || fs->nsnaps != fs->sb.nsnaps) {
		fs_log(fs, "calxfs: the list of snapshots cannot be read");
		return err ? err : -EIO;
	}
	return 0;
}

void snaps_free_all(struct cfs *fs)
{
	for (uint32_t i = 0; i < fs->nsnaps; i++)
		if (fs->snap[i].view)
			cfs_abandon(fs->snap[i].view);
	fs->io.free(fs->io.ctx, fs->snap);
	fs->io.free(fs->io.ctx, fs->list);
}

/* Block i of the list, with snapshots from 9i on. Blocks are sealed from the last to the first. */
static int seal_block(struct cfs *fs, struct cfs_commit *c, uint32_t i, struct cfs_snaps *b)
{
	uint32_t n = fs->nsnaps - i * CFS_SNAPS_BLOCK;
	struct cfs_ptr *ptr = &fs->list[i];
	uint8_t *out, *copy;
	int err = alloc_meta(fs, &ptr->blk, &ptr->twin);

	if (err)
		return err;
	if (n > CFS_SNAPS_BLOCK)
		n = CFS_SNAPS_BLOCK;
	memset(b, 0, sizeof *b);
	b->head = (struct cfs_nodehead){ .magic = CFS_SNAPS_MAGIC, .nitems = (uint16_t)n, .gen = fs->gen, .blk = ptr->blk };
	if (i + 1 < fs->nlist)
		b->next = fs->list[i + 1];
	for (uint32_t k = 0; k < n; k++)
		b->snap[k] = fs->snap[i * CFS_SNAPS_BLOCK + k].d;
	out = commit_add(c, ptr->blk);
	copy = ptr->twin ? commit_add(c, ptr->twin) : out;
	if (!out || !copy)
		return -EIO;
	ptr->gen = fs->gen;
	ptr->csum = node_seal(fs, b, out);
	if (copy != out)
		memcpy(copy, out, CFS_BLOCK);
	return 0;
}

static int drop_list(struct cfs *fs)
{
	int err = 0;

	for (uint32_t i = 0; i < fs->nlist && !err; i++) {
		err = alloc_free(fs, fs->list[i].blk, 1, fs->list[i].gen);
		if (!err && fs->list[i].twin)
			err = alloc_free(fs, fs->list[i].twin, 1, fs->list[i].gen);
	}
	return err;
}

int snaps_seal(struct cfs *fs, struct cfs_commit *c)
{
	uint32_t n = (fs->nsnaps + CFS_SNAPS_BLOCK - 1) / CFS_SNAPS_BLOCK;
	struct cfs_snaps *b;
	int err;

	if (!fs->snaps_changed)
		return 0;
	err = drop_list(fs);
	fs->io.free(fs->io.ctx, fs->list);
	fs->list = NULL;
	fs->nlist = 0;
	fs->snaps_changed = false;
	if (err || !n)
		return err;
	fs->list = grow(fs, NULL, 0, n, sizeof *fs->list);
	b = fs->io.alloc(fs->io.ctx, sizeof *b);
	err = fs->list && b ? 0 : -ENOMEM;
	if (fs->list)
		fs->nlist = n;
	for (uint32_t i = n; i-- > 0 && !err;)
		err = seal_block(fs, c, i, b);
	fs->io.free(fs->io.ctx, b);
	return err;
}

/* Room for the list's new blocks beside the old ones. */
static int begin(struct cfs *fs)
{
	return fs->base ? -EROFS : txn_begin(fs, 1 + fs->nsnaps / CFS_SNAPS_BLOCK, 0, TXN_FREEING);
}

int cfs_snapshot_create(struct cfs *fs, const char *name, size_t n)
{
	struct cfs_snap d = { .namelen = (uint32_t)n };
	struct cfs_time now;
	int err = begin(fs);

	if (err)
		return err;
	if (!name_ok(name, n))
		return n > CFS_NAME_MAX ? -ENAMETOOLONG : -EINVAL;
	if (snap_find(fs, name, n))
		return -EEXIST;
	if (by_gen(fs, fs->sb.gen))
		fs->changed = true;	/* each keeps a commit of its own */
	err = txn_commit(fs);
	if (err)
		return err;
	fs->io.now(fs->io.ctx, &now);
	d.gen = fs->sb.gen;
	d.parent = fs->snap_gen;
	d.root = fs->sb.root;
	d.height = fs->sb.height;
	d.next_ino = fs->sb.next_ino;
	d.nrefs = fs->sb.nrefs;
	d.sec = now.sec;
	d.nsec = now.nsec;
	memcpy(d.name, name, n);
	err = add(fs, &d);
	if (err)
		return err;
	fs->snap_gen = d.gen;
	fs->snaps_changed = fs->changed = true;
	return txn_commit(fs);
}

/* What a deletion finds out. */
struct doomed {
	struct cfs *fs;
	uint64_t floor, gen;	/* the parent's generation and its own */
	bool deep;		/* it has blocks with several users */
	uint64_t *kept;		/* bits: blocks that the child reaches, or that are freed already */
	int err;
};

static bool marked(struct doomed *d, uint64_t blk)
{
	return d->kept && bit_get(d->kept, blk);
}

static void mark(struct doomed *d, uint64_t blk, uint32_t n)
{
	for (; n; blk++, n--)
		d->kept[blk / 64] |= 1ull << blk % 64;
}

/*
 * The child's tree: what it shares with the doomed one. A shared node stands for all below it, unless the
 * doomed tree may reach data below it by another way as well.
 */
static bool see_child(void *arg, const struct cfs_ptr *ptr, const struct cfs_extent *e)
{
	struct doomed *d = arg;

	if (e) {
		if (e->gen <= d->gen)
			mark(d, e->blk, e->count);
		return false;
	}
	if (ptr->gen > d->gen)
		return true;
	mark(d, ptr->blk, 1);
	return d->deep;
}

static void drop(struct doomed *d, uint64_t blk, uint32_t n, uint64_t gen)
{
	for (; n && !d->err; blk++, n--) {
		if (marked(d, blk))
			continue;
		mark(d, blk, 1);
		d->err = alloc_free(d->fs, blk, 1, gen);
	}
}

static bool see_doomed(void *arg, const struct cfs_ptr *ptr, const struct cfs_extent *e)
{
	struct doomed *d = arg;

	if (e) {
		drop(d, e->blk, e->count, e->gen);
		return false;
	}
	if (marked(d, ptr->blk))
		return false;
	drop(d, ptr->blk, 1, ptr->gen);
	if (ptr->twin)
		drop(d, ptr->twin, 1, ptr->gen);
	return true;
}

static struct tree tree_of(const struct cfs *fs)
{
	return (struct tree){ fs->root, fs->height };
}

/*
 * Frees what only this tree of fs reaches: what is newer than floor and not shared with the child (of
 * which there may be none). The children are read first, so a bad node of theirs changes nothing.
 */
static int free_tree(struct cfs *fs, struct cfs *tree, struct cfs *child, uint64_t floor, uint64_t gen)
{
	size_t size = (size_t)fs->ngrp * (CFS_GROUP / 8);
	struct doomed d = { .fs = fs, .floor = floor, .gen = gen, .deep = tree->nrefs,
			    .kept = fs->io.alloc(fs->io.ctx, size) };
	int err;

	if (!d.kept)
		return -ENOMEM;
	memset(d.kept, 0, size);
	err = child ? tree_walk(child, tree_of(child), &(struct prune){ floor, see_child, &d }) : 0;
	if (!err) {
		err = tree_walk(tree, tree_of(tree), &(struct prune){ floor, see_doomed, &d });
		if (err == -EIO) {
			fs_log(fs, "calxfs: a bad node in a snapshot: not all its blocks were freed");
			err = 0;
		}
		if (!err)
			err = d.err;
		if (err)
			txn_fail(fs, err);
	}
	fs->io.free(fs->io.ctx, d.kept);
	return err;
}

/* The one child: a view or the present state; NULL: none. -EBUSY when there are two. */
static int only_child(struct cfs *fs, uint64_t gen, struct cfs **child)
{
	*child = fs->snap_gen == gen ? fs : NULL;
	for (uint32_t i = 0; i < fs->nsnaps; i++) {
		int err;

		if (fs->snap[i].d.parent != gen)
			continue;
		if (*child)
			return -EBUSY;
		err = snap_view(fs, &fs->snap[i], child);
		if (err)
			return err;
	}
	return 0;
}

static void forget(struct cfs *fs, struct snap *s)
{
	uint64_t gen = s->d.gen, parent = s->d.parent;

	if (s->view)
		cfs_abandon(s->view);
	*s = fs->snap[--fs->nsnaps];
	for (uint32_t i = 0; i < fs->nsnaps; i++)
		if (fs->snap[i].d.parent == gen)
			fs->snap[i].d.parent = parent;
	for (uint32_t i = 1; i < fs->nsnaps; i++)	/* ascending again */
		for (uint32_t k = i; k && fs->snap[k - 1].d.gen > fs->snap[k].d.gen; k--) {
			struct snap t = fs->snap[k];

			fs->snap[k] = fs->snap[k - 1];
			fs->snap[k - 1] = t;
		}
	if (fs->snap_gen == gen)
		fs->snap_gen = parent;
	if (fs->sb.rollback == gen)
		fs->sb.rollback = 0;
	fs->snaps_changed = fs->changed = true;
}

int cfs_snapshot_delete(struct cfs *fs, const char *name, size_t n)
{
	struct snap *s = snap_find(fs, name, n);
	struct cfs *child, *view;
	int err = begin(fs);

	if (err || !s)
		return err ? err : -ENOENT;
	err = only_child(fs, s->d.gen, &child);
	if (!err)
		err = snap_view(fs, s, &view);
	if (err)
		return err;
	if (view->nactive)
		return -EBUSY;
	err = free_tree(fs, view, child, s->d.parent, s->d.gen);
	if (err)
		return err;
	forget(fs, s);
	return txn_commit(fs);
}

int cfs_snapshot_rollback(struct cfs *fs, const char *name, size_t n)
{
	struct snap *s = snap_find(fs, name, n);
	int err = begin(fs);

	if (err || !s)
		return err ? err : -ENOENT;
	fs->sb.rollback = s->d.gen;
	fs->changed = true;
	return txn_commit(fs);
}

int snaps_rollback(struct cfs *fs)
{
	struct snap *s = by_gen(fs, fs->sb.rollback);
	int err;

	if (!s)
		return -EIO;
	err = free_tree(fs, fs, NULL, fs->snap_gen, fs->sb.gen);
	if (err)
		return err;
	node_trim(fs, 0);	/* of the state that goes */
	fs->root = s->d.root;
	fs->height = s->d.height;
	fs->nrefs = s->d.nrefs;
	fs->snap_gen = s->d.gen;
	fs->sb.rollback = 0;
	fs->changed = true;
	return txn_commit(fs);
}

int cfs_snapshot_list(struct cfs *fs, uint64_t after, struct cfs_snapinfo *out)
{
	for (uint32_t i = 0; i < fs->nsnaps; i++) {
		const struct cfs_snap *d = &fs->snap[i].d;

		if (d->gen <= after)
			continue;
		*out = (struct cfs_snapinfo){ .gen = d->gen, .parent = d->parent, .time = { d->sec, d->nsec },
					      .namelen = d->namelen, .name = d->name };
		return 0;
	}
	return -ENOENT;
}

/* A file system that can only be read, with the snapshot's root. It lives until the snapshot goes. */
int snap_view(struct cfs *fs, struct snap *s, struct cfs **out)
{
	struct cfs *v = s->view;

	if (!v) {
		v = fs->io.alloc(fs->io.ctx, sizeof *v);
		if (!v)
			return -ENOMEM;
		memset(v, 0, sizeof *v);
		v->io = fs->io;
		v->crypt = fs->crypt;
		v->flags = fs->flags | CFS_RDONLY;
		v->nblocks = fs->nblocks;
		v->gen = s->d.gen + 1;
		v->root = s->d.root;
		v->height = s->d.height;
		v->next_ino = s->d.next_ino;
		v->nrefs = s->d.nrefs;
		v->hash_seed = fs->hash_seed;
		v->cache_limit = 128;
		v->base = fs;
		v->view_of = s->d.gen;
		s->view = v;
	}
	*out = v;
	return 0;
}
