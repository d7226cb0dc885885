/* SPDX-License-Identifier: MIT */
/*
 * call.h: calls: one message from a client thread and its answer.
 *
 * Each thread has at most one call, which belongs to it from its first call to its end. The memory
 * of calls is never given back, so a token (slot number and generation) can be looked up without a
 * lock: the generation grows with each use and is compared under call.lock.
 *
 *	IDLE -> QUEUED  (client) in port.queue, or taken by a receiver that has not come to it yet
 *	QUEUED -> HELD  (receiver) the server process has the token
 *	HELD -> DONE    (server, or its death) the answer is in m and h; the client wakes
 *	QUEUED -> IDLE  (client) interrupted before anyone took it
 *	DONE -> IDLE    (client) it has taken the answer
 * A client that is killed leaves its call behind (client NULL): who ends the call then frees it.
 */
#ifndef KERNEL_CALL_H
#define KERNEL_CALL_H

#include "abi/msg.h"
#include "arch/x86_64/cpu.h"
#include "ipc/port.h"
#include "sched/thread.h"
#include "sig/sig.h"

struct file;
struct proc;
struct thread;
struct vm;

#define TOKEN_SLOT_BITS	18

enum call_state { CALL_IDLE, CALL_QUEUED, CALL_HELD, CALL_DONE };

struct call {
	struct port_note note;		/* in the port's queue while QUEUED */
	struct port_note cancel;	/* MSG_CANCEL */
	struct spinlock lock;
	uint32_t slot;
	uint64_t gen;
	uint8_t state;			/* enum call_state */
	bool cancelled;			/* a MSG_CANCEL was sent, or is owed by the receiver */
	struct thread *client;		/* NULL: gone */
	struct proc *server;		/* while HELD: alive, for its end takes its calls; NULL before */
	struct port *port;		/* of file */
	struct file *file;		/* the client holds a reference; the call when it is gone */
	struct vm *vm;			/* the client's; likewise */
	struct msg m;			/* as the server gets it; then the answer */
	char text[MSG_TEXT];		/* right behind m: range 0 with MSG_HAS_TEXT; then the answer's */
	uint32_t put;			/* bytes of text that are for the client's range 1 */
	struct href h[MSG_HANDLES];	/* counted; m.nh of them */
	struct call *next_free;
};

/* The calling thread's call, IDLE. NULL: no memory. */
struct call *call_own(void);
/* The calling thread ends: gives its call back. */
void call_release(struct thread *t);

static inline uint64_t call_token(const struct call *c)
{
	return c->gen << TOKEN_SLOT_BITS | c->slot;
}

/* Waits for the answer; err: what the first park said. Then it ends the call: as call_send. */
int call_finish(struct call *c, int err);
/* The short ways of SYS_call and SYS_reply_recv end here when a condition does not hold (msg.c). */
long call_slow(handle_t h, uint64_t umsg);
int64_t call_result(struct call *c, uint32_t sent_nh, uint32_t hflags, uint64_t umsg);
long reply_recv_slow(long h, uint64_t token, uint64_t umsg);
/* What the long way takes of the short one: a queued call into the receiver's buffer, if that is simple; fast.c. */
bool call_take_fast(struct call *c, uint64_t umsg, bool text);
/* The client, referenced, has its answer: goes on, and the caller receives. The reference is dropped. */
int64_t client_go_on_and_receive(struct port *p, struct thread *client, uint64_t umsg, bool text);
/* Receives the note n, or what comes next at p when it is NULL, into umsg. */
int64_t port_receive(struct port *p, struct port_note *n, uint64_t umsg, int64_t deadline, bool text);
/*
 * A thread in port.receivers has come back from its first park without a note. NULL: *err says
 * why.
 */
struct port_note *port_wait_on(struct port *p, int64_t deadline, int *err);

