/* SPDX-License-Identifier: MIT */
/* SYS_chan_send and SYS_chan_recv: data on two-way channels with handles and credentials (abi/chan.h). */
#include "defs.h"
#include "obj/chan.h"
#include "obj/file.h"
#include "proc/proc.h"
#include "sig/signo.h"
#include "sys/sys.h"

/*
 * A channel in its own queue would never end. So a channel that has channels under way is not sent, nor
 * one through itself. The look at the counters takes no lock: two threads that race to build a
 * circle may succeed, and lose that much memory.
 */
static bool makes_circle(const struct href *r, const struct chan *through, uint32_t *nchans)
{
	const struct file *f = container_of(r->obj, struct file, obj);

	if (obj_kind(r->obj) != OBJ_FILE || !f->end || !f->end->rx || !f->end->tx)
		return false;
	const struct chan *rx = f->end->rx, *tx = f->end->tx;
	++*nchans;
	return rx == through || tx == through || rx->nchans || tx->nchans;
}

static void note_drop(struct chan_note *n)
{
	for (uint32_t i = 0; n && i < n->nh; i++)
		href_drop(&n->h[i]);
	kfree(n);
}

void chan_notes_drop(struct list *notes)
{
	struct list *l;

	while ((l = list_pop(notes)))
		note_drop(list_entry(l, struct chan_note, node));
}

static int note_add(struct chan_note *n, handle_t h, const struct chan *through)
{
	struct href r;
	int err = handle_copy(&current()->proc->handles, h, &r);

	if (err)
		return err;
	if (!(r.rights & R_DUP))
		err = -EACCES;
	else if (makes_circle(&r, through, &n->nchans))
		err = -ELOOP;
	if (err) {
		href_drop(&r);
		return err;
	}
	file_export(&r);
	r.flags &= ~H_CLOEXEC;
	n->h[n->nh++] = r;
	return 0;
}

/* The handles that go with a message: *out stays NULL when there are none. */
static int note_make(const struct chan_io *io, const struct chan *through, struct chan_note **out)
{
	int err = 0;

	*out = NULL;
	if (io->nh == 0)
		return 0;
	if (io->nh > CHAN_HANDLES)
		return -EINVAL;
	struct chan_note *n = kzalloc(sizeof *n + io->nh * sizeof *n->h);
	if (!n)
		return -ENOMEM;
	list_init(&n->node);
	for (uint32_t i = 0; i < io->nh && !err; i++) {
		handle_t h;
		err = copyin(&h, io->handles + i * sizeof h, sizeof h);
		if (!err)
			err = note_add(n, h, through);
	}
	if (err)
		note_drop(n);
	else
		*out = n;
	return err;
}

/* The two-way channel's end behind h, with its file referenced. */
static int end_get(long h, uint32_t right, struct file **f, struct chan_end **e)
{
	int err = file_get((handle_t)h, right, f);

	if (err == -EINVAL)
		return -ENOTSOCK;
	if (err)
		return err;
	*e = file_end(*f);
	if (*e && (*e)->rx && (*e)->tx)
		return 0;
	obj_put(&(*f)->obj);
	return -ENOTSOCK;
}

static int64_t send_with(struct file *f, struct chan_end *e, const struct chan_io *io, struct iter *it)
{
	bool nonblock = (f->fflags & O_NONBLOCK) || (io->flags & CHAN_DONTWAIT);
	struct chan_note *note;
	int64_t r = note_make(io, e->tx, &note);

	if (r)
		return r;
	r = chan_send(e, it, nonblock, &note);
	note_drop(note);
	if (r == -EPIPE && !(io->flags & CHAN_NOSIGNAL))
		sig_send_thread(current()->proc, current(), SIGPIPE, NULL);
	return r;
}

long sys_chan_send(long h, long uio)
{
	struct chan_end *e;
	struct chan_io io;
	struct iov_set iov;
	struct file *f;
	int64_t r = end_get(h, R_WRITE, &f, &e);

	if (r)
		return r;
	r = copyin(&io, (uint64_t)uio, sizeof io) ? -EFAULT : iov_get(&iov, io.iov, io.niov);
	if (r >= 0) {
		struct iter it = { iov.iov, 0, (uint64_t)r };
		r = send_with(f, e, &io, &it);
		iov_put(&iov);
	}
	obj_put(&f->obj);
	return r;
}

/* Gives the reader the handles of one note; what has no room is closed. */
static int give_handles(struct chan_note *n, struct chan_io *io, uint32_t room)
{
	struct handles *t = &current()->proc->handles;

	for (uint32_t i = 0; i < n->nh; i++) {
		handle_t h = -EMFILE;
		if (io->nh < room)
			h = handle_place(t, n->h[i], H_PUT_LOW | (io->flags & CHAN_CLOEXEC ? H_CLOEXEC : 0));
		if (h < 0) {
			io->out |= CHAN_CTRUNC;
			continue;
		}
		n->h[i].obj = NULL;
		if (copyout(io->handles + io->nh * sizeof h, &h, sizeof h)) {
			handle_close(t, h);
			return -EFAULT;
		}
		io->nh++;
	}
	return 0;
}

static int got_finish(struct chan_got *g, struct chan_io *io)
{
	uint32_t room = io->nh;
	int err = 0;

	io->nh = 0;
	io->pid = g->pid;
	io->cred = g->cred;
	list_for(l, &g->notes)
		if (!err)
			err = give_handles(list_entry(l, struct chan_note, node), io, room);
	chan_notes_drop(&g->notes);
	return err;
}

static int64_t recv_with(struct file *f, struct chan_end *e, struct chan_io *io, struct iter *it)
{
	struct chan_got g = { .flags = io->flags };

	if (f->fflags & O_NONBLOCK)
		g.flags |= CHAN_DONTWAIT;
	list_init(&g.notes);
	io->out = 0;
	int64_t r = chan_recv(e, it, &g);
	if (r < 0)
		return r;
	int err = got_finish(&g, io);
	if (err)
		return err;
	if (g.full > r) {
		io->out |= CHAN_TRUNC;
		if (io->flags & CHAN_TRUNC)
			r = g.full;
	}
	return r;
}

long sys_chan_recv(long h, long uio)
{
	struct chan_end *e;
	struct chan_io io;
	struct iov_set iov;
	struct file *f;
	int64_t r = end_get(h, R_READ, &f, &e);

	if (r)
		return r;
	r = copyin(&io, (uint64_t)uio, sizeof io) ? -EFAULT : iov_get(&iov, io.iov, io.niov);
	if (r >= 0) {
		struct iter it = { iov.iov, 0, (uint64_t)r };
		r = recv_with(f, e, &io, &it);
		iov_put(&iov);
		if (r >= 0 && copyout((uint64_t)uio, &io, sizeof io))
			r = -EFAULT;
	}
	obj_put(&f->obj);
	return r;
}
