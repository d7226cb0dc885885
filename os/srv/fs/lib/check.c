/* SPDX-License-Identifier: MIT */
/* Offline check: reads every node (and all data if asked), verifies checksums and all rules between items. */
#include <stdarg.h>
#include <stdio.h>

#include "check.h"

static void say(struct check *c, const char *kind, const char *fmt, va_list ap)
{
	char line[256];
	int n = snprintf(line, sizeof line, "%s", kind);

	vsnprintf(line + n, sizeof line - (size_t)n, fmt, ap);
	if (c->opt->msg)
		c->opt->msg(c->opt->arg, line);
}

void check_fault(struct check *c, const char *fmt, ...)
{
	va_list ap;

	c->st->errors++;
	va_start(ap, fmt);
	say(c, "fault: ", fmt, ap);
	va_end(ap);
}

void check_note(struct check *c, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	say(c, "note: ", fmt, ap);
	va_end(ap);
}

/* Room for one more element in an array of n. */
void *check_grow(struct check *c, void *array, size_t n, size_t *max, size_t size)
{
	struct cfs_io *io = &c->fs->io;
	void *bigger;

	if (n < *max)
		return array;
	bigger = io->alloc(io->ctx, (*max * 2 + 64) * size);
	if (!bigger) {
		c->err = -ENOMEM;
		return array;
	}
	if (n)
		memcpy(bigger, array, n * size);
	io->free(io->ctx, array);
	*max = *max * 2 + 64;
	return bigger;
}

static void end_inode(struct check *c)
{
	uint32_t fmt = c->d.mode & 0170000;

	if (!c->cur || !c->d.mode)
		return;
	if (c->attr_left)
		check_fault(c, "inode %llu: an attribute's value is cut off", U(c->cur));
	if (c->blocks != c->d.blocks)
		check_fault(c, "inode %llu: %llu blocks found, %llu recorded", U(c->cur), U(c->blocks), U(c->d.blocks));
	if (fmt == 0040000 && c->entries != c->d.size)
		check_fault(c, "directory %llu: %llu entries found, %llu recorded", U(c->cur), U(c->entries),
			    U(c->d.size));
	if (fmt == 0120000 && c->bytes != c->d.size)
		check_fault(c, "symbolic link %llu: wrong length", U(c->cur));
	if ((fmt != 0040000 && c->entries) || (fmt != 0120000 && c->bytes) || (fmt != 0100000 && c->blocks))
		check_fault(c, "inode %llu: items that do not fit its type", U(c->cur));
}

static void begin_inode(struct check *c, uint64_t ino)
{
	end_inode(c);
	c->cur = ino;
	c->blocks = c->entries = c->bytes = c->end_page = c->attr_left = 0;
	memset(&c->d, 0, sizeof c->d);
}

static void see_inode(struct check *c, const struct cfs_dinode *d)
{
	struct cino *ci;

	memcpy(&c->d, d, sizeof c->d);
	c->inode = check_grow(c, c->inode, c->ninode, &c->maxinode, sizeof *c->inode);
	if (c->err)
		return;
	ci = &c->inode[c->ninode++];
	*ci = (struct cino){ .ino = c->cur, .parent = c->d.parent, .size = c->d.size, .mode = c->d.mode,
			     .nlink = c->d.nlink };
	c->st->inodes++;
	c->st->dirs += (c->d.mode & 0170000) == 0040000;
	c->st->files += (c->d.mode & 0170000) == 0100000;
	if (!(c->d.mode & 0170000) || c->d.nsec[0] > 999999999 || c->d.nsec[1] > 999999999 ||
	    c->d.nsec[2] > 999999999 || c->d.nsec[3] > 999999999)
		check_fault(c, "inode %llu: bad mode or time", U(c->cur));
	if (c->cur >= c->fs->next_ino)
		check_fault(c, "inode %llu: number not yet given out", U(c->cur));
}

