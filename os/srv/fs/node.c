/* SPDX-License-Identifier: MIT */
/*
 * Files with a page cache. A fnode outlives its last close, so that the next open finds the pages; it may
 * only go when no process maps the mem any more (then our handle is the only reference).
 */
#include <stdlib.h>

#include "fsd.h"

#define KEEP	1024u	/* idle fnodes kept */

static void list_remove(struct fnode *fn)
{
	if (fn->prev)
		fn->prev->next = fn->next;
	else
		fsd.old = fn->next;
	if (fn->next)
		fn->next->prev = fn->prev;
	else
		fsd.young = fn->prev;
}

static void list_push(struct fnode *fn)
{
	fn->next = NULL;
	fn->prev = fsd.young;
	if (fsd.young)
		fsd.young->next = fn;
	else
		fsd.old = fn;
	fsd.young = fn;
}

static bool in_use(const struct fnode *fn)
{
	struct handle_info info;

	return fn->opens || fn->jobs || sys_handle_info(fn->mem, &info) < 0 || !(info.ready & EV_HUP);
}

/* Closes the page cache; dirty pages are lost with it. */
static void fnode_drop(struct fnode *fn)
{
	list_remove(fn);
	fsd.nfnodes--;
	credit_gone(fn, fn->credit);
	sys_handle_close(fn->mem);
	fn->ip->priv = NULL;
	cfs_iput(fn->ip);
	free(fn);
}

/* Files without a name that were still mapped when they were closed. */
static uint32_t zombies;

static void bury(void)
{
	struct fnode *fn, *next;

	for (fn = fsd.old; fn && zombies; fn = next) {
		next = fn->next;
		if (fn->ip->a.nlink || in_use(fn))
			continue;
		fnode_drop(fn);
		zombies--;
	}
}

/* Lets go of what is not needed, above all the oldest idle files beyond the limit. */
static void trim(void)
{
	struct fnode *fn, *next;
	uint32_t tries = 0;

	bury();
	for (fn = fsd.old; fn && fsd.nfnodes > KEEP && tries < 64; fn = next, tries++) {
		next = fn->next;
		if (fn->opens || (fn->dirty && fsd.ram) || in_use(fn) || write_back(fn) || fn->dirty)
			continue;
		fnode_drop(fn);
	}
}

int fnode_get(struct cfs_inode *ip, struct fnode **out)
{
	struct fnode *fn = ip->priv;
	int64_t mem;

	*out = fn;
	if (fn)
		return 0;
	fn = calloc(1, sizeof *fn);
	if (!fn)
		return -ENOMEM;
	mem = sys_mem_pager(fsd.srv.port, (uint64_t)fn, ip->a.size, ip->ino, ip->a.gen);
	if (mem < 0) {
		free(fn);
		return (int)mem;
	}
	fn->mem = (handle_t)mem;
	fn->ip = cfs_iref(ip);
	ip->priv = fn;
	list_push(fn);
	fsd.nfnodes++;
	*out = fn;
	trim();
	return 0;
}

bool fnode_revive(const struct port_item *it)
{
	struct fnode *fn = calloc(1, sizeof *fn);
	int64_t n;

	if (!fn || cfs_iget(fsd.fs, it->self[0], &fn->ip)) {
		free(fn);
		return false;
	}
	/* What was cut off must not come back when it grows again. */
	if (fn->ip->a.gen != it->self[1] || fn->ip->priv ||
	    (it->size < fn->ip->a.size && cfs_truncate(fn->ip, it->size))) {
		cfs_iput(fn->ip);
		free(fn);
		return false;
	}
	fn->mem = it->h;
	fn->ip->priv = fn;
	list_push(fn);
	fsd.nfnodes++;
	n = sys_adopt(it->h, (uint64_t)fn);
	if (n > 0 && cfs_reserve(fsd.fs, (uint64_t)n)) {
		srv_log("inode %llu: no room for its changes", (unsigned long long)fn->ip->ino);
		sys_adopt(it->h, 0);
		n = 0;
	}
	if (n > 0) {
		fn->credit = (uint64_t)n;
		fsd.outstanding += (uint64_t)n;
	}
	/* The size may have changed without a page. */
	fn->dirty = n > 0 || it->size != fn->ip->a.size;
	fn->more = n > 0;
	if (!fn->ip->a.nlink)
		zombies++;
	return true;
}

void fnode_opened(struct fnode *fn, bool writer)
{
	fn->opens++;
	if (writer && !fn->writers++)
		first_credit(fn);
	list_remove(fn);
	list_push(fn);
}

void fnode_closed(struct fnode *fn, bool writer)
{
	fn->opens--;
	fn->writers -= writer;
	if (writer && fn->dirty)
		fnode_look(fn);
	if (writer && !fn->writers)
		take_back_credit(fn);
	if (fn->opens || fn->ip->a.nlink)
		return;
	if (in_use(fn))
		zombies++;
	else
		fnode_drop(fn);
}

struct fnode *fnode_unlinking(struct cfs_inode *ip)
{
	struct fnode *fn = ip->priv;

	if (!fn || ip->a.nlink > 1)
		return NULL;
	if (in_use(fn)) {
		zombies += !fn->opens;
		return NULL;
	}
	if (fn->dirty)
		return fn;
	fnode_drop(fn);
	return NULL;
}

void fnode_unlinked(struct fnode *fn, int err)
{
	if (fn && !err)
		fnode_drop(fn);
}

void fnodes_forget(struct cfs *fs)
{
	struct fnode *next;

	for (struct fnode *fn = fsd.old; fn; fn = next) {
		next = fn->next;
		if (fn->ip->fs == fs && !in_use(fn))
			fnode_drop(fn);
	}
}

void fnode_changed(struct cfs_inode *ip)
{
	struct fnode *fn = ip->priv;

	if (ip->shown && fn)
		sys_mem_changed(fn->mem);
	ip->shown = false;
}

uint64_t file_size(struct cfs_inode *ip)
{
	struct fnode *fn = ip->priv;
	int64_t size = fn ? sys_mem_size(fn->mem, -1) : -1;

	return size < 0 ? ip->a.size : (uint64_t)size;
}

int file_resize(struct cfs_inode *ip, uint64_t size)
{
	struct fnode *fn = ip->priv;
	int64_t err;

	if (size > INT64_MAX / 2)
		return -EFBIG;
	if (fn) {
		err = sys_mem_size(fn->mem, (int64_t)size);
		if (err < 0)
			return (int)err;
		if (fn->dirty)
			fnode_look(fn);
		fn->stamped = false;
		fn->version++;
		fnode_changed(ip);
	}
	err = cfs_truncate(ip, size);
	touch_timer();
	return (int)err;
}
