/* SPDX-License-Identifier: MIT */
/* A walk over one root of the tree that leaves out what is too old. Works on private copies of the nodes. */
#include "fs.h"

static int walk(struct cfs *fs, const struct cfs_ptr *ptr, int level, const struct prune *w);

static int walk_leaf(struct node *n, const struct prune *w)
{
	for (int i = 0; i < n->head.nitems; i++) {
		struct cfs_extent e;

		if (leaf_extent(n, i, &e) && e.gen > w->floor)
			w->see(w->arg, NULL, &e);
	}
	return 0;
}

static int walk_below(struct cfs *fs, struct node *n, int level, const struct prune *w)
{
	int err = 0;

	if (!level)
		return walk_leaf(n, w);
	for (int i = 0; i < n->head.nitems && !err; i++)
		err = walk(fs, &node_branch(n)[i].ptr, level - 1, w);
	return err;
}

static int walk(struct cfs *fs, const struct cfs_ptr *ptr, int level, const struct prune *w)
{
	struct node *n, *copy;
	int err;

	if (ptr->gen <= w->floor || !w->see(w->arg, ptr, NULL))
		return 0;
	err = node_get(fs, ptr, level, &n);
	if (err)
		return err;
	copy = fs->io.alloc(fs->io.ctx, sizeof *copy);
	if (!copy)
		return -ENOMEM;
	memcpy(copy->buf, n->buf, CFS_BLOCK);
	node_trim(fs, fs->cache_limit);
	err = walk_below(fs, copy, level, w);
	fs->io.free(fs->io.ctx, copy);
	return err;
}

int tree_walk(struct cfs *fs, struct tree t, const struct prune *w)
{
	return walk(fs, &t.root, (int)t.height - 1, w);
}
