/* SPDX-License-Identifier: MIT */
/* Tree nodes: reading with all checks, the cache, new addresses for changed ones. */
#include <stdarg.h>
#include <stdio.h>

#include "fs.h"

void fs_log(struct cfs *fs, const char *fmt, ...)
{
	char line[200];
	va_list ap;

	if (!fs->io.log)
		return;
	va_start(ap, fmt);
	vsnprintf(line, sizeof line, fmt, ap);
	va_end(ap);
	fs->io.log(fs->io.ctx, line);
}

static uint32_t bucket(uint64_t blk)
{
	return (uint32_t)(blk * 0x9E3779B97F4A7C15ull >> 52) % NODE_HASH;
}

static void lru_remove(struct cfs *fs, struct node *n)
{
	if (n->prev)
		n->prev->next = n->next;
	else
		fs->mru = n->next;
	if (n->next)
		n->next->prev = n->prev;
	else
		fs->lru = n->prev;
}

static void lru_push(struct cfs *fs, struct node *n)
{
	n->prev = NULL;
	n->next = fs->mru;
	if (fs->mru)
		fs->mru->prev = n;
	else
		fs->lru = n;
	fs->mru = n;
}

static void hash_remove(struct cfs *fs, struct node *n)
{
	struct node **pp = &fs->hash[bucket(n->blk)];

	while (*pp != n)
		pp = &(*pp)->hnext;
	*pp = n->hnext;
}

static void hash_add(struct cfs *fs, struct node *n)
{
	struct node **pp = &fs->hash[bucket(n->blk)];

	n->hnext = *pp;
	*pp = n;
}

static struct node *hash_find(struct cfs *fs, uint64_t blk)
{
	struct node *n = fs->hash[bucket(blk)];

	while (n && n->blk != blk)
		n = n->hnext;
	return n;
}

static void discard(struct cfs *fs, struct node *n)
{
	hash_remove(fs, n);
	lru_remove(fs, n);
	fs->nnodes--;
	fs->ndirty -= n->dirty;
	fs->io.free(fs->io.ctx, n);
}

void node_trim(struct cfs *fs, uint32_t limit)
{
	struct node *n = fs->lru, *prev;

	for (; n && fs->nnodes > limit; n = prev) {
		prev = n->prev;
		if (!n->dirty)
			discard(fs, n);
	}
}

void node_free_all(struct cfs *fs)
{
	while (fs->mru)
		discard(fs, fs->mru);
}

static bool name_valid(const char *name, uint32_t n)
{
	return n && !memchr(name, '/', n) && !memchr(name, 0, n);
}

static bool extent_valid(const struct cfs *fs, struct cfs_key key, const uint8_t *val, uint32_t len)
{
	struct cfs_extent e;

	if (len < sizeof e)
		return false;
	memcpy(&e, val, sizeof e);
	return e.count >= 1 && e.count <= CFS_EXT_MAX && len == sizeof e + 8 * e.count && !e.flags &&
	       e.blk < fs->nblocks && e.count <= fs->nblocks - e.blk && e.gen <= fs->gen &&
	       key_off(key) <= CFS_OFF_MASK - e.count;
}

static bool item_valid(const struct cfs *fs, struct cfs_key key, const uint8_t *val, uint32_t len)
{
	const struct cfs_dirent *d = (const struct cfs_dirent *)val;

	switch (key_type(key)) {
	case CFS_T_INODE:
		return !key_off(key) && key.ino && key.ino <= CFS_OFF_MASK && len == sizeof(struct cfs_dinode);
	case CFS_T_SYMLINK:
		return len >= 1 && len <= CFS_SYM_CHUNK && key_off(key) <= CFS_LINK_MAX;
	case CFS_T_DIRENT:
		return len > sizeof *d && len == sizeof *d + d->namelen && d->ino && d->ino <= CFS_OFF_MASK &&
		       name_valid((const char *)(d + 1), d->namelen);
	case CFS_T_EXTENT:
		return extent_valid(fs, key, val, len);
	case CFS_T_ORPHAN:
		return !len && !key.ino;
	default:
		return len <= sizeof(struct cfs_extent) + 8 * CFS_EXT_MAX;
	}
}

static const char *leaf_fault(const struct cfs *fs, const uint8_t *buf)
{
	const struct cfs_nodehead *h = (const void *)buf;
	const struct cfs_slot *s = (const void *)(h + 1);
	uint32_t end = CFS_BLOCK, low = sizeof *h + h->nitems * sizeof *s;

	if (low > CFS_BLOCK || h->data < low || h->data > CFS_BLOCK)
		return "leaf header";
	for (int i = 0; i < h->nitems; i++) {
		if (s[i].len > end - low || s[i].off != end - s[i].len)
			return "leaf slot";
		end = s[i].off;
		if (i && key_cmp(s[i - 1].key, s[i].key) >= 0)
			return "leaf order";
		if (!item_valid(fs, s[i].key, buf + end, s[i].len))
			return "leaf item";
	}
	return end == h->data ? NULL : "leaf data";
}