static void see_dirent(struct check *c, struct cfs_key key, const struct cfs_dirent *d)
{
	uint64_t hash = cfs_xxh64(d + 1, d->namelen, c->fs->hash_seed) >> 24;

	if (hash != key_off(key) >> 16)
		check_fault(c, "directory %llu: entry %.*s under a wrong hash", U(c->cur), d->namelen,
			    (const char *)(d + 1));
	c->entries++;
	c->ref = check_grow(c, c->ref, c->nref, &c->maxref, sizeof *c->ref);
	if (!c->err)
		c->ref[c->nref++] = (struct cref){ d->ino, c->cur, d->type };
}

static void see_xattr(struct check *c, struct cfs_key key, const uint8_t *val, uint32_t len)
{
	struct cfs_xattr x;

	if (key_off(key) & 0xff) {
		if (len > c->attr_left)
			check_fault(c, "inode %llu: an attribute's value is too long", U(c->cur));
		c->attr_left -= len < c->attr_left ? len : c->attr_left;
		return;
	}
	if (c->attr_left)
		check_fault(c, "inode %llu: an attribute's value is cut off", U(c->cur));
	memcpy(&x, val, sizeof x);
	c->attr_left = x.size - (len - sizeof x - x.namelen);
	if (cfs_xxh64(val + sizeof x, x.namelen, c->fs->hash_seed) >> 24 != key_off(key) >> 16 ||
	    !(c->d.flags & CFS_INODE_XATTR))
		check_fault(c, "inode %llu: an attribute under a wrong hash, or unannounced", U(c->cur));
}

static void see_orphan(struct check *c, uint64_t ino)
{
	c->orphan = check_grow(c, c->orphan, c->norphan, &c->maxorphan, sizeof *c->orphan);
	if (!c->err)
		c->orphan[c->norphan++] = ino;
}

static void see_item(struct check *c, struct cfs_key key, const void *val, uint32_t len)
{
	if (key.ino != c->cur)
		begin_inode(c, key.ino);
	if (key.ino && key_type(key) != CFS_T_INODE && !c->d.mode)
		check_fault(c, "inode %llu: items without an inode", U(key.ino));
	switch (key_type(key)) {
	case CFS_T_INODE:
		see_inode(c, val);
		break;
	case CFS_T_SYMLINK:
		if (key_off(key) != c->bytes)
			check_fault(c, "symbolic link %llu: gap", U(c->cur));
		c->bytes += len;
		break;
	case CFS_T_DIRENT:
		see_dirent(c, key, val);
		break;
	case CFS_T_EXTENT:
		check_extent(c, key, val);
		break;
	case CFS_T_XATTR:
		see_xattr(c, key, val, len);
		break;
	case CFS_T_REF:
		check_share(c, key, val);
		break;
	case CFS_T_ORPHAN:
		see_orphan(c, key_off(key));
		break;
	default:
		check_fault(c, "inode %llu: item of unknown type %d", U(key.ino), (int)key_type(key));
	}
}

static void walk(struct check *c, const struct cfs_ptr *ptr, int level, struct cfs_key lo, struct cfs_key hi);

static void walk_leaf(struct check *c, struct node *n, struct cfs_key lo, struct cfs_key hi)
{
	struct cfs_slot *s = node_slot(n);

	for (int i = 0; i < n->head.nitems && !c->err; i++) {
		if (key_cmp(s[i].key, lo) < 0 || key_cmp(s[i].key, hi) >= 0)
			check_fault(c, "leaf at block %llu: key outside its range", U(n->head.blk));
		see_item(c, s[i].key, n->buf + s[i].off, s[i].len);
	}
}

static void walk_branch(struct check *c, struct node *n, int level, struct cfs_key lo, struct cfs_key hi)
{
	struct cfs_branch *b = node_branch(n);

	for (int i = 0; i < n->head.nitems && !c->err; i++) {
		struct cfs_key from = i ? b[i].key : lo, to = i + 1 < n->head.nitems ? b[i + 1].key : hi;

		if (key_cmp(from, lo) < 0 || key_cmp(to, hi) > 0)
			check_fault(c, "node at block %llu: key outside its range", U(n->head.blk));
		walk(c, &b[i].ptr, level - 1, from, to);
	}
}

