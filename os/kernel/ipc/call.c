/* SPDX-License-Identifier: MIT */
/* Calls: sending, answering, cancelling, and what happens when either side goes away. */
#include "abi/file.h"
#include "defs.h"
#include "ipc/call.h"
#include "ipc/prepare.h"
#include "obj/file.h"
#include "proc/proc.h"

#define CALLS_CHUNK	64
#define CALLS_MAX	(1u << TOKEN_SLOT_BITS)

/* Grows only. A slot's pointer never changes once it is set. */
static struct call *chunks[CALLS_MAX / CALLS_CHUNK];
static struct spinlock calls_lock = SPINLOCK_INIT("calls", RANK_CALLS);
static struct call *calls_free;		/* calls_lock */
static uint32_t ncalls;			/* calls_lock */

static bool cancel_take(struct port_note *n, struct msg *m, struct href *h);
static void cancel_drop(struct port_note *n);
static const struct note_ops cancel_ops = { cancel_take, cancel_drop };

/* Adds a chunk to the free list. calls_lock is held. */
static void calls_grow(void)
{
	struct call *chunk;

	if (ncalls == CALLS_MAX || !(chunk = kzalloc(CALLS_CHUNK * sizeof *chunk)))
		return;
	for (uint32_t i = 0; i < CALLS_CHUNK; i++) {
		struct call *c = &chunk[i];
		note_init(&c->note, NULL);
		note_init(&c->cancel, &cancel_ops);
		spin_init(&c->lock, "call", RANK_CALL);
		c->slot = ncalls + i;
		c->next_free = calls_free;
		calls_free = c;
	}
	__atomic_store_n(&chunks[ncalls / CALLS_CHUNK], chunk, __ATOMIC_RELEASE);
	ncalls += CALLS_CHUNK;
}

static struct call *call_alloc(void)
{
	spin_lock(&calls_lock);
	if (!calls_free)
		calls_grow();
	struct call *c = calls_free;
	if (c)
		calls_free = c->next_free;
	spin_unlock(&calls_lock);
	return c;
}

/* Gives an IDLE call back. */
static void call_free(struct call *c)
{
	spin_lock(&calls_lock);
	c->next_free = calls_free;
	calls_free = c;
	spin_unlock(&calls_lock);
}

struct call *call_own(void)
{
	struct thread *t = current();

	if (!t->ipc.call)
		t->ipc.call = call_alloc();
	return t->ipc.call;
}

void call_release(struct thread *t)
{
	if (t->ipc.call)
		call_free(t->ipc.call);
	t->ipc.call = NULL;
}

static void call_drop_handles(struct call *c)
{
	for (uint32_t i = 0; i < c->m.nh; i++)
		href_drop(&c->h[i]);
	c->m.nh = 0;
}

/* The client has left c behind, with references, and nobody else knows it any more. Unlocks c. */
static void call_bury(struct call *c)
{
	struct file *file = c->file;
	struct vm *vm = c->vm;

	c->gen++;
	c->state = CALL_IDLE;
	spin_unlock(&c->lock);
	call_drop_handles(c);
	call_free(c);
	obj_put(&file->obj);
	obj_put(&vm->obj);
}

_Static_assert(offsetof(struct call, text) == offsetof(struct call, m) + sizeof(struct msg), "copied as one");

/* A short range 0 comes along with the message, when it is in memory. */
static bool call_text(struct call *c)
{
	uint64_t n = c->m.r[0].len;

	if (n - 1 >= MSG_TEXT || copyin_nofault(c->text, c->m.r[0].base, n))
		return n == 0;
	c->m.hflags |= MSG_HAS_TEXT;
	return true;
}

void call_prefault(struct call *c)
{
	struct vm *vm = current()->proc->vm;

	if (!call_text(c))
		vm_prefault(vm, c->m.r[0].base, c->m.r[0].len, false);
	if (c->m.r[1].len)
		vm_prefault(vm, c->m.r[1].base, c->m.r[1].len, true);
}

int call_queue(struct call *c)
{
	return port_post(c->port, &c->note) ? -EDEADSERVER : thread_park(T_FOREVER, PARK_INTR);
}

