/* SPDX-License-Identifier: MIT */
/* Message queues: names, permissions, opens. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include "mq.h"

#define DEFAULT_MSGS	10u
#define DEFAULT_LEN	8192u
#define MAX_MSGS	65536u
#define MAX_LEN		(16u << 20)
#define MAX_QUEUES	1024u

static struct queue *queues;
static struct mq_open *opens;
static uint64_t next_id = ID_FIRST;
static unsigned nqueues;

struct mq_open *mq_opens(void)
{
	return opens;
}

static struct queue *by_name(const char *name)
{
	struct queue *q;

	for (q = queues; q && strcmp(q->name, name); q = q->next)
		;
	return q;
}

static void free_unused(struct queue *q)
{
	struct queue **pp = &queues;

	if (q->opens || q->name[0])
		return;
	while (*pp != q)
		pp = &(*pp)->next;
	*pp = q->next;
	mqd_clear(q);
	nqueues--;
	free(q);
}

static bool allowed(const struct queue *q, const struct srv_req *r, uint32_t flags)
{
	uint32_t acc = flags & O_ACCMODE, uid = CRED_UID(r->m.cred), bits = q->mode & 7;
	uint32_t want = acc == O_RDONLY ? 4 : acc == O_WRONLY ? 2 : 6;

	if (!uid)
		return true;
	if (uid == q->uid)
		bits = q->mode >> 6 & 7;
	else if (srv_in_group(r, q->gid))
		bits = q->mode >> 3 & 7;
	return (bits & want) == want;
}

static int make_queue(struct srv_req *r, const char *name, struct queue **out)
{
	uint64_t msgs = r->m.w[3], len = r->m.w[4];
	struct queue *q;

	if (!msgs && !len) {
		msgs = DEFAULT_MSGS;
		len = DEFAULT_LEN;
	}
	if (!msgs || !len || msgs > MAX_MSGS || len > MAX_LEN)
		return -EINVAL;
	if (nqueues == MAX_QUEUES)
		return -ENOSPC;
	q = calloc(1, sizeof(*q));
	if (!q)
		return -ENOMEM;
	strcpy(q->name, name);
	q->uid = CRED_UID(r->m.cred);
	q->gid = CRED_GID(r->m.cred);
	q->mode = (uint32_t)r->m.w[2] & 0777;
	q->max_msgs = msgs;
	q->max_len = len;
	q->next = queues;
	queues = q;
	nqueues++;
	*out = q;
	return 0;
}

static int64_t give_open(struct srv_req *r, struct queue *q, uint32_t flags)
{
	struct mq_open *o = calloc(1, sizeof(*o));
	int64_t h;

	if (!o)
		return -ENOMEM;
	o->id = next_id++;
	o->q = q;
	o->flags = flags;
	h = srv_file(&ipcd, o->id, flags & (O_ACCMODE | O_NONBLOCK), 0, 0);
	if (h < 0) {
		free(o);
		return h;
	}
	o->h = (handle_t)h;
	h = sys_handle_dup(o->h, H_HIGH, 0);
	if (h < 0) {
		sys_handle_close(o->h);
		free(o);
		return h;
	}
	o->next = opens;
	opens = o;
	q->opens++;
	srv_give(r, (handle_t)h);
	mqd_ready(q);
	return 0;
}

static int64_t do_open(struct srv_req *r, const char *name)
{
	uint32_t flags = (uint32_t)r->m.w[1];
	struct queue *q = by_name(name);
	int64_t err;

	if ((flags & O_ACCMODE) == O_ACCMODE)
		return -EINVAL;
	if (q && flags & O_CREAT && flags & O_EXCL)
		return -EEXIST;
	if (!q && !(flags & O_CREAT))
		return -ENOENT;
	if (q && !allowed(q, r, flags))
		return -EACCES;
	if (!q && (err = make_queue(r, name, &q)))
		return err;
	err = give_open(r, q, flags);
	if (err && !q->opens) {
		q->name[0] = '\0';
		free_unused(q);
	}
	return err;
}

static int64_t do_unlink(struct srv_req *r, const char *name)
{
	struct queue *q = by_name(name);

	if (!q)
		return -ENOENT;
	if (CRED_UID(r->m.cred) && CRED_UID(r->m.cred) != q->uid)
		return -EACCES;
	q->name[0] = '\0';
	free_unused(q);
	return 0;
}

int64_t mq_root_call(struct srv_req *r)
{
	char name[NAME_SIZE];
	int64_t n = srv_text(r, name, sizeof(name));

	if (n < 0)
		return n;
	if (!n)
		return -EINVAL;
	return r->m.w[0] == Q_OPEN ? do_open(r, name) : do_unlink(r, name);
}

static int64_t do_stat(struct srv_req *r, const struct queue *q)
{
	struct stat st;

	memset(&st, 0, sizeof(st));
	st.st_mode = S_IFREG | q->mode;
	st.st_uid = q->uid;
	st.st_gid = q->gid;
	st.st_nlink = q->name[0] != 0;
	st.st_ino = (uint64_t)q >> 4;
	st.st_dev = 9;
	st.st_size = (off_t)q->count;
	return srv_put(r, &st, sizeof(st)) < 0 ? -EFAULT : 0;
}

int64_t mq_call(struct srv_req *r)
{
	struct mq_open *o;

	for (o = opens; o && o->id != r->m.id; o = o->next)
		;
	if (!o)
		return -EBADF;
	switch (r->m.w[0]) {
	case Q_SEND:
		return mqd_send(r, o);
	case Q_RECV:
		return mqd_recv(r, o);
	case Q_NOTIFY:
		return mqd_notify(r, o);
	case Q_ATTR:
		r->m.w[1] = o->q->max_msgs;
		r->m.w[2] = o->q->max_len;
		r->m.w[3] = o->q->count;
		return 0;
	case F_STAT:
		return do_stat(r, o->q);
	}
	return -ENOSYS;
}

void mq_closed(uint64_t id)
{
	for (struct mq_open **pp = &opens, *o; (o = *pp); pp = &o->next) {
		if (o->id != id)
			continue;
		*pp = o->next;
		mqd_forget(o->q, id);
		o->q->opens--;
		free_unused(o->q);
		sys_handle_close(o->h);
		free(o);
		return;
	}
}

bool mq_cancel(uint64_t token)
{
	for (struct queue *q = queues; q; q = q->next)
		if (mqd_cancel(q, token))
			return true;
	return false;
}
