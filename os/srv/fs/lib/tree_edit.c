/* SPDX-License-Identifier: MIT */
/*
 * The B+tree: inserting with splits, deleting with merges.
 *
 * Item data of a leaf is packed from the end of the block downwards in slot order: item i ends where
 * item i - 1 begins. A failure after the first change leaves the tree inconsistent in memory:
 * the caller must txn_fail.
 */
#include "fs.h"
#include "tree.h"

#define HEAD	((uint32_t)sizeof(struct cfs_nodehead))
#define SLOT	((uint32_t)sizeof(struct cfs_slot))

static uint32_t leaf_room(const struct node *n)
{
	return n->head.data - HEAD - n->head.nitems * SLOT;
}

static uint32_t item_end(struct node *n, int i)
{
	return i ? node_slot(n)[i - 1].off : CFS_BLOCK;
}

static void leaf_put(struct node *n, int at, struct cfs_key key, const void *val, uint32_t len)
{
	struct cfs_slot *s = node_slot(n);
	uint32_t end = item_end(n, at), low = n->head.data;

	memmove(n->buf + low - len, n->buf + low, end - low);
	memmove(s + at + 1, s + at, (n->head.nitems - at) * SLOT);
	n->head.nitems++;
	n->head.data -= len;
	for (int i = at + 1; i < n->head.nitems; i++)
		s[i].off = (uint16_t)(s[i].off - len);
	s[at] = (struct cfs_slot){ .key = key, .off = (uint16_t)(end - len), .len = (uint16_t)len };
	if (len)
		memcpy(n->buf + end - len, val, len);
}

static void leaf_cut(struct node *n, int at)
{
	struct cfs_slot *s = node_slot(n);
	uint32_t len = s[at].len, off = s[at].off, low = n->head.data;

	memmove(n->buf + low + len, n->buf + low, off - low);
	memset(n->buf + low, 0, len);
	memmove(s + at, s + at + 1, (n->head.nitems - at - 1) * SLOT);
	n->head.nitems--;
	n->head.data += len;
	for (int i = at; i < n->head.nitems; i++)
		s[i].off = (uint16_t)(s[i].off + len);
	memset(s + n->head.nitems, 0, SLOT);
}

/* Appends items [from, to) of leaf b to leaf a; there must be room. */
static void leaf_append(struct node *a, struct node *b, int from, int to)
{
	for (int i = from; i < to; i++) {
		struct cfs_slot *s = &node_slot(b)[i];

		leaf_put(a, a->head.nitems, s->key, b->buf + s->off, s->len);
	}
}

/* Keeps the first `keep` items. */
static void leaf_chop(struct node *n, int keep)
{
	uint32_t low = item_end(n, keep), slots = HEAD + (uint32_t)keep * SLOT;

	n->head.nitems = (uint16_t)keep;
	n->head.data = low;
	memset(n->buf + slots, 0, low - slots);
}

static void branch_put(struct node *n, int at, struct cfs_key key, const struct node *child)
{
	struct cfs_branch *b = node_branch(n);

	memmove(b + at + 1, b + at, (n->head.nitems - at) * sizeof *b);
	b[at] = (struct cfs_branch){ key, node_ptr(child) };
	n->head.nitems++;
}

static void branch_cut(struct node *n, int at)
{
	struct cfs_branch *b = node_branch(n);

	memmove(b + at, b + at + 1, (n->head.nitems - at - 1) * sizeof *b);
	n->head.nitems--;
	memset(b + n->head.nitems, 0, sizeof *b);
}

static void branch_chop(struct node *n, int keep)
{
	memset(node_branch(n) + keep, 0, (n->head.nitems - keep) * sizeof(struct cfs_branch));
	n->head.nitems = (uint16_t)keep;
}

static int grow_root(struct cfs *fs, struct node *old, struct cfs_key key, struct node *right)
{
	struct node *root;
	int err;

	if (fs->height >= CFS_HEIGHT_MAX)
		return -EFBIG;
	err = node_new(fs, (int)fs->height, &root);
	if (err)
		return err;
	branch_put(root, 0, (struct cfs_key){ 0, 0 }, old);
	branch_put(root, 1, key, right);
	fs->root = node_ptr(root);
	fs->height++;
	return 0;
}

/* `left` at level l - 1 was split: enters `right`, whose keys start at key, into level l. */
static int add_child(struct cfs *fs, struct path *p, uint32_t l, struct node *left, struct cfs_key key,
		     struct node *right)
{
	struct node *n, *r;
	int at, half, err;

	if (l == fs->height)
		return grow_root(fs, left, key, right);
	n = p->n[l];
	at = p->i[l] + 1;
	if (n->head.nitems < CFS_BRANCH_MAX) {
		branch_put(n, at, key, right);
		return 0;
	}
	err = node_new(fs, (int)l, &r);
	if (err)
		return err;
	half = at == n->head.nitems ? at - 1 : n->head.nitems / 2;
	memcpy(node_branch(r), node_branch(n) + half, (n->head.nitems - half) * sizeof(struct cfs_branch));
	r->head.nitems = (uint16_t)(n->head.nitems - half);
	branch_chop(n, half);
	if (at > half)
		branch_put(r, at - half, key, right);
	else
		branch_put(n, at, key, right);
	return add_child(fs, p, l + 1, n, node_branch(r)[0].key, r);
}

