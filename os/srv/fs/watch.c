/* SPDX-License-Identifier: MIT */
/*
 * inotify: who watches which inode, and what is written to them; see "inotify" in abi/file.h. Reads of
 * cached pages are not seen here, so IN_ACCESS never comes; writes are seen when a clean file becomes
 * dirty, and a watched one is therefore written back at once.
 */
#include <fcntl.h>
#include <stdlib.h>
#include <sys/inotify.h>

#include "fsd.h"

#define FMT	0170000u
#define DIRMODE	0040000u
#define SOON	20000000ll	/* ns from a change to the writing back */

/* A program's pair: one for each inotify_init. */
struct watcher {
	struct watcher *next;
	uint64_t koid;			/* of the end that was sent */
	handle_t end;
	bool overflow;			/* an event was lost, which it has not been told yet */
};

struct watch {
	struct watch *next;
	struct watcher *to;
	struct cfs_inode *ip;		/* referenced */
	int wd;
	uint32_t mask;
};

static struct watcher *watchers;
static struct watch *watches;
static int last_wd;
static struct srv_timer soon;

static bool write_event(struct watcher *to, int wd, uint32_t mask, uint32_t cookie, const char *name, size_t n)
{
	union {
		struct inotify_event e;
		char room[sizeof(struct inotify_event) + CFS_NAMELEN + 16];
	} u = { .e = { .wd = wd, .mask = mask, .cookie = cookie } };

	if (n) {
		u.e.len = (uint32_t)(n + 16) & ~15u;
		memcpy(u.e.name, name, n);
	}
	return sys_write(to->end, &u, sizeof u.e + u.e.len) >= 0;
}

static void tell(struct watcher *to, int wd, uint32_t mask, uint32_t cookie, const char *name, size_t n)
{
	if (to->overflow)
		to->overflow = !write_event(to, -1, IN_Q_OVERFLOW, 0, NULL, 0);
	if (!to->overflow && !write_event(to, wd, mask, cookie, name, n))
		to->overflow = true;
}

static void drop(struct watch **pp)
{
	struct watch *w = *pp;

	*pp = w->next;
	cfs_iput(w->ip);
	free(w);
}

static void watcher_free(struct watcher *to)
{
	struct watcher **wp = &watchers;

	for (struct watch **pp = &watches; *pp; ) {
		if ((*pp)->to == to)
			drop(pp);
		else
			pp = &(*pp)->next;
	}
	while (*wp != to)
		wp = &(*wp)->next;
	*wp = to->next;
	sys_handle_close(to->end);
	free(to);
}

/* Those whose reader is gone. */
static void sweep(void)
{
	for (struct watcher *to = watchers, *next; to; to = next) {
		struct handle_info info;

		next = to->next;
		if (sys_handle_info(to->end, &info) < 0 || info.ready & EV_HUP)
			watcher_free(to);
	}
}

void watch_event(struct cfs_inode *ip, uint32_t mask, uint32_t cookie, const char *name, size_t n)
{
	for (struct watch **pp = &watches, *w; (w = *pp); ) {
		if (w->ip != ip || !(w->mask & mask & IN_ALL_EVENTS)) {
			pp = &w->next;
			continue;
		}
		tell(w->to, w->wd, mask, cookie, name, n);
		if (!(w->mask & IN_ONESHOT)) {
			pp = &w->next;
			continue;
		}
		tell(w->to, w->wd, IN_IGNORED, 0, NULL, 0);
		drop(pp);
	}
}

bool watched(const struct cfs_inode *ip)
{
	for (const struct watch *w = watches; w; w = w->next)
		if (w->ip == ip)
			return true;
	return false;
}

void watch_name(struct cfs_inode *dir, const struct cfs_inode *ip, uint32_t mask, uint32_t cookie, const char *name, size_t n)
{
	if (!watches || !dir)
		return;
	watch_event(dir, mask | ((ip->a.mode & FMT) == DIRMODE ? IN_ISDIR : 0), cookie, name, n);
}

void watch_file(struct cfs_inode *ip, uint64_t dir, uint32_t mask)
{
	struct cfs_inode *parent;
	char name[CFS_NAMELEN + 1];
	int n;

	if (!watches)
		return;
	watch_event(ip, mask, 0, NULL, 0);
	if (!dir || cfs_iget(ip->fs, (ip->a.mode & FMT) == DIRMODE ? ip->a.parent : dir, &parent))
		return;
	if (parent != ip && watched(parent) && (n = walk_name(parent, ip->ino, name)) > 0)
		watch_name(parent, ip, mask, 0, name, (size_t)n);
	cfs_iput(parent);
}

