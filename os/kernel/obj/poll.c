/* SPDX-License-Identifier: MIT */
/* Readiness notification, and SYS_poll on top of it. */
#include "defs.h"
#include "obj/file.h"
#include "obj/handle.h"
#include "obj/poll.h"
#include "proc/proc.h"
#include "sys/sys.h"

#define POLL_MAX	65536
#define POLL_FEW	128	/* so many lie on the stack */

void poll_init(struct poll_head *h, enum lock_rank rank)
{
	spin_init(&h->lock, "poll", rank);
	list_init(&h->watchers);
}

void poll_tell(struct poll_head *h, uint32_t bits)
{
	spin_lock(&h->lock);
	list_for_safe(n, &h->watchers) {
		struct watcher *w = list_entry(n, struct watcher, node);
		w->fn(w, bits);
	}
	spin_unlock(&h->lock);
}

void poll_add(struct poll_head *h, struct watcher *w)
{
	spin_lock(&h->lock);
	list_add_tail(&h->watchers, &w->node);
	spin_unlock(&h->lock);
	atomic_thread_fence(memory_order_seq_cst);
}

void poll_del(struct poll_head *h, struct watcher *w)
{
	spin_lock(&h->lock);
	list_del(&w->node);
	spin_unlock(&h->lock);
}

/* One descriptor of a SYS_poll that really waits. */
struct poll_wait {
	struct watcher w;
	struct thread *thread;
	struct obj *obj;		/* referenced; NULL for a negative or bad descriptor */
	uint32_t events;
};

static void poll_wake(struct watcher *w, uint32_t bits)
{
	struct poll_wait *p = list_entry(w, struct poll_wait, w);

	if (bits & p->events)
		thread_wake(p->thread);
}

/* POLLRDNORM and the like: other names of POLLIN and POLLOUT. */
#define EV_MORE_IN	0x00c0
#define EV_MORE_OUT	0x0300
#define EV_MORE		(EV_MORE_IN | EV_MORE_OUT)

static uint32_t poll_object(struct obj *o, uint32_t events)
{
	uint32_t bits = obj_ready(o);

	if (bits & EV_IN)
		bits |= EV_MORE_IN;
	if (bits & EV_OUT)
		bits |= EV_MORE_OUT;
	return bits & (events | EV_ERR | EV_HUP);
}

/* Any descriptor. */
static __attribute__((noinline)) uint32_t poll_one(struct handles *t, const struct abi_pollfd *p)
{
	struct href *s;

	if (p->fd < 0)
		return 0;
	s = handle_slot(t, p->fd);
	return s ? poll_object(s->obj, (uint16_t)p->events) : EV_NVAL;
}

static struct hchunk no_chunk;

/* The chunk of low descriptors from fd, a multiple of HCHUNK, on; an empty one when there is none. */
static __attribute__((noinline)) struct hchunk *low_chunk(const struct handles *t, uint32_t fd)
{
	struct hchunk *c = fd / HCHUNK < t->low.ndir ? t->low.dir[fd / HCHUNK] : NULL;

	return c ? c : &no_chunk;
}

/* Looks at every descriptor once: how many are ready. Files in the low range go a short way. */
static int poll_scan(struct abi_pollfd *fds, uint32_t n)
{
	struct handles *t = &current()->proc->handles;
	uint32_t base = n ? (uint32_t)fds->fd - HCHUNK : 0;	/* of c; at first no one's */
	struct abi_pollfd *end = fds + n;
	struct hchunk *c = &no_chunk;
	int ready = 0;

	spin_lock(&t->lock);
	for (struct abi_pollfd *p = fds; p < end; p++) {
		uint32_t i = (uint32_t)p->fd - base, bits;
		if (i >= HCHUNK) {
			i = (uint32_t)p->fd % HCHUNK;
			base = (uint32_t)p->fd - i;
			c = low_chunk(t, base);
		}
		if ((c->used >> i & 1) && c->slot[i].obj->type == &file_type && !(p->events & EV_MORE))
			bits = file_bits(container_of(c->slot[i].obj, struct file, obj)) &
			    ((uint16_t)p->events | EV_ERR | EV_HUP);
		else
			bits = poll_one(t, p);
		p->revents = (int16_t)bits;
		ready += bits != 0;
	}
	spin_unlock(&t->lock);
	return ready;
}

static void poll_enter(struct poll_wait *pw, const struct abi_pollfd *fds, uint32_t n)
{
	struct handles *t = &current()->proc->handles;

	spin_lock(&t->lock);
	for (uint32_t i = 0; i < n; i++) {
		struct href *s = fds[i].fd < 0 ? NULL : handle_slot(t, fds[i].fd);
		pw[i].w.fn = poll_wake;
		pw[i].thread = current();
		pw[i].events = (uint16_t)fds[i].events | EV_ERR | EV_HUP | EV_EXITED;
		if (pw[i].events & EV_MORE_IN)
			pw[i].events |= EV_IN;
		if (pw[i].events & EV_MORE_OUT)
			pw[i].events |= EV_OUT;
		pw[i].obj = s && s->obj->type->poll ? s->obj : NULL;
		if (pw[i].obj)
			obj_get(s->obj);
	}
	spin_unlock(&t->lock);
	for (uint32_t i = 0; i < n; i++)
		if (pw[i].obj)
			poll_add(pw[i].obj->type->poll(pw[i].obj), &pw[i].w);
}

static void poll_leave(struct poll_wait *pw, uint32_t n)
{
	for (uint32_t i = 0; i < n; i++) {
		if (!pw[i].obj)
			continue;
		poll_del(pw[i].obj->type->poll(pw[i].obj), &pw[i].w);
		obj_put(pw[i].obj);
	}
}

static int poll_block(struct abi_pollfd *fds, uint32_t n, int64_t deadline)
{
	struct poll_wait few[8], *pw = few;
	int ready, err = 0;

	if (n > 8 && !(pw = kmalloc(n * sizeof *pw)))
		return -ENOMEM;
	poll_enter(pw, fds, n);
	while ((ready = poll_scan(fds, n)) == 0) {
		err = thread_park(deadline, PARK_INTR);
		if (err) {
			ready = poll_scan(fds, n);
			break;
		}
	}
	poll_leave(pw, n);
	if (pw != few)
		kfree(pw);
	return ready == 0 && err == -EINTR ? -ERESTART_QUIET : ready;
}

static int poll_copied(struct abi_pollfd *fds, uint32_t n, int64_t deadline)
{
	int ready = poll_scan(fds, n);

	if (ready == 0 && deadline > 0)
		ready = poll_block(fds, n, deadline);
	return ready;
}

long sys_poll(long ufds, long count, long deadline, long umask)
{
	struct abi_pollfd few[POLL_FEW], *fds = few;
	uint32_t n = (uint32_t)count;
	int err = -EFAULT;

	if (count < 0 || count > POLL_MAX)
		return -EINVAL;
	if (n > POLL_FEW && !(fds = kmalloc(n * sizeof *fds)))
		return -ENOMEM;
	if (copyin(fds, (uint64_t)ufds, n * sizeof *fds) == 0 &&
	    (err = sig_mask_swap((uint64_t)umask)) == 0) {
		err = poll_copied(fds, n, deadline);
		sig_mask_restore((uint64_t)umask, err == -ERESTART_QUIET);
		if (err >= 0 && copyout((uint64_t)ufds, fds, n * sizeof *fds))
			err = -EFAULT;
	}
	if (fds != few)
		kfree(fds);
	return err;
}
