/* SPDX-License-Identifier: MIT */
/* System V: keys, numbers and permissions, which shared memory, semaphores and messages have in common. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include "ipcd.h"

#define KINDS	3

static struct object *objects[KINDS];
static unsigned count[KINDS];
static int next_id[KINDS];

int64_t sysv_now(void)
{
	return time(NULL);
}

static struct object *by_key(int kind, key_t key)
{
	struct object *o;

	for (o = objects[kind]; o && (o->perm.__key != key || o->removed); o = o->next)
		;
	return o;
}

static bool has(const struct srv_req *r, const struct object *o, unsigned want)
{
	uint32_t uid = CRED_UID(r->m.cred);
	unsigned bits = o->perm.mode & 7;

	if (!uid)
		return true;
	if (uid == o->perm.uid || uid == o->perm.cuid)
		bits = o->perm.mode >> 6 & 7;
	else if (srv_in_group(r, o->perm.gid) || srv_in_group(r, o->perm.cgid))
		bits = o->perm.mode >> 3 & 7;
	return !(want & 7 & ~bits);
}

bool object_owned(const struct srv_req *r, const struct object *o)
{
	uint32_t uid = CRED_UID(r->m.cred);

	return !uid || uid == o->perm.uid || uid == o->perm.cuid;
}

int object_find(struct srv_req *r, int kind, int id, unsigned want, struct object **out)
{
	struct object *o;

	for (o = objects[kind]; o && o->id != id; o = o->next)
		;
	*out = o;
	if (!o)
		return -EINVAL;
	return has(r, o, want) ? 0 : -EACCES;
}

void object_drop(struct object *o)
{
	struct object **pp = &objects[o->kind];

	while (*pp != o)
		pp = &(*pp)->next;
	*pp = o->next;
	count[o->kind]--;
}

int64_t object_set(struct srv_req *r, struct object *o, size_t size)
{
	struct ipc_perm p;

	if (!object_owned(r, o))
		return -EPERM;
	if (r->m.r[0].len < size || sys_msg_read(r->m.token, 0, 0, &p, sizeof(p)) != sizeof(p))
		return -EFAULT;
	o->perm.uid = p.uid;
	o->perm.gid = p.gid;
	o->perm.mode = (o->perm.mode & ~0777u) | (p.mode & 0777);
	return 0;
}

static int64_t make(struct srv_req *r, int kind, key_t key)
{
	struct object *(*const new[KINDS])(struct srv_req *, uint64_t, int *) = { shm_new, sem_new, msg_new };
	struct object *o;
	int err = -ENOMEM;

	if (count[kind] == MAX_OBJECTS)
		return -ENOSPC;
	o = new[kind](r, r->m.w[4], &err);
	if (!o)
		return err;
	o->kind = kind;
	o->id = next_id[kind];
	next_id[kind] = (next_id[kind] + 1) & 0x7fffffff;
	o->perm = (struct ipc_perm){ .__key = key, .mode = r->m.w[3] & 0777, .__seq = o->id };
	o->perm.uid = o->perm.cuid = CRED_UID(r->m.cred);
	o->perm.gid = o->perm.cgid = CRED_GID(r->m.cred);
	o->next = objects[kind];
	objects[kind] = o;
	count[kind]++;
	return o->id;
}

static int64_t do_get(struct srv_req *r, int kind)
{
	int64_t (*const check[])(const struct object *, uint64_t) = { shm_check, sem_check };
	key_t key = (key_t)r->m.w[2];
	struct object *o = key == IPC_PRIVATE ? NULL : by_key(kind, key);
	int64_t err;

	if (!o)
		return key == IPC_PRIVATE || r->m.w[3] & IPC_CREAT ? make(r, kind, key) : -ENOENT;
	if ((r->m.w[3] & (IPC_CREAT | IPC_EXCL)) == (IPC_CREAT | IPC_EXCL))
		return -EEXIST;
	/* The bits of the flags say what will be asked for. */
	if (!has(r, o, (unsigned)(r->m.w[3] >> 6 | r->m.w[3] >> 3 | r->m.w[3])))
		return -EACCES;
	err = kind == IPC_MSG_ ? 0 : check[kind](o, r->m.w[4]);
	return err ? err : o->id;
}

static int64_t do_ctl(struct srv_req *r, int kind)
{
	int64_t (*const ctl[KINDS])(struct srv_req *, struct object *) = { shm_ctl, sem_ctl, msg_ctl };
	struct object *o;
	/* Who owns it may set and remove it whatever its mode says. */
	int err = object_find(r, kind, (int)r->m.w[2], 0, &o);

	if (err)
		return err;
	if (r->m.w[3] == IPC_STAT && !has(r, o, 4))
		return -EACCES;
	return ctl[kind](r, o);
}

int64_t sysv_call(struct srv_req *r)
{
	switch (r->m.w[0]) {
	case V_GET:
		return r->m.w[1] < KINDS ? do_get(r, (int)r->m.w[1]) : -EINVAL;
	case V_CTL:
		return r->m.w[1] < KINDS ? do_ctl(r, (int)r->m.w[1]) : -EINVAL;
	case V_SHMAT:
		return shm_at(r);
	case V_SHMDT:
		return shm_dt(r);
	case V_SEMOP:
		return sem_op(r);
	case V_MSGSND:
		return msg_send(r);
	case V_MSGRCV:
		return msg_receive(r);
	case F_OPEN:
	case F_STAT:
	case F_ACCESS:
		return -EACCES;
	}
	return -ENOSYS;
}