/*
 * The client was interrupted. Returns true when the call is off (IDLE, never seen by the server);
 * else the server has been told and the client goes on waiting.
 */
static bool call_cancel(struct call *c)
{
	bool tell = false, off = false;

	spin_lock(&c->lock);
	if (c->state == CALL_QUEUED && port_unpost(c->port, &c->note)) {
		c->state = CALL_IDLE;
		off = true;
	} else if (c->state != CALL_DONE && !c->cancelled) {
		c->cancelled = true;
		tell = c->state == CALL_HELD;
	}
	if (tell)
		port_post(c->port, &c->cancel);
	spin_unlock(&c->lock);
	return off;
}

/*
 * The client is being killed: leaves the call to the server, with references to what it needs. True
 * when it was over in time.
 */
static bool call_abandon(struct call *c)
{
	spin_lock(&c->lock);
	if (c->state == CALL_DONE) {
		spin_unlock(&c->lock);
		return true;
	}
	c->client = NULL;
	obj_get(&c->file->obj);
	obj_get(&c->vm->obj);
	current()->ipc.call = NULL;
	spin_unlock(&c->lock);
	return false;
}

/*
 * Waits for the answer. 0: DONE; -ERESTART: it was never received; -EINTR: killed, c is not
 * ours any more.
 */
static int call_wait(struct call *c, int err)
{
	unsigned how = PARK_INTR;

	while (__atomic_load_n(&c->state, __ATOMIC_ACQUIRE) != CALL_DONE) {
		if (err) {
			if (call_cancel(c))
				return -ERESTART;
			if (how == PARK_KILL && !call_abandon(c))
				return -EINTR;
			if (c->state == CALL_DONE)
				break;
			how = PARK_KILL;
		}
		err = thread_park(T_FOREVER, how);
	}
	return 0;
}

int call_finish(struct call *c, int err)
{
	if (err != -EDEADSERVER)
		err = call_wait(c, err);
	if (err == -EINTR)
		return err;
	c->state = CALL_IDLE;
	if (err) {
		call_drop_handles(c);
		return err;
	}
	if (!c->cancelled)
		return 0;
	port_unpost(c->port, &c->cancel);
	return (int64_t)c->m.w[0] == -EINTR && c->m.nh == 0 ? -ERESTART : 0;
}

int call_send(struct call *c, struct file *f)
{
	call_prepare(c, f);
	return call_finish(c, call_start(c));
}

void call_hold(struct call *c)
{
	struct proc *p = current()->proc;

	c->state = CALL_HELD;
	c->server = p;
	atomic_fetch_add_explicit(&p->nheld, 1, memory_order_relaxed);
	if (c->cancelled)
		port_post(c->port, &c->cancel);
}

bool call_take(struct call *c, struct msg_text *t, struct href *h)
{
	struct msg *m = &t->m;

	spin_lock(&c->lock);
	if (!c->client) {
		call_bury(c);
		return false;
	}
	c->m.id = c->file->id;
	memcpy(t, &c->m, msg_bytes(&c->m, true));
	for (uint32_t i = 0; i < m->nh; i++) {
		h[i] = c->h[i];
		href_get(&h[i]);
	}
	call_hold(c);
	spin_unlock(&c->lock);
	return true;
}

struct call *call_lock_token(uint64_t token)
{
	uint32_t slot = token & (CALLS_MAX - 1);
	struct call *chunk = __atomic_load_n(&chunks[slot / CALLS_CHUNK], __ATOMIC_ACQUIRE);

	if (!chunk)
		return NULL;
	struct call *c = &chunk[slot % CALLS_CHUNK];
	spin_lock(&c->lock);
	if (call_token(c) == token && c->state == CALL_HELD && c->server == current()->proc)
		return c;
	spin_unlock(&c->lock);
	return NULL;
}

/* c, locked, is answered, m.w and h are set: its client, referenced, to be woken. Unlocks c. */
static struct thread *call_done(struct call *c)
{
	struct thread *t = c->client;

	obj_get(&t->obj);
	__atomic_store_n(&c->state, CALL_DONE, __ATOMIC_RELEASE);
	spin_unlock(&c->lock);
	return t;
}

