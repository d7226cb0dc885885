/* SPDX-License-Identifier: MIT */
/* Debug objects: life, events, and the stops of threads. */
#include "defs.h"
#include "debug/private.h"
#include "proc/proc.h"
#include "sig/signo.h"
#include "sys/sys.h"

#define TF	0x100ul

static void debug_closed(struct obj *o);
static void debug_destroy(struct obj *o);
static uint32_t debug_ready(struct obj *o);
static struct poll_head *debug_poll(struct obj *o);

static const struct obj_type debug_type = {
	.kind = OBJ_DEBUG, .name = "debug", .closed = debug_closed, .destroy = debug_destroy,
	.ready = debug_ready, .poll = debug_poll,
};

static uint32_t debug_ready(struct obj *o)
{
	struct debug *d = container_of(o, struct debug, obj);

	if (!list_empty(&d->events) || (d->ended && !d->end_told))
		return EV_IN;
	return d->ended ? EV_HUP : 0;
}

static struct poll_head *debug_poll(struct obj *o)
{
	return &container_of(o, struct debug, obj)->poll;
}

static void debug_destroy(struct obj *o)
{
	struct debug *d = container_of(o, struct debug, obj);

	bind_forget(o, &d->poll);
	obj_put(&d->proc->obj);
	kfree(d);
}

/* Does t stop in system calls? proc.lock is held. */
static void set_traced(struct thread *t, bool on)
{
	t->debug.calls = on;
	thread_calls(t);
	thread_work(t, WORK_RESCHED);	/* its CPU looks at it on the way to user mode */
}

/* t runs on. proc.lock is held. */
static void release(struct thread *t)
{
	t->debug.want = 0;
	t->debug.stopped = false;
	list_del(&t->debug.note.node);
	thread_work_clear(t, WORK_DEBUG);
	thread_wake(t);
}

static void note_free(struct debug_note *n)
{
	if (!n->own)
		return;
	href_drop(&n->h);
	kfree(n);
}

/* The last handle is gone: everything runs on; of a crash only who crashed, to end the rest. */
static void debug_end(struct debug *d)
{
	struct proc *p = d->proc;
	struct list own = LIST_INIT(own);
	struct list *l;

	spin_lock(&p->lock);
	if (p->debug == d)
		p->debug = NULL;
	while ((l = list_pop(&d->events)))
		if (list_entry(l, struct debug_note, node)->own)
			list_add_tail(&own, l);
	list_for(n, &p->threads) {
		struct thread *t = list_entry(n, struct thread, proc_node);
		if (d->crash && t->tid != d->crash_tid)
			continue;
		if (t->debug.step)
			t->tf->rflags &= ~TF;
		t->debug.step = false;
		set_traced(t, false);
		release(t);
	}
	bool kill = d->options & DEBUG_KILL;
	spin_unlock(&p->lock);
	while ((l = list_pop(&own)))
		note_free(list_entry(l, struct debug_note, node));
	if (kill)
		proc_kill(p, SIGKILL);
}

static void debug_closed(struct obj *o)
{
	debug_end(container_of(o, struct debug, obj));
}

/* Everybody who waits for events looks. proc.lock is held. */
static void news(struct debug *d)
{
	waitq_wake_all(&d->waiters);
	poll_notify(&d->poll, EV_IN);
}

static void fill(struct debug_event *ev, const struct thread *t, uint32_t kind)
{
	ev->kind = kind;
	ev->pid = t->proc->pid;
	ev->tid = t->tid;
	ev->h = H_NONE;
	ev->time = time_now();
}

void debug_stop(struct thread *t, uint32_t kind)
{
	struct proc *p = t->proc;

	spin_lock(&p->lock);
	struct debug *d = p->debug;
	t->debug.want = 0;
	thread_work_clear(t, WORK_DEBUG);
	if (d) {
		fill(&t->debug.note.ev, t, kind);
		t->debug.stopped = true;
		t->debug.told = false;
		list_del(&t->debug.note.node);
		list_add_tail(&d->events, &t->debug.note.node);
		news(d);
	}
	spin_unlock(&p->lock);
	while (__atomic_load_n(&t->debug.stopped, __ATOMIC_ACQUIRE))
		if (thread_park(T_FOREVER, PARK_KILL))
			break;
}

