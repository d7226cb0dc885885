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
		if (!n->dirty && !n->writing)
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
	return e.count >= 1 && e.count <= CFS_EXT_MAX && len == ext_size(fs, &e) &&
	       !(e.flags & ~CFS_EXT_UNWRITTEN) && e.blk < fs->nblocks && e.count <= fs->nblocks - e.blk && e.gen <= fs->gen &&
	       key_off(key) <= CFS_OFF_MASK - e.count;
}

static bool ref_valid(const struct cfs *fs, struct cfs_key key, const uint8_t *val, uint32_t len)
{
	struct cfs_ref r;

	if (key.ino || len != sizeof r)
		return false;
	memcpy(&r, val, sizeof r);
	return r.count && r.refs >= 2 && key_off(key) < fs->nblocks && r.count <= fs->nblocks - key_off(key);
}

static bool xattr_valid(struct cfs_key key, const uint8_t *val, uint32_t len)
{
	struct cfs_xattr x;

	if (!key.ino || (key_off(key) & 0xff))
		return key.ino && len && len <= CFS_XATTR_CHUNK;
	if (len < sizeof x)
		return false;
	memcpy(&x, val, sizeof x);
	return x.namelen && x.size <= CFS_XATTR_MAX &&
	       len == sizeof x + x.namelen + (x.size < CFS_XATTR_CHUNK ? x.size : CFS_XATTR_CHUNK);
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
	case CFS_T_XATTR:
		return xattr_valid(key, val, len);
	case CFS_T_REF:
		return ref_valid(fs, key, val, len);
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
		if (b[i].ptr.blk >= fs->nblocks || b[i].ptr.twin >= fs->nblocks || b[i].ptr.gen > h->gen)
			return "branch pointer";
	}
	return NULL;
}

/* 0, or -EIO and why the block cannot be a node of this file system. */
int node_valid(const struct cfs *fs, const uint8_t *buf, const char **why)
{
	const struct cfs_nodehead *h = (const void *)buf;

	if (h->magic != CFS_NODE_MAGIC || h->flags || h->level >= CFS_HEIGHT_MAX)
		*why = "node header";
	else
		*why = h->level ? branch_fault(fs, buf) : leaf_fault(fs, buf);
	return *why ? -EIO : 0;
}

static int node_check(const struct cfs *fs, uint8_t *buf, const struct cfs_ptr *ptr, int level, const char **why)
{
	const struct cfs_nodehead *h = (const void *)buf;

	if (!(fs->flags & CFS_NOVERIFY) && cfs_xxh64(buf, CFS_BLOCK, 0) != ptr->csum)
		*why = "checksum";
	else if (h->blk != ptr->blk || h->gen != ptr->gen || h->level != level)
		*why = "identity";
	else if (fs->crypt && node_open(fs, buf))
		*why = "authentication";
	else
		return node_valid(fs, buf, why);
	return -EIO;
}

int node_read(const struct cfs *fs, const struct cfs_ptr *ptr, int level, void *buf, int copy)
{
	uint64_t blk = copy ? ptr->twin : ptr->blk;
	const char *why = NULL;
	int err;

	if (blk >= fs->nblocks || alloc_fixed(fs->nblocks, blk))
		return -EIO;
	err = fs->io.read(fs->io.ctx, blk, 1, buf);
	return err ? err : node_check(fs, buf, ptr, level, &why);
}

/* The copy that cannot be read is written again from the one that can. */
static void heal(struct cfs *fs, const struct cfs_ptr *ptr, const void *disk, int bad)
{
	uint64_t blk = bad ? ptr->twin : ptr->blk;

	fs_log(fs, "calxfs: node at block %llu: bad, the copy at %llu is used", (unsigned long long)blk,
	       (unsigned long long)(bad ? ptr->blk : ptr->twin));
	if (!(fs->flags & CFS_RDONLY) && !fs->failed)
		fs->io.write(fs->io.ctx, blk, 1, disk);
}