struct thread *call_answer(struct call *c, const uint64_t *w, const struct href *h, uint32_t nh)
{
	struct href old[MSG_HANDLES];
	uint32_t nold = c->m.nh;

	if (c->server)
		atomic_fetch_sub_explicit(&c->server->nheld, 1, memory_order_relaxed);
	if (!c->client) {
		port_unpost(c->port, &c->cancel);
		call_bury(c);
		return NULL;
	}
	memcpy(old, c->h, nold * sizeof *old);
	memcpy(c->m.w, w, sizeof c->m.w);
	memcpy(c->h, h, nh * sizeof *h);
	c->m.nh = nh;
	struct thread *t = call_done(c);
	for (uint32_t i = 0; i < nold; i++)
		href_drop(&old[i]);
	return t;
}

/*
 * Ends a HELD call, or a QUEUED one that was taken off its queue, with an error. Locked;
 * unlocks it.
 */
static void call_end(struct call *c, int err)
{
	uint64_t w[MSG_WORDS] = { (uint64_t)(int64_t)err };
	struct thread *t = call_answer(c, w, NULL, 0);

	if (t) {
		thread_wake(t);
		obj_put(&t->obj);
	}
}

void call_fail(uint64_t token, int err)
{
	struct call *c = call_lock_token(token);

	if (c)
		call_end(c, err);
}

void call_drop(struct call *c)
{
	spin_lock(&c->lock);
	call_end(c, -EDEADSERVER);
}

void calls_orphaned(struct proc *server)
{
	for (uint32_t i = 0; i < ncalls && atomic_load(&server->nheld); i++) {
		struct call *c = &chunks[i / CALLS_CHUNK][i % CALLS_CHUNK];
		spin_lock(&c->lock);
		if (c->state == CALL_HELD && c->server == server)
			call_end(c, -EDEADSERVER);
		else
			spin_unlock(&c->lock);
	}
}

/* The server hears of a cancelled call; one whose client is gone ends here. */
static bool cancel_take(struct port_note *n, struct msg *m, struct href *h)
{
	struct call *c = container_of(n, struct call, cancel);

	(void)h;
	spin_lock(&c->lock);
	if (c->state != CALL_HELD || !c->cancelled) {
		spin_unlock(&c->lock);
		return false;
	}
	m->kind = MSG_CANCEL;
	m->token = call_token(c);
	m->id = c->m.id;
	m->pid = c->m.pid;
	if (c->client) {
		spin_unlock(&c->lock);
		return true;
	}
	atomic_fetch_sub(&c->server->nheld, 1);
	port_unpost(c->port, &c->cancel);	/* this one may have been of the call before */
	call_bury(c);
	return true;
}

static void cancel_drop(struct port_note *n)
{
	(void)n;
}

/* Sends a message of the kernel's own. 0: the answer is in *out, its text where the client wants it. */
static int ask(struct file *f, const struct msg *m, struct call **out)
{
	struct call *c = call_own();

	if (!c)
		return -ENOMEM;
	memcpy(&c->m, m, sizeof c->m);
	int err = call_send(c, f);
	if (err)
		return err;
	call_drop_handles(c);
	*out = c;
	return call_put(c);
}

int64_t call_rw(struct file *f, unsigned op, uint64_t ubuf, uint64_t n, int64_t off)
{
	struct msg m = { .w = { op, n, (uint64_t)off } };
	struct call *c;

	m.r[op == F_READ] = (struct msg_range){ ubuf, n };
	int err = ask(f, &m, &c);
	if (err)
		return err;
	int64_t r = (int64_t)c->m.w[0];
	return r > (int64_t)n || r < -4095 ? -EIO : r;
}

int64_t call_stat(struct file *f, uint64_t ust)
{
	struct mem *mem = file_stat_mem(f);
	uint64_t since = mem ? mem_stat_since(mem) : 0;
	struct msg m = { .w = { F_STAT, STAT_KEEP }, .r[1] = { ust, STAT_SIZE } };
	struct call *c;
	int err = ask(f, &m, &c);

	if (err)
		return err;
	int64_t r = call_value(c);
	if (r >= 0 && mem && c->m.w[2] == STAT_KEEP && c->put == STAT_SIZE)
		mem_stat_keep(mem, since, c->text);
	return r;
}