void debug_stop_wanted(struct tframe *tf)
{
	struct thread *t = current();
	uint32_t kind = t->debug.want;

	(void)tf;
	if (kind)
		debug_stop(t, kind);
	else
		thread_work_clear(t, WORK_DEBUG);
}

int debug_signal(struct tframe *tf, int signo, struct abi_siginfo *info)
{
	struct thread *t = current();

	(void)tf;
	if (!t->proc->debug || t->proc->debug->crash || signo == SIGKILL)
		return signo;
	t->debug.note.ev.info = *info;
	debug_stop(t, DEBUG_EV_SIGNAL);
	if (t->debug.told)
		signo = t->debug.deliver;
	if (signo != info->signo)
		*info = (struct abi_siginfo){ .signo = signo, .code = SI_USER };
	return signo;
}

bool debug_stepped(struct tframe *tf)
{
	struct thread *t = current();

	if (!t->debug.step)
		return false;
	tf->rflags &= ~TF;
	t->debug.step = false;
	if (t->proc->debug)
		debug_stop(t, DEBUG_EV_STEP);
	return true;
}

void debug_executed(void)
{
	struct thread *t = current();
	struct proc *p = t->proc;

	spin_lock(&p->lock);
	if (p->debug && (p->debug->options & DEBUG_EXECS)) {
		t->debug.want = DEBUG_EV_EXEC;
		thread_work(t, WORK_DEBUG);
	}
	spin_unlock(&p->lock);
}

void debug_thread_new(struct proc *p, struct thread *t)
{
	struct debug *d = p->debug;

	if (!d)
		return;
	if (d->options & DEBUG_SYSCALLS)
		t->debug.calls = true;
	if ((d->options & DEBUG_THREADS) && p->nthread > 1) {
		t->debug.want = DEBUG_EV_THREAD;
		t->work |= WORK_DEBUG;
	}
}

void debug_thread_end(struct proc *p, struct thread *t)
{
	struct debug *d = p->debug;
	struct debug_note *n;

	t->debug.stopped = false;
	list_del(&t->debug.note.node);
	if (!d || !(d->options & DEBUG_THREADS) || !(n = kzalloc(sizeof *n)))
		return;
	n->own = true;
	fill(&n->ev, t, DEBUG_EV_THREAD_END);
	list_add_tail(&d->events, &n->node);
	news(d);
}

void debug_ended(struct proc *p)
{
	spin_lock(&p->lock);
	if (p->debug) {
		p->debug->ended = true;
		news(p->debug);
		poll_notify(&p->debug->poll, EV_HUP);
	}
	spin_unlock(&p->lock);
}

struct debug *debug_create(struct proc *p, uint32_t options, int *err)
{
	struct debug *d = kzalloc(sizeof *d);

	if (!d) {
		*err = -ENOMEM;
		return NULL;
	}
	obj_init(&d->obj, &debug_type);
	obj_get(&p->obj);
	d->proc = p;
	d->options = options;
	list_init(&d->events);
	waitq_init(&d->waiters);
	poll_init(&d->poll, RANK_BIND);
	spin_lock(&p->lock);
	*err = p->debug ? -EBUSY : p->dying || (p->nthread == 0 && p->vm == NULL) ? -ESRCH : 0;
	if (!*err)
		p->debug = d;
	spin_unlock(&p->lock);
	if (!*err)
		return d;
	obj_put(&d->obj);
	return NULL;
}

int debug_fork(struct proc *child, struct thread *t, struct debug_note **fork)
{
	struct debug *d = current()->proc->debug;
	int err;

	*fork = NULL;
	if (!d || !(d->options & DEBUG_FORKS))
		return 0;
	struct debug_note *n = kzalloc(sizeof *n);
	if (!n)
		return -ENOMEM;
	struct debug *own = debug_create(child, d->options, &err);
	if (!own) {
		kfree(n);
		return err;
	}
	n->own = true;
	n->h = (struct href){ &own->obj, R_ALL, 0 };
	href_get(&n->h);
	obj_put(&own->obj);
	t->debug.want = DEBUG_EV_STOP;
	t->work |= WORK_DEBUG;
	*fork = n;
	return 0;
}

