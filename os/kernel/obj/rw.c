/* SPDX-License-Identifier: MIT */
/* Reading and writing files over their data planes, and the offset. */
#include "abi/file.h"
#include "defs.h"
#include "ipc/call.h"
#include "obj/chan.h"
#include "obj/file.h"
#include "obj/timer.h"
#include "proc/proc.h"
#include "sig/signo.h"
#include "sys/sys.h"

#define IOV_MAX		1024
#define APPEND_LOCKS	64

int file_hold(struct file *f)
{
	int err = 0;

	spin_lock(&f->lock);
	while (f->busy && !err)
		err = waitq_sleep(&f->busy_wait, &f->lock, T_FOREVER, PARK_INTR);
	if (!err)
		f->busy = true;
	spin_unlock(&f->lock);
	return err ? -ERESTART : 0;
}

void file_unhold(struct file *f)
{
	spin_lock(&f->lock);
	f->busy = false;
	waitq_wake_one(&f->busy_wait);
	spin_unlock(&f->lock);
}

/* Appending to one mem through several files: one at a time, by a hash of the mem. */
static struct append {
	struct spinlock lock;
	struct waitq wait;
	bool busy;
} append[APPEND_LOCKS];

static struct append *append_of(const struct mem *m)
{
	return &append[(uint64_t)m / 64 % APPEND_LOCKS];
}

static int append_hold(struct append *a)
{
	int err = 0;

	spin_lock(&a->lock);
	while (a->busy && !err)
		err = waitq_sleep(&a->wait, &a->lock, T_FOREVER, PARK_INTR);
	if (!err)
		a->busy = true;
	spin_unlock(&a->lock);
	return err ? -ERESTART : 0;
}

static void append_unhold(struct append *a)
{
	spin_lock(&a->lock);
	a->busy = false;
	waitq_wake_one(&a->wait);
	spin_unlock(&a->lock);
}

void files_init(void)
{
	for (unsigned i = 0; i < APPEND_LOCKS; i++) {
		spin_init(&append[i].lock, "append", RANK_FILE);
		waitq_init(&append[i].wait);
	}
}

static bool cached(const struct file *f)
{
	return f->plane == PLANE_MEM && !(f->fflags & O_DIRECT);
}

/* One piece of memory. -EINTR of the planes means: interrupted before anything was done. */
static int64_t piece_read(struct file *f, uint64_t addr, uint64_t n, int64_t off)
{
	if (cached(f))
		return mem_read(f->mem, (uint64_t)off, addr, n);
	return call_rw(f, F_READ, addr, n, off);
}

static int64_t piece_write(struct file *f, uint64_t addr, uint64_t n, int64_t off)
{
	if (cached(f))
		return mem_write(f->mem, (uint64_t)off, addr, n);
	return call_rw(f, F_WRITE, addr, n, off);
}

/* All pieces from off on (-1: the file has no offsets), till one is not done in full. */
static int64_t pieces(struct file *f, struct iter *it, int64_t off, bool write)
{
	int64_t done = 0;

	if (write && off >= 0 && f->plane == PLANE_MEM) {
		int64_t room = limit_file(off, it->left);
		if (room < 0)
			return room;
		it->left = (uint64_t)room;
	}
	do {
		uint64_t n = it->left;
		uint64_t addr = iter_front(it, &n);
		int64_t at = off < 0 ? -1 : off + done;
		if (off >= 0 && at > INT64_MAX - (int64_t)n)
			return done ? done : -EFBIG;
		int64_t r = write ? piece_write(f, addr, n, at) : piece_read(f, addr, n, at);
		if (r < 0) {
			if (r == -EINTR)
				r = -ERESTART;
			return done ? done : r;
		}
		iter_skip(it, (uint64_t)r);
		done += r;
		if ((uint64_t)r < n)
			break;
	} while (it->left);
	return done;
}

static int64_t pieces_append(struct file *f, struct iter *it, int64_t *off)
{
	struct append *a = append_of(f->mem);
	int64_t r = append_hold(a);

	if (r)
		return r;
	*off = (int64_t)mem_size(f->mem);
	r = pieces(f, it, *off, true);
	append_unhold(a);
	return r;
}

static int64_t pieces_at_offset(struct file *f, struct iter *it, bool write)
{
	int64_t r = file_hold(f);

	if (r)
		return r;
	int64_t off = (int64_t)f->offset;
	if (write && f->plane == PLANE_MEM && (f->fflags & O_APPEND))
		r = pieces_append(f, it, &off);
	else
		r = pieces(f, it, off, write);
	if (r > 0)
		f->offset = (uint64_t)(off + r);
	file_unhold(f);
	return r;
}

/* /dev/zero and /dev/null. */
static int64_t idle_rw(struct file *f, struct iter *it, bool write)
{
	static const uint8_t zeros[PAGE];
	int64_t done = 0;

	if (write)
		return (int64_t)it->left;
	while (f->idle == FILE_ZERO && it->left) {
		uint64_t n = sizeof zeros;
		uint64_t addr = iter_front(it, &n);
		if (copyout(addr, zeros, n))
			return done ? done : -EFAULT;
		iter_skip(it, n);
		done += (int64_t)n;
		if (done % (1 << 20) == 0 && sched_point())
			return done;
	}
	return done;
}

static int64_t kernel_rw(struct file *f, struct iter *it, bool write)
{
	bool nonblock = f->fflags & O_NONBLOCK;

	if (write)
		return f->ops->write ? f->ops->write(f, it, nonblock) : -EINVAL;
	return f->ops->read ? f->ops->read(f, it, nonblock) : -EINVAL;
}

