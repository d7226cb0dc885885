/* SPDX-License-Identifier: MIT */
/*
 * The fast path of messages: SYS_call and SYS_reply_recv, straight from client to server and back.
 *
 * It is taken on these conditions, and only these; otherwise the long way (msg.c) does it all:
 *   call        the handle names a file with a port, and the right R_CALL is there
 *               the thread has made a call before
 *               the message is in memory and carries no handles
 *   reply_recv  the handle names a port and has R_RECV
 *               the token is held by this process, its client lives
 *               neither request nor answer carry handles, the answer and its text are in memory
 *               nothing is queued at the port
 * Whatever comes after the switch (signals, handles in the answer, a page that is missing) is
 * again left to the functions of the long way. That takes back what is as short for it: the switch to the
 * client that was answered, and a received message that goes to the server's buffer at once.
 */
#include "defs.h"
#include "ipc/call.h"
#include "ipc/prepare.h"
#include "obj/file.h"
#include "proc/proc.h"
#include "sys/sys.h"

#define ALWAYS_INLINE	inline __attribute__((always_inline))	/* also into the functions for the long way */

/* entry.S: without a look at the range. */
int user_copy_64(void *d, const void *s);
int user_copy_120(void *d, const void *s);
int user_copy_160(void *d, const void *s);
_Static_assert(sizeof(uint64_t[MSG_WORDS]) == 64 && MSG_IN == 120 && sizeof(struct msg) == 160, "sizes of messages");

/* copyin_nofault and copyout_nofault of exactly n bytes, by the function made for that. */
#define FAST_COPY(n, d, s, user) ({ \
	struct thread *t_ = current(); \
	int err_ = -EFAULT; \
	if ((user) <= VM_TOP - (n)) { \
		t_->fault_depth++; \
		err_ = user_copy_##n((void *)(d), (const void *)(s)); \
		t_->fault_depth--; \
	} \
	err_; })

static inline int fast_in_msg(struct msg *to, uint64_t from)
{
	return FAST_COPY(120, to, from, from);
}

static inline int fast_out_msg(uint64_t to, const struct msg *from)
{
	return FAST_COPY(160, to, from, to);
}

static inline int fast_out_words(uint64_t to, const uint64_t *w)
{
	return FAST_COPY(64, to, w, to);
}

/* One by one: a loop would become a call of memcpy. */
static inline void copy_words(uint64_t *to, const uint64_t *w)
{
	to[0] = w[0];
	to[1] = w[1];
	to[2] = w[2];
	to[3] = w[3];
	to[4] = w[4];
	to[5] = w[5];
	to[6] = w[6];
	to[7] = w[7];
}

/* The object behind h, referenced, if it is of that type with these rights; else NULL. */
static inline struct obj *fast_object(handle_t h, const struct obj_type *type, uint32_t rights)
{
	struct handles *t = &current()->proc->handles;
	struct obj *o = NULL;

	spin_lock(&t->lock);
	struct href *s = handle_slot(t, h);
	if (s && s->obj->type == type && !(rights & ~s->rights)) {
		o = s->obj;
		obj_get(o);
	}
	spin_unlock(&t->lock);
	return o;
}

long sys_call(long h, long umsg)
{
	struct call *c = current()->ipc.call;
	struct obj *o = c ? fast_object((handle_t)h, &file_type, R_CALL) : NULL;

	if (!o)
		return call_slow((handle_t)h, (uint64_t)umsg);
	struct file *f = container_of(o, struct file, obj);
	if (!f->port || fast_in_msg(&c->m, (uint64_t)umsg) || c->m.nh) {
		obj_put(o);
		return call_slow((handle_t)h, (uint64_t)umsg);
	}
	call_prepare(c, f);
	uint32_t hflags = c->m.hflags & ~MSG_HAS_TEXT;
	int64_t r = call_start(c);
	if (r || c->cancelled || __atomic_load_n(&c->state, __ATOMIC_ACQUIRE) != CALL_DONE)
		r = call_finish(c, (int)r);
	else
		c->state = CALL_IDLE;
	if (!r && (c->m.nh || call_put(c) || fast_out_words((uint64_t)umsg, c->m.w)))
		r = call_result(c, 0, hflags, (uint64_t)umsg);
	else if (!r)
		r = call_value(c);
	obj_put(o);
	return r;
}

