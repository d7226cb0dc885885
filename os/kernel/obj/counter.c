/* SPDX-License-Identifier: MIT */
/* Counters: files that hold a number, as Linux's eventfd. The file's lock guards the number. */
#include "defs.h"
#include "obj/file.h"
#include "sys/sys.h"

#define COUNTER_MAX	(UINT64_MAX - 1)

struct counter {
	_Atomic uint64_t value;
	bool semaphore;
	struct waitq readers, writers;
};

static uint32_t counter_ready(struct file *f)
{
	uint64_t v = atomic_load(&((struct counter *)f->priv)->value);

	return (v ? EV_IN : 0) | (v < COUNTER_MAX ? EV_OUT : 0);
}

/* Takes what a read gets; waits for it. */
static int64_t counter_take(struct file *f, struct counter *c, uint64_t *v, bool nonblock)
{
	int err = 0;

	spin_lock(&f->lock);
	while (!(*v = atomic_load(&c->value)) && !err)
		err = nonblock ? -EAGAIN : waitq_sleep(&c->readers, &f->lock, T_FOREVER, PARK_INTR);
	if (*v) {
		*v = c->semaphore ? 1 : *v;
		atomic_fetch_sub(&c->value, *v);
		waitq_wake_all(&c->writers);
		err = 0;
	}
	spin_unlock(&f->lock);
	return err == -EINTR ? -ERESTART : err;
}

static int64_t counter_read(struct file *f, struct iter *it, bool nonblock)
{
	uint64_t v, n = sizeof v;

	if (it->left < n)
		return -EINVAL;
	uint64_t addr = iter_front(it, &n);
	if (n < sizeof v)
		return -EINVAL;
	int64_t err = counter_take(f, f->priv, &v, nonblock);
	if (err)
		return err;
	poll_notify(&f->poll, EV_OUT);
	return copyout(addr, &v, sizeof v) ? -EFAULT : (int64_t)sizeof v;
}

static int64_t counter_add(struct file *f, struct counter *c, uint64_t v, bool nonblock)
{
	int err = 0;

	spin_lock(&f->lock);
	while (v > COUNTER_MAX - atomic_load(&c->value) && !err)
		err = nonblock ? -EAGAIN : waitq_sleep(&c->writers, &f->lock, T_FOREVER, PARK_INTR);
	if (!err) {
		atomic_fetch_add(&c->value, v);
		waitq_wake_all(&c->readers);
	}
	spin_unlock(&f->lock);
	return err == -EINTR ? -ERESTART : err;
}

static int64_t counter_write(struct file *f, struct iter *it, bool nonblock)
{
	uint64_t v, n = sizeof v;

	if (it->left < n)
		return -EINVAL;
	uint64_t addr = iter_front(it, &n);
	if (n < sizeof v)
		return -EINVAL;
	if (copyin(&v, addr, sizeof v))
		return -EFAULT;
	if (v == UINT64_MAX)
		return -EINVAL;
	int64_t err = counter_add(f, f->priv, v, nonblock);
	if (!err && v)
		poll_notify(&f->poll, EV_IN);
	return err ? err : (int64_t)sizeof v;
}

static void counter_destroy(struct file *f)
{
	kfree(f->priv);
}

static const struct file_ops counter_ops = {
	counter_read, counter_write, counter_ready, counter_destroy,
};

long sys_counter_create(long first, long flags)
{
	if (flags & ~(long)(O_CLOEXEC | O_NONBLOCK | COUNTER_SEMAPHORE) || (uint64_t)first > COUNTER_MAX)
		return -EINVAL;
	struct counter *c = kzalloc(sizeof *c);
	if (!c)
		return -ENOMEM;
	atomic_init(&c->value, (uint64_t)first);
	c->semaphore = flags & COUNTER_SEMAPHORE;
	waitq_init(&c->readers);
	waitq_init(&c->writers);
	struct file *f = file_of_kernel(&counter_ops, c, (uint32_t)flags);
	if (f)
		return file_handle(f, (uint32_t)flags);
	kfree(c);
	return -ENOMEM;
}
