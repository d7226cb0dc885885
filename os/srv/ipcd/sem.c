/* SPDX-License-Identifier: MIT */
/* Semaphores: sets of counters, changed several at once; what a process took is given back at its end. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/sem.h>
#include "ipcd.h"

#define MAX_SEMS	256u
#define MAX_OPS		256u
#define VALUE_MAX	32767

struct one { int value; uint32_t pid; };

struct undo {
	struct undo *next;
	uint32_t pid;
	int adjust[];
};

/* A held semop. */
struct sem_wait {
	struct sem_wait *next;
	struct wait w;
	struct sem *s;
	uint32_t pid;
	unsigned n, blocked;		/* blocked: the operation that could not be done */
	struct sembuf op[];
};

struct sem {
	struct object o;
	unsigned n;
	struct one *sem;
	int64_t otime, ctime;
	struct undo *undos;
	struct sem_wait *waits;
	struct sem *next;
};

static struct sem *sets;

struct object *sem_new(struct srv_req *r, uint64_t n, int *err)
{
	struct sem *s;

	(void)r;
	*err = -EINVAL;
	if (!n || n > MAX_SEMS)
		return NULL;
	*err = -ENOMEM;
	s = calloc(1, sizeof(*s));
	if (!s || !(s->sem = calloc(n, sizeof(*s->sem)))) {
		free(s);
		return NULL;
	}
	s->n = (unsigned)n;
	s->ctime = sysv_now();
	s->next = sets;
	sets = s;
	return &s->o;
}

int64_t sem_check(const struct object *o, uint64_t n)
{
	return n > ((const struct sem *)o)->n ? -EINVAL : 0;
}

static struct undo *undo_of(struct sem *s, uint32_t pid, bool make)
{
	struct undo *u;

	for (u = s->undos; u && u->pid != pid; u = u->next)
		;
	if (u || !make)
		return u;
	u = calloc(1, sizeof(*u) + s->n * sizeof(u->adjust[0]));
	if (!u)
		return NULL;
	u->pid = pid;
	u->next = s->undos;
	s->undos = u;
	watch_process(pid);
	return u;
}

/*
 * Does all operations or none. 0, -ERANGE, -ENOMEM, -EAGAIN (with IPC_NOWAIT), or 1: *blocked must
 * wait.
 */
static int try_ops(struct sem *s, const struct sembuf *op, unsigned n, uint32_t pid, unsigned *blocked)
{
	struct undo *u = NULL;
	int was[MAX_SEMS], err = 0;
	unsigned i;

	for (i = 0; i < s->n; i++)
		was[i] = s->sem[i].value;
	for (i = 0; i < n && !err; i++) {
		struct one *o = &s->sem[op[i].sem_num];

		if ((op[i].sem_op < 0 && o->value + op[i].sem_op < 0) || (!op[i].sem_op && o->value)) {
			err = op[i].sem_flg & IPC_NOWAIT ? -EAGAIN : 1;
			*blocked = i;
		} else if (o->value + op[i].sem_op > VALUE_MAX) {
			err = -ERANGE;
		} else {
			o->value += op[i].sem_op;
		}
		if (!err && op[i].sem_flg & SEM_UNDO && !(u = undo_of(s, pid, true)))
			err = -ENOMEM;
	}
	for (i = 0; i < s->n && err; i++)
		s->sem[i].value = was[i];
	for (i = 0; i < n && !err; i++) {
		s->sem[op[i].sem_num].pid = pid;
		if (op[i].sem_flg & SEM_UNDO)
			u->adjust[op[i].sem_num] -= op[i].sem_op;
	}
	if (!err)
		s->otime = sysv_now();
	return err;
}

static void answer(struct sem_wait *w, int64_t res)
{
	wait_stop(&w->w);
	srv_reply(w->w.token, res);
	free(w);
}

/* Values have changed: who can go on does; again from the start, for each may let others go. */
static void wake(struct sem *s)
{
	for (struct sem_wait **pp = &s->waits, *w; (w = *pp); ) {
		int err = try_ops(s, w->op, w->n, w->pid, &w->blocked);

		if (err == 1) {
			pp = &w->next;
			continue;
		}
		*pp = w->next;
		answer(w, err);
		pp = &s->waits;
	}
}

static void expired(void *arg)
{
	struct sem_wait *w = arg, **pp = &w->s->waits;

	while (*pp != w)
		pp = &(*pp)->next;
	*pp = w->next;
	answer(w, -EAGAIN);
}

static int64_t hold(struct srv_req *r, struct sem *s, const struct sembuf *op, unsigned n, unsigned blocked)
{
	int64_t deadline = (int64_t)r->m.w[2];
	int err = wait_check(deadline);
	struct sem_wait *w = err ? NULL : calloc(1, sizeof(*w) + n * sizeof(*op)), **pp = &s->waits;

	if (!w)
		return err == -ETIMEDOUT ? -EAGAIN : err ? err : -ENOMEM;
	w->s = s;
	w->pid = r->m.pid;
	w->n = n;
	w->blocked = blocked;
	memcpy(w->op, op, n * sizeof(*op));
	wait_start(&w->w, r->m.token, deadline, expired, w);
	while (*pp)
		pp = &(*pp)->next;
	*pp = w;
	return SRV_HELD;
}