/* Works on a private copy, so that the cache may forget nodes meanwhile. */
static void walk(struct check *c, const struct cfs_ptr *ptr, int level, struct cfs_key lo, struct cfs_key hi)
{
	struct cfs_io *io = &c->fs->io;
	struct node *n, *copy;
	int err = node_get(c->fs, ptr, level, &n);

	c->st->nodes++;
	if (err) {
		check_fault(c, "node at block %llu cannot be read: error %d", U(ptr->blk), -err);
		return;
	}
	check_node(c, ptr, level);
	copy = io->alloc(io->ctx, sizeof *copy);
	if (!copy) {
		c->err = -ENOMEM;
		return;
	}
	memcpy(copy->buf, n->buf, CFS_BLOCK);
	node_trim(c->fs, 64);
	if (level)
		walk_branch(c, copy, level, lo, hi);
	else
		walk_leaf(c, copy, lo, hi);
	io->free(io->ctx, copy);
}

static void check_supers(struct check *c)
{
	uint64_t n = c->fs->nblocks, place[4] = { CFS_SB_FIRST, CFS_SB_FIRST + 1, n - 2, n - 1 };
	struct cfs_super *sb = (void *)c->buf;

	for (int i = 0; i < 4; i++) {
		uint64_t slot = (uint64_t)i & 1;

		if (c->fs->io.read(c->fs->io.ctx, place[i], 1, sb) || !super_valid(sb, &c->fs->io)) {
			if (!repair_super(c, place[i]) && (c->fs->sb.gen > 1 || slot))
				check_note(c, "superblock at block %llu is not valid (its copy serves)", U(place[i]));
		} else if ((sb->gen & 1) != slot || memcmp(sb->uuid, c->fs->sb.uuid, 16)) {
			check_fault(c, "superblock at block %llu is in a wrong place", U(place[i]));
		}
	}
}

static void check_all(struct check *c)
{
	struct cfs *fs = c->fs;

	check_supers(c);
	walk(c, &fs->root, (int)fs->height - 1, (struct cfs_key){ 0, 0 }, (struct cfs_key){ ~0ull, ~0ull });
	end_inode(c);
	check_shares(c);
	if (!c->err)
		check_snapshots(c);
	if (!c->err)
		check_refs(c);
	if (!c->err)
		check_map(c);
}

int cfs_check(const struct cfs_io *io, const struct cfs_check_opt *opt, struct cfs_check_stat *st)
{
	struct cfs_mount_opt mo = { .flags = CFS_RDONLY | opt->mount_flags, .cache_nodes = 64, .crypt = opt->crypt };
	struct check c = { .opt = opt, .st = st };
	size_t mapsize;
	int err;

	memset(st, 0, sizeof *st);
	err = cfs_mount(io, &mo, &c.fs);
	if (err)
		return err;
	mapsize = (size_t)c.fs->ngrp * (CFS_GROUP / 8);
	c.map = io->alloc(io->ctx, mapsize);
	c.buf = io->alloc(io->ctx, CFS_EXT_MAX * CFS_BLOCK);
	if (c.map && c.buf) {
		memset(c.map, 0, mapsize);
		check_all(&c);
	} else {
		c.err = -ENOMEM;
	}
	io->free(io->ctx, c.map);
	io->free(io->ctx, c.buf);
	io->free(io->ctx, c.inode);
	io->free(io->ctx, c.ref);
	io->free(io->ctx, c.orphan);
	io->free(io->ctx, c.share);
	cfs_abandon(c.fs);
	return c.err ? c.err : st->errors > 0x7fffffff ? 0x7fffffff : (int)st->errors;
}
