/* SPDX-License-Identifier: MIT */
/*
 * The system calls of messages: the long ways, which can do everything. fast.c has the short
 * ones.
 */
#include "defs.h"
#include "ipc/call.h"
#include "obj/file.h"
#include "proc/image.h"
#include "proc/proc.h"
#include "sys/sys.h"

static void hrefs_drop(struct href *h, uint32_t n)
{
	for (uint32_t i = 0; i < n; i++)
		href_drop(&h[i]);
}

/* Counted copies of the sender's handles. 0, -EINVAL, -EBADF, -EACCES: then none. */
static int msg_take_handles(const struct msg *m, struct href *out)
{
	struct handles *t = &current()->proc->handles;
	int err = 0;

	if (m->nh > MSG_HANDLES)
		return -EINVAL;
	for (uint32_t i = 0; i < m->nh; i++) {
		err = handle_copy(t, m->h[i], &out[i]);
		if (!err && !(out[i].rights & R_DUP)) {
			href_drop(&out[i]);
			err = -EACCES;
		}
		if (err) {
			hrefs_drop(out, i);
			return err;
		}
		file_export(&out[i]);
	}
	return 0;
}

/* The message has gone out: with MSG_MOVE the sender loses its handles. */
static void msg_sent(const struct msg *m)
{
	if (!(m->hflags & MSG_MOVE))
		return;
	for (uint32_t i = 0; i < m->nh; i++)
		handle_close(&current()->proc->handles, m->h[i]);
}

/*
 * Puts nh handles into the caller's table, numbers to m->h; takes them over. 0, or -errno and
 * none.
 */
static int msg_place_handles(struct msg *m, struct href *h, uint32_t nh, uint32_t hflags)
{
	struct handles *t = &current()->proc->handles;

	for (uint32_t i = 0; i < nh; i++) {
		uint32_t how = i == 0 ? hflags : hflags & ~H_PUT_LOW;
		handle_t n = handle_place(t, h[i], how);
		if (n < 0) {
			hrefs_drop(h + i, nh - i);
			while (i-- > 0)
				handle_close(t, m->h[i]);
			return n;
		}
		m->h[i] = n;
	}
	return 0;
}

static void msg_no_handles(struct msg *m)
{
	m->nh = 0;
	for (uint32_t i = 0; i < MSG_HANDLES; i++)
		m->h[i] = H_NONE;
}

long sys_port_create(long flags)
{
	if (flags & ~(long)(H_CLOEXEC | H_PUT_LOW))
		return -EINVAL;
	struct port *p = port_create();
	current()->proc->has_port = true;
	return p ? handle_new(&p->obj, R_ALL, (uint32_t)flags) : -ENOMEM;
}

/*
 * The answer is in c: hands it to the caller's buffer. An answer without handles to a request
 * without any changes only the words there.
 */
int64_t call_result(struct call *c, uint32_t sent_nh, uint32_t hflags, uint64_t umsg)
{
	uint32_t nh = c->m.nh;
	int err = 0;

	if (nh == 1 && obj_is_image(c->h[0].obj))
		return image_exec(&c->h[0]);
	if (call_put(c)) {
		hrefs_drop(c->h, nh);
		return -EFAULT;
	}
	if (nh | sent_nh) {
		msg_no_handles(&c->m);
		err = msg_place_handles(&c->m, c->h, nh, hflags);
		if (err)
			return err;
		c->m.nh = nh;
		c->m.hflags = 0;
		err = copyout(umsg, &c->m, MSG_IN);
		for (uint32_t i = 0; err && i < nh; i++)
			handle_close(&current()->proc->handles, c->m.h[i]);
	} else {
		err = copyout(umsg, c->m.w, sizeof c->m.w);
	}
	return err ? err : call_value(c);
}

/* The message, copied in, is in c->m. */
static int64_t call_with(struct call *c, struct file *f, uint64_t umsg)
{
	struct msg sent;

	memcpy(&sent, &c->m, MSG_IN);
	int64_t err = sent.nh ? msg_take_handles(&sent, c->h) : 0;
	if (err)
		return err;
	err = call_send(c, f);
	if (err)
		return err;
	if (sent.nh)
		msg_sent(&sent);
	return call_result(c, sent.nh, sent.hflags, umsg);
}

