/* SPDX-License-Identifier: MIT */
/*
 * The B+tree: search, iteration, and changes of values that keep their size. tree_edit.c inserts and deletes.
 * path.i[0] is a slot of the leaf, path.i[l] the entry of n[l] that leads to n[l - 1].
 */
#include "fs.h"
#include "tree.h"

static int leaf_search(struct node *n, struct cfs_key key, int *idx)
{
	struct cfs_slot *s = node_slot(n);
	int lo = 0, hi = n->head.nitems;

	while (lo < hi) {
		int mid = (lo + hi) / 2, c = key_cmp(s[mid].key, key);

		if (!c) {
			*idx = mid;
			return 1;
		}
		if (c < 0)
			lo = mid + 1;
		else
			hi = mid;
	}
	*idx = lo;
	return 0;
}

static int branch_search(struct node *n, struct cfs_key key)
{
	struct cfs_branch *b = node_branch(n);
	int lo = 1, hi = n->head.nitems;

	while (lo < hi) {
		int mid = (lo + hi) / 2;

		if (key_cmp(b[mid].key, key) <= 0)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo - 1;
}

int tree_find(struct cfs *fs, struct cfs_key key, struct path *p)
{
	const struct cfs_ptr *ptr = &fs->root;

	for (int l = (int)fs->height - 1; ; l--) {
		int err = node_get(fs, ptr, l, &p->n[l]);

		if (err)
			return err;
		if (!l)
			return leaf_search(p->n[0], key, &p->i[0]);
		p->i[l] = branch_search(p->n[l], key);
		ptr = &node_branch(p->n[l])[p->i[l]].ptr;
	}
}

bool iter_item(struct path *p, struct item *it)
{
	struct node *n = p->n[0];
	struct cfs_slot *s = &node_slot(n)[p->i[0]];

	if (p->i[0] >= n->head.nitems)
		return false;
	*it = (struct item){ s->key, n->buf + s->off, s->len };
	return true;
}

int tree_get(struct cfs *fs, struct cfs_key key, struct item *it)
{
	struct path p;
	int r = tree_find(fs, key, &p);

	if (r <= 0)
		return r ? r : -ENOENT;
	return iter_item(&p, it) ? 0 : -ENOENT;
}

/* Goes down from entry i[l] of level l to the first (or last) leaf below. */
static int descend(struct cfs *fs, struct path *p, int l, bool last)
{
	while (l > 0) {
		struct cfs_ptr *ptr = &node_branch(p->n[l])[p->i[l]].ptr;
		int err = node_get(fs, ptr, l - 1, &p->n[l - 1]);

		if (err)
			return err;
		l--;
		p->i[l] = last ? p->n[l]->head.nitems - 1 : 0;
	}
	return 0;
}

/* At the end of a leaf: on to the next leaf that has items. At the end of all it stays. */
static int skip_ends(struct cfs *fs, struct path *p)
{
	while (p->i[0] >= p->n[0]->head.nitems) {
		uint32_t l = 1;
		int err;

		while (l < fs->height && p->i[l] + 1 >= p->n[l]->head.nitems)
			l++;
		if (l >= fs->height)
			return 0;
		p->i[l]++;
		err = descend(fs, p, (int)l, false);
		if (err)
			return err;
	}
	return 0;
}

int iter_seek(struct cfs *fs, struct cfs_key key, struct path *p)
{
	int r = tree_find(fs, key, p);

	return r < 0 ? r : skip_ends(fs, p);
}

int iter_next(struct cfs *fs, struct path *p)
{
	if (p->i[0] < p->n[0]->head.nitems)
		p->i[0]++;
	return skip_ends(fs, p);
}

int iter_prev(struct cfs *fs, struct path *p)
{
	while (p->i[0] <= 0) {
		uint32_t l = 1;
		int err;

		while (l < fs->height && p->i[l] == 0)
			l++;
		if (l >= fs->height)
			return -ENOENT;
		p->i[l]--;
		err = descend(fs, p, (int)l, true);
		if (err)
			return err;
		p->i[0]++;
	}
	p->i[0]--;
	return 0;
}

int path_cow(struct cfs *fs, struct path *p)
{
	for (int l = (int)fs->height - 1; l >= 0; l--) {
		struct cfs_ptr *up = l + 1 < (int)fs->height ? &node_branch(p->n[l + 1])[p->i[l + 1]].ptr
							     : &fs->root;
		int err = node_cow(fs, p->n[l]);

		if (err)
			return err;
		*up = node_ptr(p->n[l]);
	}
	return 0;
}

int tree_update(struct cfs *fs, struct cfs_key key, const void *val, uint32_t len)
{
	struct path p;
	struct item it;
	int r = tree_find(fs, key, &p);

	if (r <= 0)
		return r ? r : -ENOENT;
	r = path_cow(fs, &p);
	if (r)
		return r;
	if (!iter_item(&p, &it) || it.len != len)
		return -EIO;
	memcpy(it.val, val, len);
	return 0;
}
