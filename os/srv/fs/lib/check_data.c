/* SPDX-License-Identifier: MIT */
/* The check's part that looks at blocks: who uses them, both copies of nodes, data, snapshots. */
#include "check.h"

static struct cshare *share_of(struct check *c, uint64_t blk)
{
	size_t lo = 0, hi = c->nshare;

	while (lo < hi) {
		size_t mid = (lo + hi) / 2;
		struct cshare *s = &c->share[mid];

		if (blk >= s->blk && blk < s->blk + s->r.count)
			return s;
		if (s->blk < blk)
			lo = mid + 1;
		else
			hi = mid;
	}
	return NULL;
}

static bool met(const struct check *c, uint64_t blk)
{
	return c->map[blk / 64] >> (blk % 64) & 1;
}

static void meet(struct check *c, uint64_t blk)
{
	c->st->used += !met(c, blk);
	c->map[blk / 64] |= 1ull << (blk % 64);
}

void check_mark(struct check *c, uint64_t blk, uint32_t n, const char *what)
{
	if (blk >= c->fs->nblocks || n > c->fs->nblocks - blk) {
		check_fault(c, "block %llu: not on the disk (%s of inode %llu)", U(blk), what, U(c->cur));
		return;
	}
	for (; n; n--, blk++) {
		struct cshare *s = c->nshare ? share_of(c, blk) : NULL;

		if (s)
			s->seen++;
		if (alloc_fixed(c->fs->nblocks, blk) || (!s && met(c, blk)))
			check_fault(c, "block %llu: used twice (%s of inode %llu)", U(blk), what, U(c->cur));
		meet(c, blk);
	}
}

/* The copies: a bad one beside a good one is a fault, but nothing is lost. */
static void check_copies(struct check *c, const struct cfs *fs, const struct cfs_ptr *ptr, int level)
{
	int copies = ptr->twin ? 2 : 1;

	for (int i = 0; i < copies; i++)
		if (node_read(fs, ptr, level, c->buf, i) && !repair_copy(c, fs, ptr, i))
			check_fault(c, "node at block %llu: %s is bad", U(ptr->blk),
				    copies < 2 ? "it" : i ? "the second copy" : "the first copy");
}

void check_node(struct check *c, const struct cfs_ptr *ptr, int level)
{
	check_mark(c, ptr->blk, 1, "node");
	if (ptr->twin)
		check_mark(c, ptr->twin, 1, "second copy of a node");
	check_copies(c, c->fs, ptr, level);
}

static void check_data(struct check *c, const struct cfs_extent *e, const uint8_t *tail, uint64_t page)
{
	const uint8_t *sums = tail + ext_head(c->fs) - sizeof *e;

	if (c->fs->io.read(c->fs->io.ctx, e->blk, e->count, c->buf)) {
		check_fault(c, "inode %llu page %llu: cannot read %u blocks", U(c->cur), U(page), e->count);
		return;
	}
	for (uint32_t i = 0; i < e->count; i++)
		if (data_open(c->fs, tail, e->blk + i, sums + i * sum_size(c->fs), c->buf + (size_t)i * CFS_BLOCK))
			check_fault(c, "inode %llu page %llu (block %llu): bad checksum", U(c->cur), U(page + i),
				    U(e->blk + i));
}

void check_extent(struct check *c, struct cfs_key key, const void *val)
{
	struct cfs_extent e;
	uint64_t page = key_off(key);

	memcpy(&e, val, sizeof e);
	if (page < c->end_page)
		check_fault(c, "inode %llu page %llu: overlapping extents", U(c->cur), U(page));
	c->end_page = page + e.count;
	c->blocks += e.count;
	c->st->data_blocks += e.count;
	check_mark(c, e.blk, e.count, "data");
	if (c->opt->data && !(e.flags & CFS_EXT_UNWRITTEN))
		check_data(c, &e, (const uint8_t *)val + sizeof e, page);
}

void check_share(struct check *c, struct cfs_key key, const void *val)
{
	struct cshare *s;

	c->share = check_grow(c, c->share, c->nshare, &c->maxshare, sizeof *c->share);
	if (c->err)
		return;
	s = &c->share[c->nshare++];
	*s = (struct cshare){ .blk = key_off(key) };
	memcpy(&s->r, val, sizeof s->r);
	if (c->nshare > 1 && s[-1].blk + s[-1].r.count > s->blk)
		check_fault(c, "block %llu: overlapping counts of users", U(s->blk));
}

void check_shares(struct check *c)
{
	for (size_t i = 0; i < c->nshare; i++) {
		const struct cshare *s = &c->share[i];

		if (s->seen != (uint64_t)s->r.count * s->r.refs)
			check_fault(c, "blocks %llu to %llu: %u users recorded, %llu found (of all together)", U(s->blk),
				    U(s->blk + s->r.count - 1), s->r.refs, U(s->seen));
	}
	if (c->nshare != c->fs->nrefs)
		check_fault(c, "%llu counts of users found, %llu recorded", U(c->nshare), U(c->fs->nrefs));
}

/* A snapshot's tree: what the trees before it do not have. */
static void snap_walk(struct check *c, struct cfs *view, const struct cfs_ptr *ptr, int level);

static void snap_leaf(struct check *c, struct node *n)
{
	for (int i = 0; i < n->head.nitems; i++) {
		struct cfs_key key = node_slot(n)[i].key;
		struct cfs_extent e;
		const uint8_t *item = leaf_extent(n, i, &e);

		if (!item)
			continue;
		c->cur = key.ino;
		for (uint32_t k = 0; k < e.count; k++)
			meet(c, e.blk + k);
		if (c->opt->data && !(e.flags & CFS_EXT_UNWRITTEN))
			check_data(c, &e, item + sizeof e, key_off(key));
	}
}

static void snap_walk(struct check *c, struct cfs *view, const struct cfs_ptr *ptr, int level)
{
	struct cfs_io *io = &c->fs->io;
	struct node *n, *copy;

	if (met(c, ptr->blk) || c->err)
		return;
	c->st->nodes++;
	if (node_get(view, ptr, level, &n)) {
		check_fault(c, "snapshot: node at block %llu cannot be read", U(ptr->blk));
		return;
	}
	meet(c, ptr->blk);
	if (ptr->twin)
		meet(c, ptr->twin);
	check_copies(c, view, ptr, level);
	copy = io->alloc(io->ctx, sizeof *copy);
	if (!copy) {
		c->err = -ENOMEM;
		return;
	}
	memcpy(copy->buf, n->buf, CFS_BLOCK);
	node_trim(view, 64);
	if (!level)
		snap_leaf(c, copy);
	for (int i = 0; level && i < copy->head.nitems; i++)
		snap_walk(c, view, &node_branch(copy)[i].ptr, level - 1);
	io->free(io->ctx, copy);
}

void check_snapshots(struct check *c)
{
	for (uint32_t i = 0; i < c->fs->nlist; i++) {
		meet(c, c->fs->list[i].blk);
		if (c->fs->list[i].twin)
			meet(c, c->fs->list[i].twin);
	}
	for (uint32_t i = 0; i < c->fs->nsnaps && !c->err; i++) {
		struct cfs *view;

		if (snap_view(c->fs, &c->fs->snap[i], &view))
			c->err = -ENOMEM;
		else
			snap_walk(c, view, &view->root, (int)view->height - 1);
	}
}
