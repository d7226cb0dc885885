/* SPDX-License-Identifier: MIT */
/* Message queues of POSIX: names and opens (mq.c), messages, waiting and notification (mq_data.c). */
#ifndef MQ_H
#define MQ_H

#include "ipcd.h"

#define NAME_SIZE	256
#define PRIO_MAX_	32768u

struct message {
	struct message *next;
	unsigned prio;
	size_t len;
	char text[];
};

/* A held send or receive. */
struct mq_wait {
	struct mq_wait *next;
	struct wait w;
	struct queue *q;
	struct message *msg;		/* send; NULL: receive */
};

/* One that is named lives while it is open; without a name till the last close. */
struct queue {
	struct queue *next;
	char name[NAME_SIZE];		/* "": unlinked */
	uint32_t uid, gid, mode;
	uint64_t max_msgs, max_len, count;
	unsigned opens;
	struct message *messages;	/* highest priority first, oldest first within one */
	struct mq_wait *receivers, *senders;
	/* Notification, once: of what kind (NOTIFY_OFF: none), by whom. */
	uint64_t kind, by;		/* by: id of the open */
	uint32_t pid;
	int signo;
	uint64_t value;
	handle_t pipe;			/* NOTIFY_PIPE */
};

struct mq_open {
	struct mq_open *next;
	uint64_t id;
	handle_t h;
	struct queue *q;
	uint32_t flags;			/* O_ACCMODE */
};

int64_t mqd_send(struct srv_req *r, struct mq_open *o);
int64_t mqd_recv(struct srv_req *r, struct mq_open *o);
int64_t mqd_notify(struct srv_req *r, struct mq_open *o);
void mqd_forget(struct queue *q, uint64_t by);		/* notifications that this open asked for */
bool mqd_cancel(struct queue *q, uint64_t token);
void mqd_clear(struct queue *q);			/* before it is freed */
void mqd_ready(struct queue *q);			/* pushes readiness to all opens */
struct mq_open *mq_opens(void);

#endif