int64_t sem_op(struct srv_req *r)
{
	uint64_t n = r->m.r[0].len / sizeof(struct sembuf);
	struct sembuf op[MAX_OPS];
	unsigned blocked, want = 0;
	struct object *o;
	struct sem *s;
	int err;

	if (!n || n > MAX_OPS)
		return n ? -E2BIG : -EINVAL;
	if (sys_msg_read(r->m.token, 0, 0, op, n * sizeof(*op)) != (int64_t)(n * sizeof(*op)))
		return -EFAULT;
	for (unsigned i = 0; i < n; i++)
		want |= op[i].sem_op ? 2 : 4;
	err = object_find(r, IPC_SEM_, (int)r->m.w[1], want, &o);
	if (err)
		return err;
	s = (struct sem *)o;
	for (unsigned i = 0; i < n; i++)
		if (op[i].sem_num >= s->n)
			return -EFBIG;
	err = try_ops(s, op, (unsigned)n, r->m.pid, &blocked);
	if (err == 1)
		return hold(r, s, op, (unsigned)n, blocked);
	if (!err)
		wake(s);
	return err;
}

static void sem_free(struct sem *s)
{
	struct sem **pp = &sets;

	while (s->waits) {
		struct sem_wait *w = s->waits;

		s->waits = w->next;
		answer(w, -EIDRM);
	}
	while (s->undos) {
		struct undo *u = s->undos;

		s->undos = u->next;
		free(u);
	}
	while (*pp != s)
		pp = &(*pp)->next;
	*pp = s->next;
	object_drop(&s->o);
	free(s->sem);
	free(s);
}

void sem_end_of(uint32_t pid)
{
	for (struct sem *s = sets; s; s = s->next) {
		struct undo **pp = &s->undos, *u;

		while (*pp && (*pp)->pid != pid)
			pp = &(*pp)->next;
		u = *pp;
		if (!u)
			continue;
		*pp = u->next;
		for (unsigned i = 0; i < s->n; i++) {
			int v = s->sem[i].value + u->adjust[i];

			s->sem[i].value = v < 0 ? 0 : v > VALUE_MAX ? VALUE_MAX : v;
		}
		free(u);
		wake(s);
	}
}

bool sem_cancel(uint64_t token)
{
	for (struct sem *s = sets; s; s = s->next) {
		for (struct sem_wait **pp = &s->waits, *w; (w = *pp); pp = &w->next) {
			if (w->w.token != token)
				continue;
			*pp = w->next;
			wait_stop(&w->w);
			free(w);
			return true;
		}
	}
	return false;
}

static int waiting(const struct sem *s, unsigned num, bool zero)
{
	int n = 0;

	for (const struct sem_wait *w = s->waits; w; w = w->next)
		n += w->op[w->blocked].sem_num == num && !w->op[w->blocked].sem_op == zero;
	return n;
}

/* Values that are set anew make what processes would give back void. */
static void set_value(struct sem *s, unsigned num, int v, uint32_t pid)
{
	s->sem[num] = (struct one){ v, pid };
	for (struct undo *u = s->undos; u; u = u->next)
		u->adjust[num] = 0;
}

static int64_t all_values(struct srv_req *r, struct sem *s, bool set)
{
	unsigned short v[MAX_SEMS];
	size_t size = s->n * sizeof(v[0]);

	for (unsigned i = 0; i < s->n; i++)
		v[i] = (unsigned short)s->sem[i].value;
	if (!set)
		return srv_put(r, v, size) < 0 ? -EFAULT : 0;
	if (r->m.r[0].len < size || sys_msg_read(r->m.token, 0, 0, v, size) != (int64_t)size)
		return -EFAULT;
	for (unsigned i = 0; i < s->n; i++)
		if (v[i] > VALUE_MAX)
			return -ERANGE;
	for (unsigned i = 0; i < s->n; i++)
		set_value(s, i, v[i], r->m.pid);
	s->ctime = sysv_now();
	wake(s);
	return 0;
}

static int64_t one_value(struct srv_req *r, struct sem *s, unsigned num, int value)
{
	if (num >= s->n)
		return -EINVAL;
	switch (r->m.w[3]) {
	case GETVAL:
		return s->sem[num].value;
	case GETPID:
		return s->sem[num].pid;
	case GETNCNT:
		return waiting(s, num, false);
	case GETZCNT:
		return waiting(s, num, true);
	}
	if (value < 0 || value > VALUE_MAX)
		return -ERANGE;
	set_value(s, num, value, r->m.pid);
	s->ctime = sysv_now();
	wake(s);
	return 0;
}

int64_t sem_ctl(struct srv_req *r, struct object *o)
{
	struct sem *s = (struct sem *)o;
	struct semid_ds ds = { .sem_perm = o->perm, .sem_nsems = (unsigned short)s->n, .sem_otime = s->otime,
			       .sem_ctime = s->ctime };
	int64_t err;

	switch (r->m.w[3]) {
	case IPC_STAT:
		return srv_put(r, &ds, sizeof(ds)) < 0 ? -EFAULT : 0;
	case IPC_SET:
		err = object_set(r, o, sizeof(ds));
		if (!err)
			s->ctime = sysv_now();
		return err;
	case IPC_RMID:
		if (!object_owned(r, o))
			return -EPERM;
		sem_free(s);
		return 0;
	case GETALL:
	case SETALL:
		err = object_find(r, IPC_SEM_, o->id, r->m.w[3] == SETALL ? 2 : 4, &o);
		return err ? err : all_values(r, s, r->m.w[3] == SETALL);
	case GETVAL:
	case GETPID:
	case GETNCNT:
	case GETZCNT:
	case SETVAL:
		err = object_find(r, IPC_SEM_, o->id, r->m.w[3] == SETVAL ? 2 : 4, &o);
		return err ? err : one_value(r, s, (uint32_t)r->m.w[4], (int)(r->m.w[4] >> 32));
	}
	return -EINVAL;
}
