/* SPDX-License-Identifier: MIT */
/* Reading file data, in two steps: cfs_map finds the blocks, cfs_fetch reads and verifies them in any thread. */
#include "fs.h"

/* The part of extent *it within [page, end) goes into the plan. */
static void add_piece(struct cfs_plan *p, const struct item *it, uint64_t end)
{
	uint32_t head = ext_head(p->fs), size = sum_size(p->fs), skip;
	const uint8_t *val = it->val;
	struct cfs_extent e;
	struct cfs_piece *c = &p->piece[p->npieces++];
	uint64_t from = key_off(it->key) > p->page ? key_off(it->key) : p->page;
	uint64_t to = ext_end(it) < end ? ext_end(it) : end;

	memcpy(&e, val, sizeof e);
	skip = (uint32_t)(from - key_off(it->key));
	*c = (struct cfs_piece){ .at = (uint32_t)(from - p->page), .n = (uint32_t)(to - from), .blk = e.blk + skip };
	if (p->fs->crypt)
		memcpy(c->nonce, val + sizeof e, 16);
	for (uint32_t i = 0; i < c->n; i++)
		memcpy(p->sum[c->at + i], val + head + (skip + i) * size, size);
}

static bool unwritten(const struct item *it)
{
	struct cfs_extent e;

	memcpy(&e, it->val, sizeof e);
	return e.flags & CFS_EXT_UNWRITTEN;
}

int cfs_map(struct cfs_inode *ip, uint64_t page, uint32_t npages, struct cfs_plan *plan)
{
	uint64_t end = page + npages, done = page;
	struct path p;
	struct item it;
	int r;

	plan->fs = ip->fs;
	plan->ino = ip->ino;
	plan->page = page;
	plan->npages = npages;
	plan->npieces = 0;
	if (npages > CFS_PLAN)
		return -EINVAL;
	if (ip->dead || page >= CFS_OFF_MASK)
		return 0;
	r = ext_seek(ip, page, &p, &it);
	while (r == 1 && key_off(it.key) < end) {
		if (key_off(it.key) < done && ext_end(&it) <= done)
			return -EIO;
		if (done > page && key_off(it.key) < done)
			return -EIO;
		if (!unwritten(&it))
			add_piece(plan, &it, end);
		done = ext_end(&it);
		r = ext_next(ip, &p, &it);
	}
	return r < 0 ? r : 0;
}

int cfs_unmapped(struct cfs_inode *ip, uint64_t page, uint64_t npages, uint64_t *out)
{
	uint64_t end = page + npages, done = page;
	struct path p;
	struct item it;
	int r;

	*out = npages;
	if (ip->dead || page >= CFS_OFF_MASK)
		return 0;
	r = ext_seek(ip, page, &p, &it);
	while (r == 1 && done < end && key_off(it.key) < end) {
		uint64_t from = key_off(it.key) > done ? key_off(it.key) : done;
		uint64_t to = ext_end(&it) < end ? ext_end(&it) : end;

		if (to > from)
			*out -= to - from;
		done = to > done ? to : done;
		r = ext_next(ip, &p, &it);
	}
	return r < 0 ? r : 0;
}

static int verify(const struct cfs_plan *p, const struct cfs_piece *c, uint8_t *buf, uint64_t *bad)
{
	for (uint32_t i = 0; i < c->n; i++) {
		int err = data_open(p->fs, c->nonce, c->blk + i, p->sum[c->at + i], buf + (size_t)i * CFS_PAGE);

		if (err) {
			*bad = p->page + c->at + i;
			return err;
		}
	}
	return 0;
}

/* Pieces [i, k) that follow each other on disk and in the file are read at once. */
static int fetch_some(const struct cfs_plan *p, uint32_t i, uint32_t *k, uint8_t *buf, uint64_t *bad)
{
	const struct cfs_piece *c = p->piece;
	uint32_t n = c[i].n;
	int err;

	for (*k = i + 1; *k < p->npieces && c[*k].at == c[i].at + n && c[*k].blk == c[i].blk + n; ++*k)
		n += c[*k].n;
	err = p->fs->io.read(p->fs->io.ctx, c[i].blk, n, buf + (size_t)c[i].at * CFS_PAGE);
	*bad = p->page + c[i].at;
	for (; i < *k && !err; i++)
		err = verify(p, &c[i], buf + (size_t)c[i].at * CFS_PAGE, bad);
	return err;
}

static int fetch(const struct cfs_plan *p, uint8_t *buf, uint64_t *bad)
{
	uint32_t done = 0;
	int err = 0;

	for (uint32_t i = 0, k; i < p->npieces && !err; i = k) {
		const struct cfs_piece *c = &p->piece[i];

		memset(buf + (size_t)done * CFS_PAGE, 0, (size_t)(c->at - done) * CFS_PAGE);
		err = fetch_some(p, i, &k, buf, bad);
		done = p->piece[k - 1].at + p->piece[k - 1].n;
	}
	if (err)
		done = 0;
	memset(buf + (size_t)done * CFS_PAGE, 0, (size_t)(p->npages - done) * CFS_PAGE);
	return err;
}

int cfs_fetch(const struct cfs_plan *p, void *buf)
{
	uint64_t bad;

	return fetch(p, buf, &bad);
}

int cfs_read(struct cfs_inode *ip, uint64_t page, uint32_t npages, void *buf)
{
	struct cfs *fs = ip->fs;
	struct cfs_plan *plan = fs->io.alloc(fs->io.ctx, sizeof *plan);
	uint64_t bad = 0;
	int err = plan ? 0 : -ENOMEM;

	node_trim(fs, fs->cache_limit);
	while (npages && !err) {
		uint32_t n = npages < CFS_PLAN ? npages : CFS_PLAN;

		err = cfs_map(ip, page, n, plan);
		if (!err) {
			err = fetch(plan, buf, &bad);
			if (err)
				fs_log(fs, "calxfs: inode %llu page %llu: bad checksum or error",
				       (unsigned long long)ip->ino, (unsigned long long)bad);
		}
		page += n;
		npages -= n;
		buf = (uint8_t *)buf + (size_t)n * CFS_PAGE;
	}
	fs->io.free(fs->io.ctx, plan);
	return err;
}

int cfs_seek(struct cfs_inode *ip, uint64_t page, bool hole, uint64_t *out)
{
	uint64_t end = (ip->a.size + CFS_PAGE - 1) / CFS_PAGE;
	struct path p;
	struct item it;
	int r;

	node_trim(ip->fs, ip->fs->cache_limit);
	if (page >= end)
		return -ENXIO;
	r = ext_seek(ip, page, &p, &it);
	while (r == 1 && page < end && (hole ? key_off(it.key) <= page && !unwritten(&it) : unwritten(&it))) {
		page = ext_end(&it);
		r = ext_next(ip, &p, &it);
	}
	if (r < 0)
		return r;
	if (!hole && (!r || key_off(it.key) >= end))
		return -ENXIO;
	if (!hole && key_off(it.key) > page)
		page = key_off(it.key);
	*out = page < end ? page : end;
	return 0;
}