/* Either copy, into buf; the bytes on disk are got again for healing, for they may be encrypted. */
static int read_either(struct cfs *fs, const struct cfs_ptr *ptr, int level, uint8_t *buf)
{
	int err = node_read(fs, ptr, level, buf, 0);
	uint8_t *disk;

	if (err && ptr->twin && !node_read(fs, ptr, level, buf, 1)) {
		disk = fs->io.alloc(fs->io.ctx, CFS_BLOCK);
		if (disk && !fs->io.read(fs->io.ctx, ptr->twin, 1, disk) &&
		    cfs_xxh64(disk, CFS_BLOCK, 0) == ptr->csum)
			heal(fs, ptr, disk, 0);
		fs->io.free(fs->io.ctx, disk);
		return 0;
	}
	if (err)
		fs_log(fs, "calxfs: node at block %llu: bad", (unsigned long long)ptr->blk);
	return err;
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

static void node_init(struct node *n, const struct cfs_ptr *ptr)
{
	n->blk = ptr->blk;
	n->twin = ptr->twin;
	n->dirty = n->writing = false;
}

static int node_load(struct cfs *fs, const struct cfs_ptr *ptr, int level, struct node **out)
{
	struct node *n;
	int err;

	if (ptr->blk >= fs->nblocks || alloc_fixed(fs->nblocks, ptr->blk))
		return -EIO;
	if ((fs->base ? fs->base : fs)->nowait) {
		(fs->base ? fs->base : fs)->miss = (struct cfs_miss){ .fs = fs,
				.ptr = { ptr->blk, ptr->twin, ptr->gen, ptr->csum }, .level = level };
		return -CFS_WAIT;
	}
	n = node_alloc(fs);
	if (!n)
		return -ENOMEM;
	err = read_either(fs, ptr, level, n->buf);
	if (err) {
		fs->io.free(fs->io.ctx, n);
		return err;
	}
	node_init(n, ptr);
	node_enter(fs, n);
	*out = n;
	return 0;
}

void cfs_nowait(struct cfs *fs, bool on)
{
	fs->nowait = on;
}

int cfs_miss_take(struct cfs *fs, struct cfs_miss *m)
{
	*m = fs->miss;
	m->node = node_alloc(fs);
	if (!m->node)
		return -ENOMEM;
	m->fs->nactive++;
	return 0;
}

/* A bad first copy is left to the call that waits: it reads again, and heals. */
void cfs_miss_read(struct cfs_miss *m)
{
	struct cfs_ptr ptr = { m->ptr.blk, m->ptr.twin, m->ptr.gen, m->ptr.csum };

	m->err = node_read(m->fs, &ptr, m->level, ((struct node *)m->node)->buf, 0);
}

int cfs_miss_done(struct cfs_miss *m)
{
	struct cfs_ptr ptr = { m->ptr.blk, m->ptr.twin, m->ptr.gen, m->ptr.csum };
	struct node *n = m->node, *old = hash_find(m->fs, m->ptr.blk);

	m->fs->nactive--;
	if (m->err || old) {
		m->fs->io.free(m->fs->io.ctx, n);
		return m->err;
	}
	node_init(n, &ptr);
	node_enter(m->fs, n);
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

struct cfs_ptr node_ptr(const struct node *n)
{
	return (struct cfs_ptr){ .blk = n->blk, .twin = n->twin, .gen = n->head.gen };
}

/* The block is a new node's now. One that was read too late for its reader may still claim it. */
static void evict_stale(struct cfs *fs, uint64_t blk)
{
	struct node *n = hash_find(fs, blk);

	if (n)
		discard(fs, n);
}

int node_new(struct cfs *fs, int level, struct node **out)
{
	struct node *n = node_alloc(fs);
	int err;

	if (!n)
		return -ENOMEM;
	err = alloc_meta(fs, &n->blk, &n->twin);
	if (err) {
		fs->io.free(fs->io.ctx, n);
		return err;
	}
	evict_stale(fs, n->blk);
	memset(n->buf, 0, CFS_BLOCK);
	n->head = (struct cfs_nodehead){ .magic = CFS_NODE_MAGIC, .level = (uint16_t)level,
					 .gen = fs->gen, .blk = n->blk, .data = level ? 0 : CFS_BLOCK };
	n->dirty = true;
	n->writing = false;
	node_enter(fs, n);
	*out = n;
	return 0;
}

static int release(struct cfs *fs, struct node *n)
{
	int err = alloc_release(fs, n->blk, 1, n->head.gen);

	return err || !n->twin ? err : alloc_release(fs, n->twin, 1, n->head.gen);
}

int node_cow(struct cfs *fs, struct node *n)
{
	uint64_t blk, twin;
	int err;

	if (n->dirty)
		return 0;
	err = alloc_meta(fs, &blk, &twin);
	if (!err)
		err = release(fs, n);
	if (err)
		return err;
	evict_stale(fs, blk);
	hash_remove(fs, n);
	n->blk = n->head.blk = blk;
	n->twin = twin;
	n->head.gen = fs->gen;
	n->dirty = true;
	fs->ndirty++;
	hash_add(fs, n);
	return 0;
}

int node_drop(struct cfs *fs, struct node *n)
{
	int err = release(fs, n);

	discard(fs, n);
	return err;
}

void node_written(struct cfs *fs)
{
	for (struct node *n = fs->mru; n; n = n->next)
		n->writing = false;
}
