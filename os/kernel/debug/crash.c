/* SPDX-License-Identifier: MIT */
/*
 * Crashes: a process that a signal is about to end is kept, all its threads stopped, until the crash
 * server has looked at it and dropped its debug object. Whoever has a port is a server: the crash server
 * may need it to do its work, so such a process ends at once.
 */
#include "defs.h"
#include "debug/private.h"
#include "proc/proc.h"
#include "sig/signo.h"
#include "sys/sys.h"

#define PATIENCE	30000000000ll	/* ns that a crash server may take */
#define WCOREFLAG	0x80

static struct spinlock crash_lock = SPINLOCK_INIT("crash", RANK_CRASH);
static struct port *crash_port;		/* referenced, under crash_lock */

struct crash_note {
	struct port_note note;
	uint32_t pid, tid;
	int signo;
	uint64_t rip, addr, cred;
	struct href h;			/* counted, or no object */
};

static bool crash_take(struct port_note *n, struct msg *m, struct href *h)
{
	struct crash_note *c = container_of(n, struct crash_note, note);

	m->kind = MSG_CRASH;
	m->w[0] = c->pid;
	m->w[1] = c->tid;
	m->w[2] = (uint64_t)c->signo;
	m->w[3] = c->rip;
	m->w[4] = c->addr;
	m->w[5] = c->cred;
	*h = c->h;
	kfree(c);
	return true;
}

static void crash_drop(struct port_note *n)
{
	struct crash_note *c = container_of(n, struct crash_note, note);

	href_drop(&c->h);
	kfree(c);
}

static const struct note_ops crash_ops = { crash_take, crash_drop };

long sys_crash_port(long h)
{
	struct obj *o = NULL;
	int err = 0;

	if (CRED_UID(atomic_load(&current()->proc->cred)) != 0)
		return -EPERM;
	if ((handle_t)h != H_NONE)
		err = handle_object((handle_t)h, OBJ_PORT, R_RECV, &o);
	if (err)
		return err;
	spin_lock(&crash_lock);
	struct port *old = crash_port;
	crash_port = o ? container_of(o, struct port, obj) : NULL;
	spin_unlock(&crash_lock);
	if (old)
		obj_put(&old->obj);
	return 0;
}

static struct port *port_now(void)
{
	spin_lock(&crash_lock);
	struct port *p = crash_port && !crash_port->dead ? crash_port : NULL;
	if (p)
		obj_get(&p->obj);
	spin_unlock(&crash_lock);
	return p;
}

bool crash_reported(void)
{
	struct port *p = port_now();

	if (p)
		obj_put(&p->obj);
	return p != NULL;
}

/* This thread counts as stopped from here on, before the server hears of it, and all others of the process stop. */
static void stop_others(struct debug *d, struct thread *me)
{
	struct proc *p = d->proc;

	spin_lock(&p->lock);
	d->crash = true;
	d->crash_tid = me->tid;
	me->debug.stopped = true;
	list_for(l, &p->threads) {
		struct thread *t = list_entry(l, struct thread, proc_node);
		if (t == me)
			continue;
		t->debug.want = DEBUG_EV_STOP;
		thread_work(t, WORK_DEBUG);
	}
	spin_unlock(&p->lock);
}

/* Waits till the server drops the object; it is not looked at for ever. */
static void wait_looked_at(struct debug *d, struct thread *t)
{
	struct proc *p = d->proc;
	int64_t end = time_now() + PATIENCE;
	int err = 0;

	while (!err && __atomic_load_n(&t->debug.stopped, __ATOMIC_ACQUIRE))
		err = thread_park(end, PARK_KILL);
	spin_lock(&p->lock);
	t->debug.stopped = false;
	spin_unlock(&p->lock);
}

/* A debug object for the crash, referenced once more by the note; NULL: none, it is only told. */
static struct debug *object_for(struct crash_note *n, int signo)
{
	struct thread *t = current();
	int err;

	n->h.obj = NULL;
	if (t->proc->has_port)
		return NULL;
	struct debug *d = debug_create(t->proc, 0, &err);
	if (!d)
		return NULL;
	d->crash_signo = signo;
	stop_others(d, t);
	n->h = (struct href){ &d->obj, R_ALL, H_CLOEXEC };
	href_get(&n->h);
	return d;
}

int crash_report(struct tframe *tf, int signo, uint64_t addr)
{
	struct thread *t = current();
	struct port *port = port_now();
	struct crash_note *n = port ? kzalloc(sizeof *n) : NULL;
	int status = 0;

	if (n) {
		note_init(&n->note, &crash_ops);
		n->pid = t->proc->pid;
		n->tid = t->tid;
		n->signo = signo;
		n->rip = tf->rip;
		n->addr = addr;
		n->cred = atomic_load(&t->proc->cred);
		struct debug *d = object_for(n, signo);
		if (port_post(port, &n->note))
			crash_drop(&n->note);
		else if (d)
			wait_looked_at(d, t);
		if (d) {
			status = d->cored ? WCOREFLAG : 0;
			obj_put(&d->obj);
		}
	}
	if (port)
		obj_put(&port->obj);
	return status;
}
