/* SPDX-License-Identifier: MIT */
/* Files: making them, their end, readiness, flags. Reading and writing is rw.c. */
#include "defs.h"
#include "ipc/call.h"
#include "obj/chan.h"
#include "obj/file.h"
#include "obj/timer.h"
#include "proc/proc.h"
#include "sys/sys.h"

static void file_closed(struct obj *o);
static void file_destroy(struct obj *o);
static uint32_t file_ready(struct obj *o);
static struct poll_head *file_poll(struct obj *o);

const struct obj_type file_type = {
	.kind = OBJ_FILE, .name = "file", .closed = file_closed, .destroy = file_destroy,
	.ready = file_ready, .poll = file_poll,
};

struct poll_head *file_poll_head(struct file *f)
{
	return f->end ? &f->end->poll : &f->poll;
}

static struct poll_head *file_poll(struct obj *o)
{
	return file_poll_head(container_of(o, struct file, obj));
}

static uint32_t file_ready(struct obj *o)
{
	return file_bits(container_of(o, struct file, obj));
}

/* MSG_CLOSE, unless the file has been handed out again meanwhile. */
static bool close_take(struct port_note *n, struct msg *m, struct href *h)
{
	struct file *f = container_of(n, struct file, close);
	bool tell = atomic_load(&f->obj.handles) == 0;

	(void)h;
	m->kind = MSG_CLOSE;
	m->id = f->id;
	obj_put(&f->obj);
	return tell;
}

static void close_drop(struct port_note *n)
{
	obj_put(&container_of(n, struct file, close)->obj);
}

static const struct note_ops close_ops = { close_take, close_drop };

static struct file *file_alloc(void)
{
	struct file *f = kzalloc(sizeof *f);

	if (!f)
		return NULL;
	obj_init(&f->obj, &file_type);
	spin_init(&f->lock, "file", RANK_FILE);
	waitq_init(&f->busy_wait);
	poll_init(&f->poll, RANK_BIND);
	list_init(&f->port_node);
	note_init(&f->close, &close_ops);
	return f;
}

struct file *file_over(struct chan_end *end, uint32_t accmode, uint32_t fflags)
{
	struct file *f = file_alloc();

	if (!f)
		return NULL;
	f->plane = PLANE_CHAN;
	f->end = end;
	f->end_open = true;
	chan_end_open(end);
	f->rights = R_ALL;
	f->fflags = accmode | (fflags & F_CHANGEABLE);
	return f;
}

struct file *file_of_kernel(const struct file_ops *ops, void *priv, uint32_t oflags)
{
	struct file *f = file_alloc();

	if (!f)
		return NULL;
	f->plane = PLANE_KERNEL;
	f->ops = ops;
	f->priv = priv;
	f->rights = R_ALL;
	f->fflags = O_RDWR | (oflags & F_CHANGEABLE);
	return f;
}

handle_t file_handle(struct file *f, uint32_t oflags)
{
	return handle_new(&f->obj, R_ALL, H_PUT_LOW | (oflags & O_CLOEXEC ? H_CLOEXEC : 0));
}

/* This file is no user of its channel's end any more. */
static void file_end_close(struct file *f)
{
	spin_lock(&f->lock);
	bool was = f->end_open;
	f->end_open = false;
	spin_unlock(&f->lock);
	if (was)
		chan_end_close(f->end);
	if (was && f->wend)
		chan_end_close(f->wend);
}

static void file_closed(struct obj *o)
{
	struct file *f = container_of(o, struct file, obj);

	if (!f->port) {
		file_end_close(f);
		return;
	}
	obj_get(o);
	if (port_post(f->port, &f->close))
		obj_put(o);
}

static void file_destroy(struct obj *o)
{
	struct file *f = container_of(o, struct file, obj);

	bind_forget(o, file_poll_head(f));
	if (f->port) {
		spin_lock(&f->port->lock);
		list_del(&f->port_node);
		spin_unlock(&f->port->lock);
		obj_put(&f->port->obj);
	}
	if (f->end) {
		file_end_close(f);
		chan_end_put(f->end);
		if (f->wend)
			chan_end_put(f->wend);
	}
	if (f->mem)
		obj_put(&f->mem->obj);
	if (f->ops)
		f->ops->destroy(f);
	kfree(f);
}

