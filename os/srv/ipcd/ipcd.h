/* SPDX-License-Identifier: MIT */
/* ipcd: message queues of POSIX (mq.c, mq_data.c) and the objects of System V (sysv.c, shm.c, sem.c, msg.c). */
#ifndef IPCD_H
#define IPCD_H

#include <stdbool.h>
#include <sys/ipc.h>
#include "../../abi/ipc.h"
#include "../../lib/srv.h"

#define ID_ROOT	1ull
#define ID_FIRST 16ull

extern struct srv ipcd;

/* A held request that ends at a deadline; lives in what waits. */
struct wait {
	uint64_t token;
	struct srv_timer timer;
};
/* Arms w's timer, which calls fn(arg); deadline T_FOREVER: none. */
void wait_start(struct wait *w, uint64_t token, int64_t deadline, void (*fn)(void *arg), void *arg);
void wait_stop(struct wait *w);

/* 0 when a request may wait until its deadline, else the error to answer. */
int wait_check(int64_t deadline);

/* main.c: end_of(pid) will be called when this process ends. */
void watch_process(uint32_t pid);

/* mq.c */
int64_t mq_root_call(struct srv_req *r);
int64_t mq_call(struct srv_req *r);
void mq_closed(uint64_t id);
bool mq_cancel(uint64_t token);

/* sysv.c: what the three kinds have in common. The first member of each object. */
struct object {
	struct ipc_perm perm;
	int kind, id;
	bool removed;			/* freed when nobody needs it any more */
	struct object *next;
};
#define MAX_OBJECTS	4096		/* of each kind */

int64_t sysv_call(struct srv_req *r);
/* The object with this id, for which the caller has `want` (0444, 0222 or both): 0, -EINVAL, -EACCES, -EIDRM. */
int object_find(struct srv_req *r, int kind, int id, unsigned want, struct object **out);
bool object_owned(const struct srv_req *r, const struct object *o);	/* may it be changed and removed? */
void object_drop(struct object *o);		/* out of the table, not freed */
int64_t object_set(struct srv_req *r, struct object *o, size_t size);	/* IPC_SET: range 0 begins with an ipc_perm */
int64_t sysv_now(void);

struct object *shm_new(struct srv_req *r, uint64_t size, int *err);
int64_t shm_check(const struct object *o, uint64_t size);	/* found by V_GET */
int64_t shm_at(struct srv_req *r);
int64_t shm_dt(struct srv_req *r);
int64_t shm_ctl(struct srv_req *r, struct object *o);
void shm_end_of(uint32_t pid);

struct object *sem_new(struct srv_req *r, uint64_t n, int *err);
int64_t sem_check(const struct object *o, uint64_t n);
int64_t sem_op(struct srv_req *r);
int64_t sem_ctl(struct srv_req *r, struct object *o);
void sem_end_of(uint32_t pid);
bool sem_cancel(uint64_t token);

struct object *msg_new(struct srv_req *r, uint64_t n, int *err);
int64_t msg_send(struct srv_req *r);
int64_t msg_receive(struct srv_req *r);
int64_t msg_ctl(struct srv_req *r, struct object *o);
bool msg_cancel(uint64_t token);

#endif