/* The answer at umsg goes to token's client: referenced, to be woken. NULL: not done. */
static inline struct thread *fast_answer(uint64_t token, uint64_t umsg)
{
	struct msg m;			/* what the server supplies of it */
	struct call *c;

	if (fast_in_msg(&m, umsg) || m.nh || !(c = call_lock_token(token)))
		return NULL;
	struct thread *t = c->client;
	bool put = m.hflags & MSG_PUT;
	if (!t || c->m.nh || (put && (m.r[1].len > MSG_TEXT || copyin_nofault(c->text, m.r[1].base, m.r[1].len)))) {
		spin_unlock(&c->lock);
		return NULL;
	}
	copy_words(c->m.w, m.w);
	c->put = put ? (uint32_t)m.r[1].len : 0;
	atomic_fetch_sub_explicit(&c->server->nheld, 1, memory_order_relaxed);
	obj_get(&t->obj);
	__atomic_store_n(&c->state, CALL_DONE, __ATOMIC_RELEASE);
	spin_unlock(&c->lock);
	return t;
}

/*
 * A message without handles goes to the server's buffer at once, if that needs no fault
 * resolved.
 */
static ALWAYS_INLINE bool fast_take(struct call *c, uint64_t umsg, bool text)
{
	spin_lock(&c->lock);
	c->m.id = c->file->id;
	if (!text)
		c->m.hflags &= ~MSG_HAS_TEXT;
	size_t n = msg_bytes(&c->m, text);
	bool done = c->client && c->m.nh == 0 &&
		(n == sizeof c->m ? fast_out_msg(umsg, &c->m) : copyout_nofault(umsg, &c->m, n)) == 0;
	if (done)
		call_hold(c);
	spin_unlock(&c->lock);
	return done;
}

/* The calling thread waits in p, which has nothing queued and is alive: true. */
static inline bool fast_enqueue(struct port *p, struct thread *t)
{
	spin_lock(&p->lock);
	bool empty = list_empty(&p->queue) && !p->dead;
	if (empty) {
		t->ipc.got = NULL;
		list_add_tail(&p->receivers, &t->ipc.recv_node);
	}
	spin_unlock(&p->lock);
	return empty;
}

bool call_take_fast(struct call *c, uint64_t umsg, bool text)
{
	return fast_take(c, umsg, text);
}

/* Lets client, who has its answer, go on, and receives; drops the reference to it. */
static ALWAYS_INLINE int64_t go_on_and_receive(struct port *p, struct thread *client, uint64_t umsg,
					       bool text)
{
	struct thread *me = current();
	struct port_note *n = NULL;
	int err = 0;

	if (fast_enqueue(p, me)) {
		err = thread_handoff(client, T_FOREVER, PARK_INTR);
		n = port_got(p, T_FOREVER, &err);
	} else {
		thread_wake(client);
		obj_put(&client->obj);
	}
	int64_t r = err == -EINTR ? -ERESTART : err;
	if (!r && !(n && !n->ops && fast_take(container_of(n, struct call, note), umsg, text)))
		r = port_receive(p, n, umsg, T_FOREVER, text);
	return r;
}

int64_t client_go_on_and_receive(struct port *p, struct thread *client, uint64_t umsg, bool text)
{
	return go_on_and_receive(p, client, umsg, text);
}

long sys_reply_recv(long h, long token, long umsg)
{
	struct obj *o = token ? fast_object((handle_t)h, &port_type, R_RECV) : NULL;
	struct thread *client = o ? fast_answer((uint64_t)token, (uint64_t)umsg) : NULL;

	if (!client) {
		if (o)
			obj_put(o);
		return reply_recv_slow(h, (uint64_t)token, (uint64_t)umsg);
	}
	int64_t r = go_on_and_receive(container_of(o, struct port, obj), client, (uint64_t)umsg, h & RECV_TEXT);
	obj_put(o);
	return r;
}