/* What a thread in port.receivers does after its first park. NULL: *err says why. */
static inline struct port_note *port_got(struct port *p, int64_t deadline, int *err)
{
	struct thread *t = current();
	struct port_note *n = __atomic_load_n(&t->ipc.got, __ATOMIC_ACQUIRE);

	if (!n)
		return port_wait_on(p, deadline, err);
	t->ipc.got = NULL;
	*err = 0;
	return n;
}

/* What of struct msg the sender supplies. */
#define MSG_IN	offsetof(struct msg, token)

/*
 * Sends c (m.w, m.r, m.nh, h filled in) to f's server and waits. 0: c->m and c->h hold the answer;
 * the caller takes h over. -EDEADSERVER, -ERESTART, -EINTR; then h is empty.
 */
int call_send(struct call *c, struct file *f);

/* A kernel-made F_READ or F_WRITE. The answer's w[0] or -errno. */
int64_t call_rw(struct file *f, unsigned op, uint64_t ubuf, uint64_t n, int64_t off);

/* The server's answer to F_STAT into the caller's memory; it is kept with f's mem if the server allows it. 0 or -errno. */
int64_t call_stat(struct file *f, uint64_t ust);

/* The calling process has the call now. c is locked and has a client. */
void call_hold(struct call *c);

/* A server thread that waits in p gets c, not yet queued: referenced. NULL: none waits. */
static inline struct thread *call_server(struct port *p, struct call *c)
{
	struct thread *to = NULL;

	spin_lock(&p->lock);
	if (!p->dead && !list_empty(&p->receivers)) {
		to = list_entry(list_pop(&p->receivers), struct thread, ipc.recv_node);
		obj_get(&to->obj);	/* first: once it sees the note it may go its way, even end */
		__atomic_store_n(&to->ipc.got, &c->note, __ATOMIC_RELEASE);
	}
	spin_unlock(&p->lock);
	return to;
}

/* As call_start, when no server thread waited a moment ago. */
int call_queue(struct call *c);

/* c goes to a waiting server thread, or into the queue; the client waits. What the park said, or -EDEADSERVER. */
static inline int call_start(struct call *c)
{
	struct thread *to = call_server(c->port, c);

	return to ? thread_handoff(to, T_FOREVER, PARK_INTR) : call_queue(c);
}

/* Bytes of the message for a receiver, with or without what it says in text. */
static inline size_t msg_bytes(const struct msg *m, bool text)
{
	return sizeof *m + (text && m->hflags & MSG_HAS_TEXT ? m->r[0].len : 0);
}

/* The answer's text goes to the client, which is the calling thread. 0 or -EFAULT. */
static inline int call_put(struct call *c)
{
	size_t n = c->put < c->m.r[1].len ? c->put : c->m.r[1].len;

	return n ? copyout(c->m.r[1].base, c->text, n) : 0;
}

/* What SYS_call returns. */
static inline int64_t call_value(const struct call *c)
{
	int64_t r = (int64_t)c->m.w[0];

	return r == -ERESTART || r == -ERESTART_QUIET ? -EINTR : r;
}

/*
 * Receiver: c was taken off its port. Makes it HELD by the calling process and copies the message
 * and counted handles, for c may end at any time from now on. False when it is void.
 */
bool call_take(struct call *c, struct msg_text *t, struct href *h);
/* Receiver: the message of this token could not be taken in: the client gets err. */
void call_fail(uint64_t token, int err);
/* Its port has died with c in the queue. */
void call_drop(struct call *c);
/* Ends all calls held by a process that is gone. */
void calls_orphaned(struct proc *server);

/* The call of a token that the calling process holds, locked; NULL: not (any more). */
struct call *call_lock_token(uint64_t token);
/*
 * Answers a HELD call, locked; unlocks it. w: 8 words; h: nh counted handles, taken over when there
 * is a client: the result, referenced, to be woken. NULL: the client is gone.
 */
struct thread *call_answer(struct call *c, const uint64_t *w, const struct href *h, uint32_t nh);


#endif