/*
 * How many items stay in the left half, so that both halves have room for the new item (`size` with
 * its slot) that belongs at `at`. An append leaves the left half full.
 */
static int split_point(struct node *n, int at, uint32_t size)
{
	struct cfs_slot *s = node_slot(n);
	uint32_t total = CFS_BLOCK - HEAD - leaf_room(n) + size, sum = 0;

	for (int i = 0; i < n->head.nitems && at < n->head.nitems; i++) {
		if (i == at && (sum += size) * 2 >= total)
			return i;
		sum += s[i].len + SLOT;
		if (sum * 2 >= total)
			return i + 1;
	}
	return at;
}

static int split_leaf(struct cfs *fs, struct path *p, struct cfs_key key, const void *val, uint32_t len)
{
	struct node *n = p->n[0], *r;
	int at = p->i[0], cut = split_point(n, at, len + SLOT), err = node_new(fs, 0, &r);
	uint32_t need = len + SLOT;

	if (err)
		return err;
	leaf_append(r, n, cut, n->head.nitems);
	leaf_chop(n, cut);
	if (at > cut || (at == cut && (leaf_room(n) < need || !r->head.nitems)))
		leaf_put(r, at - cut, key, val, len);
	else if (leaf_room(n) >= need)
		leaf_put(n, at, key, val, len);
	else
		return -EIO;
	return add_child(fs, p, 1, n, node_slot(r)[0].key, r);
}

int tree_insert(struct cfs *fs, struct cfs_key key, const void *val, uint32_t len)
{
	struct path p;
	int r = tree_find(fs, key, &p);

	fs->found.dir = 0;
	if (r)
		return r < 0 ? r : -EEXIST;
	r = path_cow(fs, &p);
	if (r)
		return r;
	if (leaf_room(p.n[0]) < len + SLOT)
		return split_leaf(fs, &p, key, val, len);
	leaf_put(p.n[0], p.i[0], key, val, len);
	return 0;
}

static int drop_level(struct cfs *fs)
{
	struct node *root;
	int err = 0;

	while (!err && fs->height > 1) {
		err = node_get(fs, &fs->root, (int)fs->height - 1, &root);
		if (err || root->head.nitems > 1)
			return err;
		fs->root = node_branch(root)[0].ptr;
		fs->height--;
		err = node_drop(fs, root);
	}
	return err;
}

static bool fits_together(struct node *a, struct node *b)
{
	if (a->head.level)
		return a->head.nitems + b->head.nitems <= (int)CFS_BRANCH_MAX * 3 / 4;
	return leaf_room(a) + leaf_room(b) >= (CFS_BLOCK - HEAD) * 5 / 4;
}

static bool is_small(struct node *n)
{
	if (n->head.level)
		return n->head.nitems < (int)CFS_BRANCH_MAX / 4;
	return leaf_room(n) > (CFS_BLOCK - HEAD) * 3 / 4;
}

/* Moves everything of b (right of a) into a; `key` is b's in the parent. */
static void append_node(struct node *a, struct node *b, struct cfs_key key)
{
	struct cfs_branch *d = node_branch(a) + a->head.nitems;

	if (!a->head.level) {
		leaf_append(a, b, 0, b->head.nitems);
		return;
	}
	memcpy(d, node_branch(b), b->head.nitems * sizeof *d);
	d->key = key;
	a->head.nitems = (uint16_t)(a->head.nitems + b->head.nitems);
}

/*
 * Joins children i and i + 1 of parent, of which one is dirty. The left one is kept, so it is made dirty.
 * A neighbour that cannot be read is left alone.
 */
static int join(struct cfs *fs, struct node *parent, int i, bool *done)
{
	struct cfs_branch *b = node_branch(parent);
	struct node *l, *r;
	int level = parent->head.level - 1, err;

	*done = false;
	if (i < 0 || i + 1 >= parent->head.nitems || node_get(fs, &b[i].ptr, level, &l) ||
	    node_get(fs, &b[i + 1].ptr, level, &r) || l == r || !fits_together(l, r))
		return 0;
	err = node_cow(fs, l);
	if (err)
		return err;
	b[i].ptr = node_ptr(l);
	append_node(l, r, b[i + 1].key);
	branch_cut(parent, i + 1);
	*done = true;
	return node_drop(fs, r);
}

/* After a removal from n[l]: keeps the nodes above reasonably full. */
static int shrink(struct cfs *fs, struct path *p, uint32_t l)
{
	struct node *n = p->n[l], *parent;
	bool done;
	int i, err;

	if (l + 1 >= fs->height)
		return drop_level(fs);
	parent = p->n[l + 1];
	i = p->i[l + 1];
	if (!n->head.nitems) {
		branch_cut(parent, i);
		err = node_drop(fs, n);
		return err ? err : shrink(fs, p, l + 1);
	}
	if (!is_small(n))
		return 0;
	err = join(fs, parent, i, &done);
	if (!err && !done)
		err = join(fs, parent, i - 1, &done);
	return err || !done ? err : shrink(fs, p, l + 1);
}

int tree_delete(struct cfs *fs, struct cfs_key key)
{
	struct path p;
	int r = tree_find(fs, key, &p);

	fs->found.dir = 0;
	if (r <= 0)
		return r ? r : -ENOENT;
	r = path_cow(fs, &p);
	if (r)
		return r;
	leaf_cut(p.n[0], p.i[0]);
	return shrink(fs, &p, 0);
}
