/* SPDX-License-Identifier: MIT */
/* The second half of a check: names against inodes, reachability, and the free map against what was met. */
#include "check.h"

#define FMT	0170000u
#define DIRMODE	0040000u

static struct cino *find(struct check *c, uint64_t ino)
{
	size_t lo = 0, hi = c->ninode;

	while (lo < hi) {
		size_t mid = (lo + hi) / 2;

		if (c->inode[mid].ino == ino)
			return &c->inode[mid];
		if (c->inode[mid].ino < ino)
			lo = mid + 1;
		else
			hi = mid;
	}
	return NULL;
}

static void check_ref(struct check *c, const struct cref *r)
{
	struct cino *to = find(c, r->ino), *dir = find(c, r->dir);

	if (!to || !dir) {
		check_fault(c, "directory %llu: an entry names inode %llu, which does not exist", U(r->dir), U(r->ino));
		return;
	}
	to->names++;
	if (to->mode >> 12 != r->type)
		check_fault(c, "directory %llu: wrong type in the entry of inode %llu", U(r->dir), U(r->ino));
	if ((to->mode & FMT) != DIRMODE)
		return;
	dir->subdirs++;
	if (to->parent != r->dir)
		check_fault(c, "directory %llu: parent is %llu, but it is in %llu", U(to->ino), U(to->parent), U(r->dir));
}

static void check_inode(struct check *c, struct cino *i)
{
	bool dir = (i->mode & FMT) == DIRMODE;
	uint32_t want = dir ? (i->names || i->ino == CFS_ROOT_INO ? 2 + i->subdirs : 0) : i->names;

	if (i->nlink != want)
		check_fault(c, "inode %llu: link count %u, should be %u", U(i->ino), i->nlink, want);
	if (!i->nlink && !i->orphan)
		check_fault(c, "inode %llu: not linked, and not an orphan", U(i->ino));
	if (dir && i->names > 1)
		check_fault(c, "directory %llu: has %u names", U(i->ino), i->names);
}

/* Follows parents up to the root; every directory met gets state 2, or the fault is told once. */
static void check_reach(struct check *c, struct cino *i)
{
	struct cino *at = i;

	while (at && at->ino != CFS_ROOT_INO && at->state == 0) {
		at->state = 1;
		at = find(c, at->parent);
	}
	if (!at || at->state == 1)
		check_fault(c, "directory %llu: not connected to the root", U(i->ino));
	for (at = i; at && at->state == 1; at = find(c, at->parent))
		at->state = 2;
}

void check_refs(struct check *c)
{
	for (size_t k = 0; k < c->norphan; k++) {
		struct cino *i = find(c, c->orphan[k]);

		if (i)
			i->orphan = true;
		else
			check_fault(c, "orphan list names inode %llu, which does not exist", U(c->orphan[k]));
	}
	for (size_t k = 0; k < c->nref; k++)
		check_ref(c, &c->ref[k]);
	for (size_t k = 0; k < c->ninode; k++) {
		check_inode(c, &c->inode[k]);
		if ((c->inode[k].mode & FMT) == DIRMODE && c->inode[k].nlink)
			check_reach(c, &c->inode[k]);
	}
}

static void mark_fixed(struct check *c)
{
	uint64_t n = c->fs->nblocks, all = (uint64_t)c->fs->ngrp * CFS_GROUP;

	for (uint64_t b = 0; b < all; b++)
		if (b >= n || alloc_fixed(n, b))
			c->map[b / 64] |= 1ull << (b % 64);
}

static void check_group(struct check *c, uint32_t g, const uint64_t *disk)
{
	const uint64_t *met = c->map + (size_t)g * (CFS_GROUP / 64);
	uint64_t leaked = 0, lost = 0;

	for (uint32_t i = 0; i < CFS_GROUP / 64; i++) {
		leaked += (uint64_t)__builtin_popcountll(disk[i] & ~met[i]);
		lost += (uint64_t)__builtin_popcountll(met[i] & ~disk[i]);
	}
	if (leaked)
		check_fault(c, "group %u: %llu blocks are marked used, but nothing uses them", g, U(leaked));
	if (lost)
		check_fault(c, "group %u: %llu blocks are in use, but marked free", g, U(lost));
}

static void compare_map(struct check *c)
{
	struct cfs *fs = c->fs;
	uint64_t nfree = 0;

	for (uint32_t g = 0; g < fs->ngrp; g++) {
		struct group *gr = &fs->grp[g];

		nfree += gr->disk_free;
		if (fs->io.read(fs->io.ctx, bitmap_block(fs->nidx, g, gr->slot), 1, c->buf) ||
		    (!(fs->flags & CFS_NOVERIFY) && cfs_xxh64(c->buf, CFS_BLOCK, 0) != gr->csum))
			check_fault(c, "group %u: free map cannot be read", g);
		else
			check_group(c, g, (void *)c->buf);
	}
	if (nfree != fs->sb.nfree)
		check_fault(c, "superblock says %llu free blocks, the groups say %llu", U(fs->sb.nfree), U(nfree));
}

void check_map(struct check *c)
{
	uint64_t before = c->st->errors;

	mark_fixed(c);
	compare_map(c);
	if (c->st->errors == before || before || !c->opt->repair || repair_map(c))
		return;
	c->st->repaired += c->st->errors - before;
	c->st->errors = before;
}
