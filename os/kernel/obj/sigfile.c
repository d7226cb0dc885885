/* SPDX-License-Identifier: MIT */
/*
 * Signal files: reading one takes pending signals of the process that reads, as Linux's signalfd. A
 * file may be inherited, so it belongs to no process: who has ever looked at one is marked, and a
 * signal for such a process tells all files that have it in their set to look again.
 */
#include "defs.h"
#include "obj/file.h"
#include "proc/proc.h"
#include "sig/signo.h"
#include "sys/sys.h"

#define SI_TIMER	(-2)

struct sigfile {
	struct file *file;
	struct list node;		/* in files, under sigfiles_lock */
	_Atomic uint64_t set;
	struct waitq readers;		/* under file->lock */
};

/* What a read gives: Linux's struct signalfd_siginfo. */
struct sigfile_info {
	uint32_t signo;
	int32_t err, code;
	uint32_t pid, uid;
	int32_t fd;
	uint32_t tid, band, overrun, trapno;
	int32_t status, value;
	uint64_t ptr, utime, stime, addr;
	uint8_t pad[48];
};
_Static_assert(sizeof(struct sigfile_info) == 128, "as Linux's");

static struct spinlock sigfiles_lock = SPINLOCK_INIT("sigfiles", RANK_SIGFILES);
static struct list files = LIST_INIT(files);

void sigfiles_tell(int signo)
{
	spin_lock(&sigfiles_lock);
	list_for(n, &files) {
		struct sigfile *s = list_entry(n, struct sigfile, node);
		if (!(atomic_load(&s->set) & SIG_BIT(signo)))
			continue;
		spin_lock(&s->file->lock);
		waitq_wake_all(&s->readers);
		spin_unlock(&s->file->lock);
		poll_notify(&s->file->poll, EV_IN);
	}
	spin_unlock(&sigfiles_lock);
}

static bool pending_in(const struct sigfile *s)
{
	struct thread *t = current();

	if (!t->proc)
		return false;
	__atomic_store_n(&t->proc->sig.watched, true, __ATOMIC_SEQ_CST);
	return sig_pending_set(t) & atomic_load(&s->set);
}

static uint32_t sigfile_ready(struct file *f)
{
	return pending_in(f->priv) ? EV_IN : 0;
}

static void info_fill(struct sigfile_info *o, const struct abi_siginfo *i)
{
	memset(o, 0, sizeof *o);
	o->signo = (uint32_t)i->signo;
	o->err = i->err;
	o->code = i->code;
	if (i->code == SI_TIMER) {
		o->tid = (uint32_t)i->u.timer.timerid;
		o->overrun = (uint32_t)i->u.timer.overrun;
		o->value = (int32_t)i->u.timer.value;
		o->ptr = i->u.timer.value;
		return;
	}
	o->pid = (uint32_t)i->u.kill.pid;
	o->uid = i->u.kill.uid;
	if (i->signo == SIGCHLD && i->code > 0) {
		o->status = i->u.chld.status;
		o->utime = (uint64_t)i->u.chld.utime;
		o->stime = (uint64_t)i->u.chld.stime;
	} else {
		o->value = (int32_t)i->u.kill.value;
		o->ptr = i->u.kill.value;
	}
}

/* Waits till the caller has a signal of the set. */
static int sigfile_wait(struct file *f, struct sigfile *s, bool nonblock)
{
	int err = 0;

	spin_lock(&f->lock);
	while (!pending_in(s) && !err)
		err = nonblock ? -EAGAIN : waitq_sleep(&s->readers, &f->lock, T_FOREVER, PARK_INTR);
	spin_unlock(&f->lock);
	return err == -EINTR ? -ERESTART : err;
}

static int take(const struct sigfile *s, struct abi_siginfo *info)
{
	struct thread *t = current();

	spin_lock(&t->proc->lock);
	int signo = sig_take(t, atomic_load(&s->set), info);
	spin_unlock(&t->proc->lock);
	return signo;
}

static int64_t sigfile_read(struct file *f, struct iter *it, bool nonblock)
{
	struct sigfile *s = f->priv;
	struct sigfile_info out;
	struct abi_siginfo info;
	int64_t done = 0;

	while (it->left >= sizeof out) {
		uint64_t n = sizeof out;
		uint64_t addr = iter_front(it, &n);
		if (n < sizeof out)
			break;
		if (!take(s, &info)) {
			int err = done ? -EAGAIN : sigfile_wait(f, s, nonblock);
			if (err)
				return done ? done : err;
			continue;
		}
		info_fill(&out, &info);
		if (copyout(addr, &out, sizeof out))
			return done ? done : -EFAULT;
		iter_skip(it, sizeof out);
		done += (int64_t)sizeof out;
	}
	return done ? done : -EINVAL;
}

static void sigfile_destroy(struct file *f)
{
	struct sigfile *s = f->priv;

	spin_lock(&sigfiles_lock);
	list_del(&s->node);
	spin_unlock(&sigfiles_lock);
	kfree(s);
}

static const struct file_ops sigfile_ops = {
	.read = sigfile_read, .ready = sigfile_ready, .destroy = sigfile_destroy,
};

static long sigfile_change(handle_t h, uint64_t set)
{
	struct file *f;
	int err = file_get(h, 0, &f);

	if (err)
		return err;
	if (f->ops != &sigfile_ops)
		err = -EINVAL;
	else
		atomic_store(&((struct sigfile *)f->priv)->set, set);
	obj_put(&f->obj);
	return err ? err : h;
}

long sys_sigfile(long h, long set, long flags)
{
	uint64_t wanted = (uint64_t)set & ~SIG_UNBLOCKABLE;

	if (flags & ~(long)(O_CLOEXEC | O_NONBLOCK))
		return -EINVAL;
	if ((handle_t)h != H_NONE)
		return sigfile_change((handle_t)h, wanted);
	struct sigfile *s = kzalloc(sizeof *s);
	if (!s)
		return -ENOMEM;
	list_init(&s->node);
	waitq_init(&s->readers);
	atomic_init(&s->set, wanted);
	s->file = file_of_kernel(&sigfile_ops, s, (uint32_t)flags);
	if (!s->file) {
		kfree(s);
		return -ENOMEM;
	}
	spin_lock(&sigfiles_lock);
	list_add_tail(&files, &s->node);
	spin_unlock(&sigfiles_lock);
	return file_handle(s->file, (uint32_t)flags);
}