long call_slow(handle_t h, uint64_t umsg)
{
	struct obj *o;
	struct call *c;
	int64_t err = handle_object(h, OBJ_FILE, R_CALL, &o);

	if (err)
		return err;
	struct file *f = container_of(o, struct file, obj);
	if (!f->port)
		err = -ENOTTY;
	else if (!(c = call_own()))
		err = -ENOMEM;
	else if (copyin(&c->m, umsg, MSG_IN))
		err = -EFAULT;
	else
		err = call_with(c, f, umsg);
	obj_put(o);
	return err;
}

struct port_note *port_wait_on(struct port *p, int64_t deadline, int *err)
{
	struct thread *t = current();

	while (!__atomic_load_n(&t->ipc.got, __ATOMIC_ACQUIRE)) {
		if (*err || p->dead) {
			spin_lock(&p->lock);
			list_del(&t->ipc.recv_node);
			spin_unlock(&p->lock);
			if (!*err)
				*err = -EBADF;
			break;
		}
		*err = thread_park(deadline, PARK_INTR);
	}
	struct port_note *n = t->ipc.got;
	t->ipc.got = NULL;
	if (n)
		*err = 0;
	return n;
}

/* The next note of p; waits for it. NULL: *err says why. */
static struct port_note *port_wait(struct port *p, int64_t deadline, int *err)
{
	struct thread *t = current();
	struct port_note *n = NULL;

	spin_lock(&p->lock);
	struct list *l = list_pop(&p->queue);
	if (l) {
		n = list_entry(l, struct port_note, node);
		n->queued = false;
	} else if (p->dead) {
		*err = -EBADF;
	} else {
		t->ipc.got = NULL;
		list_add_tail(&p->receivers, &t->ipc.recv_node);
	}
	spin_unlock(&p->lock);
	if (n || *err)
		return n;
	*err = thread_park(deadline, PARK_INTR);
	return port_got(p, deadline, err);
}

/* Fills t from the note; false: there was nothing in it. */
static bool note_take(struct port_note *n, struct msg_text *t, struct href *h, uint32_t *nh)
{
	struct msg *m = &t->m;

	*nh = 0;
	if (!n->ops) {
		if (!call_take(container_of(n, struct call, note), t, h))
			return false;
		*nh = m->nh;
		return true;
	}
	memset(m, 0, sizeof *m);
	msg_no_handles(m);
	h[0].obj = NULL;
	if (!n->ops->take(n, m, h))
		return false;
	*nh = h[0].obj != NULL;
	return true;
}

int64_t port_receive(struct port *p, struct port_note *n, uint64_t umsg, int64_t deadline, bool text)
{
	struct href h[MSG_HANDLES];
	struct msg_text t;
	uint32_t nh;
	int err = 0;

	for (;; n = NULL) {
		if (!n && !(n = port_wait(p, deadline, &err)))
			return err == -EINTR ? (deadline == T_FOREVER ? -ERESTART : -ERESTART_QUIET) : err;
		if (!n->ops && call_take_fast(container_of(n, struct call, note), umsg, text))
			return 0;
		if (!note_take(n, &t, h, &nh))
			continue;
		if (nh) {
			msg_no_handles(&t.m);
			err = msg_place_handles(&t.m, h, nh, 0);
			if (err && t.m.token) {
				call_fail(t.m.token, err);
				err = 0;
				continue;
			}
			if (!err)
				t.m.nh = nh;
			err = 0;
		}
		if (!text)
			t.m.hflags &= ~MSG_HAS_TEXT;
		if (copyout(umsg, &t, msg_bytes(&t.m, text)) == 0)
			return 0;
		if (t.m.kind == MSG_CALL)
			call_fail(t.m.token, -EIO);
		return -EFAULT;
	}
}

static int port_get(long h, struct port **p)
{
	struct obj *o;
	int err = handle_object((handle_t)h, OBJ_PORT, R_RECV, &o);

	if (!err)
		*p = container_of(o, struct port, obj);
	return err;
}