void debug_forked(struct debug_note *n, uint32_t pid)
{
	if (!n)
		return;
	struct thread *t = current();
	struct proc *p = t->proc;
	spin_lock(&p->lock);
	struct debug *d = p->debug;
	if (d) {
		fill(&n->ev, t, DEBUG_EV_FORK);
		n->ev.arg[0] = pid;
		list_add_tail(&d->events, &n->node);
		news(d);
	}
	spin_unlock(&p->lock);
	if (!d)
		note_free(n);
}

void debug_fork_failed(struct debug_note *n)
{
	if (n)
		note_free(n);
}

/* System calls of threads that are traced, and numbers that do not exist: from entry.S. */
long sys_slow(struct tframe *tf);

static long call_fn(uint64_t nr, struct tframe *tf)
{
	sys_fn *fn = nr < SYS_COUNT ? sys_table[nr] : NULL;

	if (!fn)
		return -ENOSYS;
	if (current()->proc->sealed && seal_check(nr))
		return -EPERM;
	return fn((long)tf->rdi, (long)tf->rsi, (long)tf->rdx, (long)tf->r10, (long)tf->r8, (long)tf->r9);
}

/* The event of a system call; false: the thread is to end. */
static bool tell_call(uint32_t kind, const struct debug_event *call, long result)
{
	struct thread *t = current();
	struct debug_event *ev = &t->debug.note.ev;

	if (!t->proc->debug || t->proc->debug->crash || !t->debug.calls)
		return true;
	ev->nr = call->nr;
	memcpy(ev->arg, call->arg, sizeof ev->arg);
	ev->result = result;
	debug_stop(t, kind);
	return !(__atomic_load_n(&t->work, __ATOMIC_SEQ_CST) & WORK_KILL);
}

long sys_slow(struct tframe *tf)
{
	struct debug_event call = { .nr = tf->rax, .arg = { tf->rdi, tf->rsi, tf->rdx, tf->r10, tf->r8, tf->r9 } };

	if (!current()->debug.calls)
		return call_fn(tf->rax, tf);
	if (!tell_call(DEBUG_EV_ENTRY, &call, 0))
		return -EINTR;
	long r = call_fn(tf->rax, tf);
	if (tf->trapno != TRAP_SYSCALL)
		return r;			/* the registers are another program's, or a handler's frame's */
	tf->rax = (uint64_t)r;
	tell_call(DEBUG_EV_RETURN, &call, r);
	return (long)tf->rax;
}

/* The first event of d into *n, which the caller frees, or an own one's. proc.lock is held. */
static bool take(struct debug *d, struct debug_note *out)
{
	struct list *l = list_pop(&d->events);

	if (l) {
		struct debug_note *n = list_entry(l, struct debug_note, node);
		out->ev = n->ev;
		out->h = n->h;
		if (n->own)
			kfree(n);
		else
			out->h.obj = NULL;
		return true;
	}
	if (!d->ended || d->end_told)
		return false;
	memset(out, 0, sizeof *out);
	out->ev.kind = DEBUG_EV_EXIT;
	out->ev.pid = out->ev.tid = d->proc->pid;
	out->ev.h = H_NONE;
	out->ev.result = d->proc->status;
	out->ev.time = time_now();
	d->end_told = true;
	return true;
}

static int wait_event(struct debug *d, struct debug_note *n, int64_t deadline)
{
	struct proc *p = d->proc;
	int err = 0;

	spin_lock(&p->lock);
	while (!take(d, n) && !err)
		err = d->end_told ? -ESRCH : waitq_sleep(&d->waiters, &p->lock, deadline, PARK_INTR);
	spin_unlock(&p->lock);
	return err == -EINTR ? -ERESTART_QUIET : err;
}

long sys_debug_wait(long h, long uev, long deadline)
{
	struct debug_note n;
	struct obj *o;
	int err = handle_object((handle_t)h, OBJ_DEBUG, 0, &o);

	if (err)
		return err;
	n.h.obj = NULL;
	err = wait_event(container_of(o, struct debug, obj), &n, deadline);
	obj_put(o);
	if (err)
		return err;
	if (n.h.obj) {
		n.ev.h = handle_place(&current()->proc->handles, n.h, H_CLOEXEC);
		if (n.ev.h < 0)
			href_drop(&n.h);
	}
	return copyout((uint64_t)uev, &n.ev, sizeof n.ev);
}
