/* SPDX-License-Identifier: MIT */
/*
 * Advisory locks. Record locks belong to a process or, as F_OFD_*, to an open file; whole-file locks
 * (flock) belong to an open file and know nothing of the others. A process's record lock goes when it
 * is released, when the open file it was made through is closed everywhere, when libc says that the
 * process closes a descriptor of the file, and when the process ends (procd tells).
 * Who waits is looked at again whenever something is released.
 */
#include <fcntl.h>
#include <stdlib.h>
#include <sys/file.h>

#include "fsd.h"

struct lock {
	uint64_t ino;
	struct ofile *of;
	uint32_t pid;		/* owner; 0: of is the owner */
	bool whole;		/* of flock */
	bool exclusive;
	uint64_t start, end;	/* end exclusive */
	uint64_t token;		/* waiting: not 0 */
	struct lock *next;
};

static struct lock *held, *waiting;

#define DEPTH	64u		/* of waiters that wait for each other */

static bool same_owner(const struct lock *a, const struct lock *b)
{
	return a->whole == b->whole && a->pid == b->pid && (a->pid || a->of == b->of);
}

static bool conflicts(const struct lock *h, const struct lock *l)
{
	return h->ino == l->ino && h->whole == l->whole && !same_owner(h, l) && (h->exclusive || l->exclusive) &&
	       h->start < l->end && l->start < h->end;
}

static struct lock *conflict(const struct lock *l)
{
	for (struct lock *h = held; h; h = h->next)
		if (conflicts(h, l))
			return h;
	return NULL;
}

static struct lock *copy(const struct lock *l)
{
	struct lock *n = malloc(sizeof *n);

	if (n)
		*n = *l;
	return n;
}

/* Takes the owner's locks out of [l->start, l->end); a lock around it is cut in two. */
static int clear(const struct lock *l)
{
	struct lock **pp = &held;

	while (*pp) {
		struct lock *h = *pp, *rest;

		if (h->ino != l->ino || !same_owner(h, l) || h->end <= l->start || l->end <= h->start) {
			pp = &h->next;
		} else if (h->start < l->start && l->end < h->end) {
			rest = copy(h);
			if (!rest)
				return -ENOLCK;
			rest->start = l->end;
			h->end = l->start;
			h->next = rest;
			return 0;
		} else if (h->start < l->start) {
			h->end = l->start;
		} else if (l->end < h->end) {
			h->start = l->end;
		} else {
			*pp = h->next;
			free(h);
		}
	}
	return 0;
}

static int hold(const struct lock *l)
{
	struct lock *n = copy(l);
	int err = n ? clear(l) : -ENOLCK;

	if (err) {
		free(n);
		return err;
	}
	n->token = 0;
	n->next = held;
	held = n;
	return 0;
}

static void wake(void)
{
	struct lock **pp = &waiting;

	while (*pp) {
		struct lock *l = *pp;

		if (conflict(l)) {
			pp = &l->next;
			continue;
		}
		*pp = l->next;
		srv_reply(l->token, hold(l));
		free(l);
	}
}

/* Does `pid` wait, through others perhaps, for a lock that process `me` holds? */
static bool waits_for(uint32_t pid, uint32_t me, unsigned depth)
{
	if (pid == me)
		return true;
	for (const struct lock *w = waiting; w && depth; w = w->next) {
		if (w->pid != pid || !pid)
			continue;
		for (const struct lock *h = held; h; h = h->next)
			if (h->pid && conflicts(h, w) && waits_for(h->pid, me, depth - 1))
				return true;
	}
	return false;
}

static bool deadlock(const struct lock *l)
{
	for (const struct lock *h = held; h; h = h->next)
		if (l->pid && h->pid && conflicts(h, l) && waits_for(h->pid, l->pid, DEPTH))
			return true;
	return false;
}

static int64_t acquire(struct srv_req *r, const struct lock *l, bool wait)
{
	struct lock *n;

	if (l->pid)
		watch_process(l->pid);
	if (!conflict(l))
		return hold(l);
	if (!wait)
		return -EAGAIN;
	if (deadlock(l))
		return -EDEADLK;
	n = copy(l);
	if (!n)
		return -ENOLCK;
	n->token = r->m.token;
	n->next = waiting;
	waiting = n;
	return SRV_HELD;
}