long sys_recv(long h, long umsg, long deadline)
{
	struct port *p;
	int64_t err = port_get(h, &p);

	if (err)
		return err;
	err = port_receive(p, NULL, (uint64_t)umsg, deadline, h & RECV_TEXT);
	obj_put(&p->obj);
	return err;
}

/* Sends the reply at umsg to token. 0 and *client, referenced, to be woken; or -errno. */
static int64_t msg_reply(uint64_t token, uint64_t umsg, struct thread **client)
{
	struct href h[MSG_HANDLES];
	struct msg m;
	char text[MSG_TEXT];
	size_t put = 0;

	if (copyin(&m, umsg, MSG_IN))
		return -EFAULT;
	if (m.hflags & MSG_PUT) {
		put = m.r[1].len;
		if (put > MSG_TEXT || copyin(text, m.r[1].base, put))
			return -EFAULT;
	}
	if (m.nh) {
		int err = msg_take_handles(&m, h);
		if (err)
			return err;
	}
	struct call *c = call_lock_token(token);
	if (c && put) {
		memcpy(c->text, text, put);
		c->put = (uint32_t)put;
	}
	*client = c ? call_answer(c, m.w, h, m.nh) : NULL;
	if (!*client) {
		hrefs_drop(h, m.nh);
		msg_sent(&m);
		return -ESRCH;
	}
	if (m.nh)
		msg_sent(&m);
	return 0;
}

long sys_reply(long token, long umsg)
{
	struct thread *t;
	int64_t err = msg_reply((uint64_t)token, (uint64_t)umsg, &t);

	if (!err) {
		thread_wake(t);
		obj_put(&t->obj);
	}
	return err;
}

/* A reply whose client is gone is no error here: the server goes on receiving. */
long reply_recv_slow(long h, uint64_t token, uint64_t umsg)
{
	struct thread *client;
	struct port *p;
	int64_t err = port_get(h, &p);

	if (err)
		return err;
	if (token)
		err = msg_reply(token, umsg, &client);
	if (token && !err)
		err = client_go_on_and_receive(p, client, umsg, h & RECV_TEXT);
	else if (!err || err == -ESRCH)
		err = port_receive(p, NULL, umsg, T_FOREVER, h & RECV_TEXT);
	obj_put(&p->obj);
	return err;
}

/*
 * The client's range `which` of a held call, cut to what lies beyond offset; its vm is
 * referenced.
 */
static int64_t msg_range(uint64_t token, unsigned which, uint64_t off, uint64_t n, struct vm **vm,
			 uint64_t *addr)
{
	struct call *c = call_lock_token(token);

	if (!c)
		return -ESRCH;
	struct msg_range r = c->m.r[which];
	*vm = c->vm;
	obj_get(&c->vm->obj);
	spin_unlock(&c->lock);
	if (off >= r.len)
		n = 0;
	else if (n > r.len - off)
		n = r.len - off;
	*addr = r.base + off;
	return n > INT32_MAX ? INT32_MAX & -4096l : (int64_t)n;
}

long sys_msg_read(long token, long which, long off, long buf, long n)
{
	struct vm *vm;
	uint64_t addr;

	if (which != 0)
		return -EINVAL;
	int64_t r = msg_range((uint64_t)token, 0, (uint64_t)off, (uint64_t)n, &vm, &addr);
	if (r < 0)
		return r;
	if (r > 0 && vm_read_user(vm, addr, (uint64_t)buf, (uint64_t)r))
		r = -EFAULT;
	obj_put(&vm->obj);
	return r;
}

long sys_msg_write(long token, long which, long off, long buf, long n)
{
	struct vm *vm;
	uint64_t addr;

	if (which != 1)
		return -EINVAL;
	int64_t r = msg_range((uint64_t)token, 1, (uint64_t)off, (uint64_t)n, &vm, &addr);
	if (r < 0)
		return r;
	if (r > 0 && vm_write_user(vm, addr, (uint64_t)buf, (uint64_t)r))
		r = -EFAULT;
	obj_put(&vm->obj);
	return r;
}