static int64_t file_rw(struct file *f, struct iter *it, int64_t off, bool write)
{
	if (off < -1)
		return -EINVAL;
	if (it->left == 0)
		return 0;
	if (f->idle)
		return idle_rw(f, it, write);
	struct chan_end *end = file_end(f);
	if (end) {
		bool nonblock = f->fflags & O_NONBLOCK;
		if (off != -1)
			return -ESPIPE;
		if (write)
			return chan_write(f->wend ? f->wend : end, it, nonblock);
		return chan_read(end, it, nonblock);
	}
	if (f->ops)
		return off == -1 ? kernel_rw(f, it, write) : -ESPIPE;
	if (!f->seekable)
		return off == -1 ? pieces(f, it, -1, write) : -ESPIPE;
	if (off == -1)
		return pieces_at_offset(f, it, write);
	if (write && f->plane == PLANE_MEM && (f->fflags & O_APPEND))
		return pieces_append(f, it, &off);
	return pieces(f, it, off, write);
}

int64_t file_read(struct file *f, struct iter *it, int64_t off)
{
	return file_rw(f, it, off, false);
}

int64_t file_write(struct file *f, struct iter *it, int64_t off)
{
	int64_t r = file_rw(f, it, off, true);

	if (r == -EPIPE)
		sig_send_thread(current()->proc, current(), SIGPIPE, NULL);
	return r;
}

/* By what the handle names. */
static int64_t object_rw(handle_t h, struct iter *it, int64_t off, bool write)
{
	struct file *f;
	int64_t r = file_get(h, write ? R_WRITE : R_READ, &f);

	if (r == -EINVAL && !write)
		return timer_read(h, it);
	if (r)
		return r;
	r = write ? file_write(f, it, off) : file_read(f, it, off);
	obj_put(&f->obj);
	return r;
}

static int64_t one_rw(long h, long buf, long n, bool write)
{
	uint64_t len = (uint64_t)n > RW_MAX ? RW_MAX : (uint64_t)n;
	struct abi_iovec iov = { (uint64_t)buf, len };
	struct iter it = { &iov, 0, len };

	return object_rw((handle_t)h, &it, -1, write);
}

long sys_read(long h, long buf, long n)
{
	return one_rw(h, buf, n, false);
}

long sys_write(long h, long buf, long n)
{
	return one_rw(h, buf, n, true);
}

/* Sums the lengths; what lies beyond RW_MAX is cut. -EINVAL when a length is negative. */
static int64_t iov_total(struct abi_iovec *iov, uint64_t count)
{
	uint64_t total = 0;

	for (uint64_t i = 0; i < count; i++) {
		if (iov[i].len > INT64_MAX)
			return -EINVAL;
		if (iov[i].len > RW_MAX - total)
			iov[i].len = RW_MAX - total;
		total += iov[i].len;
	}
	return (int64_t)total;
}

int64_t iov_get(struct iov_set *s, uint64_t uiov, uint64_t count)
{
	int64_t r = -EFAULT;

	s->iov = s->few;
	if (count > IOV_MAX)
		return -EINVAL;
	if (count > IOV_FEW && !(s->iov = kmalloc(count * sizeof *s->iov)))
		return -ENOMEM;
	if (count == 0)
		s->iov[0] = (struct abi_iovec){ 0, 0 };
	if (copyin(s->iov, uiov, count * sizeof *s->iov) == 0)
		r = iov_total(s->iov, count);
	if (r < 0)
		iov_put(s);
	return r;
}

static int64_t many_rw(long h, long uiov, long count, long off, bool write)
{
	struct iov_set s;
	int64_t r = iov_get(&s, (uint64_t)uiov, (uint64_t)count);

	if (r < 0)
		return r;
	struct iter it = { s.iov, 0, (uint64_t)r };
	r = object_rw((handle_t)h, &it, off, write);
	iov_put(&s);
	return r;
}

long sys_readv(long h, long uiov, long count, long off)
{
	return many_rw(h, uiov, count, off, false);
}

long sys_writev(long h, long uiov, long count, long off)
{
	return many_rw(h, uiov, count, off, true);
}

/* Asks the server where the end is. */
static int64_t seek_server(struct file *f, int64_t off, uint64_t whence)
{
	struct call *c = call_own();

	if (!c)
		return -ENOMEM;
	memset(&c->m, 0, sizeof c->m);
	c->m.w[0] = F_SEEK;
	c->m.w[1] = (uint64_t)off;
	c->m.w[2] = whence;
	int err = call_send(c, f);
	if (err)
		return err;
	for (uint32_t i = 0; i < c->m.nh; i++)
		href_drop(&c->h[i]);
	c->m.nh = 0;
	int64_t r = (int64_t)c->m.w[0];
	return r < -4095 ? -EIO : r;
}

static int64_t seek_to(struct file *f, int64_t off, long whence)
{
	int64_t base = 0, to;

	if (whence == 1)
		base = (int64_t)f->offset;
	else if (whence == 2 && f->plane == PLANE_MEM)
		base = (int64_t)mem_size(f->mem);
	else if (whence == 2)
		return seek_server(f, off, 2);
	if (__builtin_add_overflow(base, off, &to))
		return -EOVERFLOW;
	return to < 0 ? -EINVAL : to;
}

long sys_seek(long h, long off, long whence)
{
	struct file *f;
	int64_t r = file_get((handle_t)h, 0, &f);

	if (r)
		return r;
	if (whence < 0 || whence > 2)
		r = -EINVAL;
	else if (f->idle)
		r = 0;
	else if (!f->seekable)
		r = -ESPIPE;
	else if ((r = file_hold(f)) == 0) {
		r = seek_to(f, off, whence);
		if (r >= 0)
			f->offset = (uint64_t)r;
		file_unhold(f);
	}
	obj_put(&f->obj);
	return r;
}