static const char *branch_fault(const struct cfs *fs, const uint8_t *buf)
{
	const struct cfs_nodehead *h = (const void *)buf;
	const struct cfs_branch *b = (const void *)(h + 1);

	if (!h->nitems || h->nitems > CFS_BRANCH_MAX)
		return "branch count";
	for (int i = 0; i < h->nitems; i++) {
		if (i && key_cmp(b[i - 1].key, b[i].key) >= 0)
			return "branch order";
		if (b[i].ptr.blk >= fs->nblocks || b[i].ptr.gen > h->gen)
			return "branch pointer";
	}
	return NULL;
}

/* 0, or -EIO and why the block cannot be a node of this file system. */
int node_valid(const struct cfs *fs, const uint8_t *buf, const char **why)
{
	const struct cfs_nodehead *h = (const void *)buf;

	if (h->magic != CFS_NODE_MAGIC || h->tree || h->flags || h->level >= CFS_HEIGHT_MAX)
		*why = "node header";
	else
		*why = h->level ? branch_fault(fs, buf) : leaf_fault(fs, buf);
	return *why ? -EIO : 0;
}

static int node_check(struct cfs *fs, struct node *n, const struct cfs_ptr *ptr, int level)
{
	const char *why = NULL;

	if (!(fs->flags & CFS_NOVERIFY) && cfs_xxh64(n->buf, CFS_BLOCK, 0) != ptr->csum)
		why = "checksum";
	else if (n->head.blk != ptr->blk || n->head.gen != ptr->gen || n->head.level != level)
		why = "node identity";
	else if (!node_valid(fs, n->buf, &why))
		return 0;
	fs_log(fs, "calxfs: node at block %llu: bad %s", (unsigned long long)ptr->blk, why);
	return -EIO;
}

static struct node *node_alloc(struct cfs *fs)
{
	return fs->io.alloc(fs->io.ctx, sizeof(struct node));
}

static void node_enter(struct cfs *fs, struct node *n)
{
	hash_add(fs, n);
	lru_push(fs, n);
	fs->nnodes++;
	fs->ndirty += n->dirty;
}

static int node_load(struct cfs *fs, const struct cfs_ptr *ptr, int level, struct node **out)
{
	struct node *n;
	int err;

	if (ptr->blk >= fs->nblocks || alloc_fixed(fs->nblocks, ptr->blk))
		return -EIO;
	n = node_alloc(fs);
	if (!n)
		return -ENOMEM;
	err = fs->io.read(fs->io.ctx, ptr->blk, 1, n->buf);
	if (!err)
		err = node_check(fs, n, ptr, level);
	if (err) {
		fs->io.free(fs->io.ctx, n);
		return err;
	}
	n->blk = ptr->blk;
	n->dirty = false;
	node_enter(fs, n);
	*out = n;
	return 0;
}

int node_get(struct cfs *fs, const struct cfs_ptr *ptr, int level, struct node **out)
{
	struct node *n = hash_find(fs, ptr->blk);

	if (!n)
		return node_load(fs, ptr, level, out);
	if (n->head.gen != ptr->gen || n->head.level != level)
		return -EIO;
	if (fs->mru != n) {
		lru_remove(fs, n);
		lru_push(fs, n);
	}
	*out = n;
	return 0;
}

int node_new(struct cfs *fs, int level, struct node **out)
{
	struct node *n = node_alloc(fs);
	int err;

	if (!n)
		return -ENOMEM;
	err = alloc_meta(fs, &n->blk);
	if (err) {
		fs->io.free(fs->io.ctx, n);
		return err;
	}
	memset(n->buf, 0, CFS_BLOCK);
	n->head = (struct cfs_nodehead){ .magic = CFS_NODE_MAGIC, .level = (uint16_t)level,
					 .gen = fs->gen, .blk = n->blk, .data = level ? 0 : CFS_BLOCK };
	n->dirty = true;
	node_enter(fs, n);
	*out = n;
	return 0;
}

int node_cow(struct cfs *fs, struct node *n)
{
	uint64_t blk;
	int err;

	if (n->dirty)
		return 0;
	err = alloc_meta(fs, &blk);
	if (!err)
		err = alloc_release(fs, n->blk, 1, n->head.gen);
	if (err)
		return err;
	hash_remove(fs, n);
	n->blk = n->head.blk = blk;
	n->head.gen = fs->gen;
	n->dirty = true;
	fs->ndirty++;
	hash_add(fs, n);
	return 0;
}

int node_drop(struct cfs *fs, struct node *n)
{
	int err = alloc_release(fs, n->blk, 1, n->head.gen);

	discard(fs, n);
	return err;
}