static int range_of(struct srv_req *r, struct ofile *of, struct lock *l)
{
	uint32_t whence = (uint32_t)(r->m.w[2] >> 16);
	int64_t start = (int64_t)r->m.w[3], len = (int64_t)r->m.w[4];

	if (whence && whence != 2)
		return -EINVAL;
	if (whence == 2 && __builtin_add_overflow(start, (int64_t)file_size(of->ip), &start))
		return -EOVERFLOW;
	if (len < 0) {
		if (len == INT64_MIN || __builtin_add_overflow(start, len, &start))
			return -EINVAL;
		len = -len;
	}
	if (start < 0)
		return -EINVAL;
	l->start = (uint64_t)start;
	l->end = len ? (uint64_t)start + (uint64_t)len : UINT64_MAX;
	return 0;
}

static int64_t query(struct srv_req *r, const struct lock *l)
{
	struct lock *c = conflict(l);

	if (!c) {
		r->m.w[2] = F_UNLCK;
		return 0;
	}
	r->m.w[2] = c->exclusive ? F_WRLCK : F_RDLCK;
	r->m.w[3] = c->start;
	r->m.w[4] = c->end == UINT64_MAX ? 0 : c->end - c->start;
	r->m.w[5] = c->pid ? c->pid : (uint64_t)-1;
	return 0;
}

int64_t op_reclock(struct srv_req *r, struct ofile *of)
{
	uint32_t type = (uint32_t)r->m.w[2] & 0xffff, cmd = (uint32_t)r->m.w[1], acc = of->flags & ACCMODE;
	bool own = cmd == F_OFD_GETLK || cmd == F_OFD_SETLK || cmd == F_OFD_SETLKW;
	struct lock l = { .ino = of->ip->ino, .of = of, .pid = own ? 0 : r->m.pid, .exclusive = type == F_WRLCK };
	int err = range_of(r, of, &l);

	if (err)
		return err;
	if (of->flags & O_PATH)
		return -EBADF;
	if (cmd == F_GETLK || cmd == F_OFD_GETLK)
		return type > F_WRLCK ? -EINVAL : query(r, &l);
	if (!own && cmd != F_SETLK && cmd != F_SETLKW)
		return -EINVAL;
	if ((type == F_RDLCK && acc == O_WRONLY) || (type == F_WRLCK && acc == O_RDONLY))
		return -EBADF;
	if (type == F_UNLCK) {
		err = clear(&l);
		wake();
		return err;
	}
	if (type != F_RDLCK && type != F_WRLCK)
		return -EINVAL;
	return acquire(r, &l, cmd == F_SETLKW || cmd == F_OFD_SETLKW);
}

int64_t op_flock(struct srv_req *r, struct ofile *of)
{
	uint64_t op = r->m.w[1] & ~(uint64_t)LOCK_NB;
	struct lock l = { .ino = of->ip->ino, .of = of, .whole = true, .exclusive = op == LOCK_EX, .end = UINT64_MAX };
	int err;

	if (op == LOCK_UN) {
		err = clear(&l);
		wake();
		return err;
	}
	if (op != LOCK_SH && op != LOCK_EX)
		return -EINVAL;
	return acquire(r, &l, !(r->m.w[1] & LOCK_NB));
}

/* Those of an open file, of a held request, or of a process; 0 and NULL are nobody. */
static bool drop(struct lock **pp, const struct ofile *of, uint64_t token, uint32_t pid)
{
	bool any = false;

	while (*pp) {
		struct lock *l = *pp;

		if (l->of != of && (!token || l->token != token) && (!pid || l->pid != pid)) {
			pp = &l->next;
			continue;
		}
		*pp = l->next;
		if (l->token)
			srv_reply(l->token, -EINTR);
		free(l);
		any = true;
	}
	return any;
}

void locks_closed(struct ofile *of)
{
	drop(&waiting, of, 0, 0);
	if (drop(&held, of, 0, 0))
		wake();
}

void locks_cancel(uint64_t token)
{
	drop(&waiting, NULL, token, 0);
}

void locks_process_died(uint32_t pid)
{
	drop(&waiting, NULL, 0, pid);
	if (drop(&held, NULL, 0, pid))
		wake();
}