void watch_gone(struct cfs_inode *ip)
{
	for (struct watch **pp = &watches, *w; (w = *pp); ) {
		if (w->ip != ip) {
			pp = &w->next;
			continue;
		}
		if (w->mask & IN_DELETE_SELF)
			tell(w->to, w->wd, IN_DELETE_SELF, 0, NULL, 0);
		tell(w->to, w->wd, IN_IGNORED, 0, NULL, 0);
		drop(pp);
	}
}

static void write_soon(void *arg)
{
	(void)arg;
	time_passes();
	for (struct fnode *fn = fsd.old; fn; fn = fn->next)
		if (fn->announce) {
			fn->announce = false;
			write_back(fn);
			/* What was appended since the file became dirty was not heard of. */
			if (file_size(fn->ip) != fn->told)
				watch_file(fn->ip, fn->dir, IN_MODIFY);
		}
}

void watch_modified(struct fnode *fn)
{
	if (!watches)
		return;
	watch_file(fn->ip, fn->dir, IN_MODIFY);
	fn->announce = true;
	fn->told = file_size(fn->ip);
	soon.fn = write_soon;
	if (!soon.deadline)
		srv_timer_set(&fsd.srv, &soon, srv_now() + SOON);
}

/* The program whose end this is, made when it is new; takes the handle. */
static struct watcher *watcher_of(handle_t end)
{
	struct handle_info info;
	struct watcher *to;

	if (sys_handle_info(end, &info) < 0 || info.plane != PLANE_CHAN) {
		sys_handle_close(end);
		return NULL;
	}
	for (to = watchers; to && to->koid != info.koid; to = to->next)
		;
	if (to || !(to = calloc(1, sizeof *to))) {
		sys_handle_close(end);
		return to;
	}
	sys_file_flags(end, O_NONBLOCK, O_NONBLOCK);
	to->koid = info.koid;
	to->end = end;
	to->next = watchers;
	return watchers = to;
}

static int64_t add(struct watcher *to, struct cfs_inode *ip, uint32_t mask)
{
	struct watch *w;

	for (w = watches; w; w = w->next) {
		if (w->to != to || w->ip != ip)
			continue;
		if (mask & IN_MASK_CREATE)
			return -EEXIST;
		w->mask = mask & IN_MASK_ADD ? w->mask | mask : mask;
		return w->wd;
	}
	w = malloc(sizeof *w);
	if (!w)
		return -ENOSPC;
	/* Numbers of different servers differ, for a program may watch files of several. */
	if (!last_wd)
		last_wd = fsd.prefix[1] ? (int)(fsd.dev & 0x7f) << 20 : 0;
	*w = (struct watch){ watches, to, cfs_iref(ip), ++last_wd, mask };
	watches = w;
	return w->wd;
}

int64_t op_watch(struct srv_req *r, struct ofile *of)
{
	uint32_t mask = (uint32_t)r->m.w[1];
	struct watcher *to;
	struct walk w;
	int64_t res;

	if (!(mask & IN_ALL_EVENTS) || !r->m.nh)
		return -EINVAL;
	sweep();
	res = walk_request(r, of, mask & IN_DONT_FOLLOW ? 0 : WALK_FOLLOW, &w);
	if (!res && !w.ip)
		res = -ENOENT;
	if (!res && mask & IN_ONLYDIR && (w.ip->a.mode & FMT) != DIRMODE)
		res = -ENOTDIR;
	if (!res)
		res = may(w.ip, r, MAY_R);
	if (!res) {
		to = watcher_of(srv_take(r, 0));
		res = to ? add(to, w.ip, mask) : -EINVAL;
	}
	walk_end(&w);
	return res;
}

int64_t op_unwatch(struct srv_req *r, struct ofile *of)
{
	struct handle_info info;

	(void)of;
	if (!r->m.nh || sys_handle_info(r->m.h[0], &info) < 0)
		return -EINVAL;
	for (struct watch **pp = &watches, *w; (w = *pp); pp = &w->next) {
		if (w->to->koid != info.koid || w->wd != (int)r->m.w[1])
			continue;
		tell(w->to, w->wd, IN_IGNORED, 0, NULL, 0);
		drop(pp);
		return 0;
	}
	return -EINVAL;
}