static int file_attach_both(struct file *f)
{
	struct chan_end *w = chan_writing_end(f->end);

	if (!w)
		return -EINVAL;
	chan_end_open(w);
	f->wend = w;
	return 0;
}

/* Takes the data plane's object from the handle `data`. */
static int file_attach(struct file *f, handle_t data, bool both)
{
	if (f->plane == PLANE_NONE)
		return 0;
	if (f->plane == PLANE_MEM) {
		uint32_t have;
		uint32_t need = R_READ | ((f->fflags & O_ACCMODE) ? R_WRITE : 0);
		return handle_mem(data, need, &f->mem, &have);
	}
	struct file *from;
	int err = file_get(data, 0, &from);
	if (err)
		return err;
	spin_lock(&from->lock);
	bool open = from->end_open;
	if (open) {
		f->end = from->end;
		chan_end_get(f->end);
		chan_end_open(f->end);
		f->end_open = true;
	}
	spin_unlock(&from->lock);
	obj_put(&from->obj);
	return !open ? -EINVAL : both ? file_attach_both(f) : 0;
}

static int file_fill(struct file *f, const struct file_args *a)
{
	uint32_t idle = a->flags & (FILE_ZERO | FILE_NULL);

	if (a->plane > PLANE_CHAN || (a->fflags & ~(uint32_t)(O_ACCMODE | F_CHANGEABLE)) ||
	    (a->fflags & O_ACCMODE) == O_ACCMODE || (a->rights & ~R_ALL) ||
	    (a->flags & ~(FILE_SEEKABLE | FILE_ZERO | FILE_NULL | FILE_HELD | FILE_BOTH)) ||
	    ((a->flags & (FILE_HELD | FILE_BOTH)) && a->plane != PLANE_CHAN) ||
	    (idle && (idle == (FILE_ZERO | FILE_NULL) || a->plane != PLANE_NONE)))
		return -EINVAL;
	f->idle = (uint8_t)idle;
	f->held = a->flags & FILE_HELD;
	f->id = a->id;
	memcpy(f->self, a->self, sizeof f->self);
	f->rights = a->rights;
	f->fflags = a->fflags;
	f->plane = (uint8_t)a->plane;
	f->ready = a->ready & 0xffff;
	f->seekable = a->plane == PLANE_MEM || (a->plane == PLANE_NONE && (a->flags & FILE_SEEKABLE));
	return file_attach(f, a->data, a->flags & FILE_BOTH);
}

long sys_file_create(long h, long uargs)
{
	struct file_args a;
	struct obj *po;
	int err = copyin(&a, (uint64_t)uargs, sizeof a);

	if (!err)
		err = handle_object((handle_t)h, OBJ_PORT, R_RECV, &po);
	if (err)
		return err;
	struct file *f = file_alloc();
	err = f ? file_fill(f, &a) : -ENOMEM;
	if (!f || err) {
		if (f)
			obj_put(&f->obj);
		obj_put(po);
		return err;
	}
	f->port = container_of(po, struct port, obj);
	f->epoch = f->port->epoch;
	spin_lock(&f->port->lock);
	list_add_tail(&f->port->files, &f->port_node);
	spin_unlock(&f->port->lock);
	struct href r = { &f->obj, R_ALL, HREF_OWNER };
	handle_t n = handle_place(&current()->proc->handles, r, 0);
	if (n < 0)
		obj_put(&f->obj);
	return n;
}

/* The file behind an owner's handle, referenced. */
static int file_owned(long h, struct file **f)
{
	struct href r;
	int err = handle_ref((handle_t)h, &r);

	if (err)
		return err;
	*f = container_of(r.obj, struct file, obj);
	if (obj_kind(r.obj) == OBJ_FILE && (r.flags & HREF_OWNER))
		return 0;
	err = obj_kind(r.obj) == OBJ_FILE ? -EACCES : -EINVAL;
	obj_put(r.obj);
	return err;
}

