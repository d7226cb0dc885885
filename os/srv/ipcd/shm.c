/* SPDX-License-Identifier: MIT */
/*
 * Shared memory: mems that processes map themselves. Who has attached is known by what libc says and by
 * the end of processes; children of fork are not counted. The memory itself lives as long as anybody
 * maps it, whatever is counted here.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/shm.h>
#include "ipcd.h"

#define SIZE_MAX_	(1ull << 40)

struct attach {
	struct attach *next;
	uint32_t pid;
	unsigned count;
};

struct shm {
	struct object o;
	handle_t mem;
	struct shmid_ds ds;
	struct attach *attached;
};

static struct shm *all[MAX_OBJECTS];	/* for the end of processes */

struct object *shm_new(struct srv_req *r, uint64_t size, int *err)
{
	struct shm *s;
	int64_t mem;
	unsigned i;

	*err = -EINVAL;
	if (!size || size > SIZE_MAX_)
		return NULL;
	for (i = 0; all[i] && i < MAX_OBJECTS - 1; i++)
		;
	*err = -ENOMEM;
	s = calloc(1, sizeof(*s));
	mem = sys_mem_create((size + ABI_PAGE - 1) & ~(uint64_t)(ABI_PAGE - 1), MEM_FIXED);
	if (!s || mem < 0) {
		free(s);
		if (mem >= 0)
			sys_handle_close((handle_t)mem);
		return NULL;
	}
	s->mem = (handle_t)mem;
	s->ds = (struct shmid_ds){ .shm_segsz = size, .shm_cpid = (pid_t)r->m.pid, .shm_ctime = sysv_now() };
	all[i] = s;
	return &s->o;
}

int64_t shm_check(const struct object *o, uint64_t size)
{
	return size > ((const struct shm *)o)->ds.shm_segsz ? -EINVAL : 0;
}

/* A segment that is to be removed goes with the last that is attached. */
static void free_unused(struct shm *s)
{
	unsigned i;

	if (!s->o.removed || s->ds.shm_nattch)
		return;
	object_drop(&s->o);
	for (i = 0; all[i] != s; i++)
		;
	all[i] = NULL;
	sys_handle_close(s->mem);
	free(s);
}

static int count_one(struct shm *s, uint32_t pid)
{
	struct attach *a;

	for (a = s->attached; a && a->pid != pid; a = a->next)
		;
	if (!a) {
		a = calloc(1, sizeof(*a));
		if (!a)
			return -ENOMEM;
		a->pid = pid;
		a->next = s->attached;
		s->attached = a;
		watch_process(pid);
	}
	a->count++;
	s->ds.shm_nattch++;
	return 0;
}

int64_t shm_at(struct srv_req *r)
{
	bool readonly = r->m.w[2] & SHM_RDONLY;
	struct object *o;
	struct shm *s;
	int64_t h;
	int err = object_find(r, IPC_SHM_, (int)r->m.w[1], readonly ? 4 : 6, &o);

	if (err)
		return err;
	s = (struct shm *)o;
	h = sys_handle_restrict(s->mem, R_READ | R_DUP | (readonly ? 0 : R_WRITE));
	if (h < 0)
		return h;
	err = count_one(s, r->m.pid);
	if (err) {
		sys_handle_close((handle_t)h);
		return err;
	}
	s->ds.shm_lpid = (pid_t)r->m.pid;
	s->ds.shm_atime = sysv_now();
	srv_give(r, (handle_t)h);
	r->m.w[1] = s->ds.shm_segsz;
	return 0;
}

/* Takes away one attach of pid, or all. */
static bool uncount(struct shm *s, uint32_t pid, bool every)
{
	for (struct attach **pp = &s->attached, *a; (a = *pp); pp = &a->next) {
		unsigned n = every ? a->count : 1;

		if (a->pid != pid)
			continue;
		s->ds.shm_nattch -= n;
		a->count -= n;
		if (!a->count) {
			*pp = a->next;
			free(a);
		}
		return true;
	}
	return false;
}

int64_t shm_dt(struct srv_req *r)
{
	struct object *o;
	struct shm *s;
	int err = object_find(r, IPC_SHM_, (int)r->m.w[1], 0, &o);

	if (err)
		return err;
	s = (struct shm *)o;
	uncount(s, r->m.pid, false);
	s->ds.shm_lpid = (pid_t)r->m.pid;
	s->ds.shm_dtime = sysv_now();
	free_unused(s);
	return 0;
}

void shm_end_of(uint32_t pid)
{
	for (unsigned i = 0; i < MAX_OBJECTS; i++)
		if (all[i] && uncount(all[i], pid, true))
			free_unused(all[i]);
}

int64_t shm_ctl(struct srv_req *r, struct object *o)
{
	struct shm *s = (struct shm *)o;
	int64_t err;

	switch (r->m.w[3]) {
	case IPC_STAT:
		s->ds.shm_perm = o->perm;
		if (o->removed)
			s->ds.shm_perm.mode |= SHM_DEST;
		return srv_put(r, &s->ds, sizeof(s->ds)) < 0 ? -EFAULT : 0;
	case IPC_SET:
		err = object_set(r, o, sizeof(s->ds));
		if (!err)
			s->ds.shm_ctime = sysv_now();
		return err;
	case IPC_RMID:
		if (!object_owned(r, o))
			return -EPERM;
		o->removed = true;
		o->perm.__key = IPC_PRIVATE;
		free_unused(s);
		return 0;
	case SHM_LOCK:
	case SHM_UNLOCK:
		return object_owned(r, o) ? 0 : -EPERM;	/* nothing is ever paged out */
	}
	return -EINVAL;
}