long sys_file_ready(long h, long clear, long set)
{
	uint32_t fresh = (uint32_t)set & 0xffff;
	struct file *f;
	int err = file_owned(h, &f);

	if (err)
		return err;
	atomic_fetch_and(&f->ready, ~(uint32_t)clear);
	atomic_fetch_or(&f->ready, fresh);
	if (fresh)
		poll_notify(file_poll_head(f), fresh);
	obj_put(&f->obj);
	return 0;
}

/* Whoever waits for the file is woken to look again: the bits now come from the channel. */
long sys_file_start(long h)
{
	struct file *f;
	int err = file_owned(h, &f);

	if (err)
		return err;
	if (!f->end) {
		err = -EINVAL;
	} else {
		atomic_store(&f->ready, 0);
		atomic_store(&f->held, false);
		poll_notify(file_poll_head(f), file_bits(f));
	}
	obj_put(&f->obj);
	return err;
}

void file_export(struct href *r)
{
	if (!(r->flags & HREF_OWNER))
		return;
	struct href client = { r->obj, container_of(r->obj, struct file, obj)->rights, 0 };
	href_get(&client);
	href_drop(r);
	*r = client;
}

int file_get(handle_t h, uint32_t right, struct file **out)
{
	struct handles *t = &current()->proc->handles;
	int err = 0;

	spin_lock(&t->lock);
	struct href *s = handle_slot(t, h);
	struct file *f = s ? container_of(s->obj, struct file, obj) : NULL;
	if (!s)
		err = -EBADF;
	else if (s->obj->type != &file_type)
		err = -EINVAL;
	else if ((f->fflags & O_ACCMODE) != O_RDWR && right &&
		 (f->fflags & O_ACCMODE) != (right & R_WRITE ? O_WRONLY : O_RDONLY))
		err = -EBADF;
	else if (right & ~s->rights)
		err = -EACCES;
	else
		obj_get(&f->obj);
	spin_unlock(&t->lock);
	*out = f;
	return err;
}

int handle_mem(handle_t h, uint32_t rights, struct mem **m, uint32_t *have)
{
	struct href r;
	int err = handle_ref(h, &r);

	if (err)
		return err;
	*have = r.rights;
	if (obj_kind(r.obj) == OBJ_MEM) {
		*m = container_of(r.obj, struct mem, obj);
	} else if (obj_kind(r.obj) == OBJ_FILE &&
		   container_of(r.obj, struct file, obj)->plane == PLANE_MEM) {
		struct file *f = container_of(r.obj, struct file, obj);
		uint32_t mode = f->fflags & O_ACCMODE;
		*m = f->mem;
		if (mode == O_RDONLY)
			*have &= ~(uint32_t)R_WRITE;
		else if (mode == O_WRONLY)
			*have &= ~(uint32_t)R_READ;
	} else {
		err = obj_kind(r.obj) == OBJ_FILE ? -ENODEV : -EINVAL;
	}
	if (!err && (rights & ~*have))
		err = -EACCES;
	if (!err)
		obj_get(&(*m)->obj);
	obj_put(r.obj);
	return err;
}

long sys_file_flags(long h, long mask, long flags)
{
	struct file *f;
	int err = file_get((handle_t)h, 0, &f);

	if (err == -EINVAL)
		return timer_flags((handle_t)h, (uint32_t)mask, (uint32_t)flags);
	if (err)
		return err;
	uint32_t m = (uint32_t)mask & F_CHANGEABLE;
	uint32_t old = atomic_load(&f->fflags);
	while (!atomic_compare_exchange_weak(&f->fflags, &old, (old & ~m) | ((uint32_t)flags & m)))
		;
	obj_put(&f->obj);
	return old;
}

long sys_file_stat(long h, long ust)
{
	struct obj *o;
	int64_t r = handle_object((handle_t)h, OBJ_FILE, R_CALL, &o);

	if (r)
		return r;
	struct file *f = container_of(o, struct file, obj);
	struct mem *m = file_stat_mem(f);
	r = m ? mem_stat(m, (uint64_t)ust) : f->port ? -EAGAIN : -ENOTTY;
	if (r == -EAGAIN)
		r = call_stat(f, (uint64_t)ust);
	obj_put(o);
	return r;
}
