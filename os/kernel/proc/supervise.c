/* SPDX-License-Identifier: MIT */
/*
 * Supervision: the list of all processes, and what a supervisor hears of them on its port. A
 * process inherits its supervisor; one whose port has died may be taken over.
 */
#include "defs.h"
#include "proc/proc.h"
#include "sys/sys.h"

static struct spinlock tree_lock = SPINLOCK_INIT("tree", RANK_SUPERVISE);
static struct list all = LIST_INIT(all);	/* proc.all_node */
static uint32_t nproc;

static bool born_take(struct port_note *n, struct msg *m, struct href *h)
{
	struct proc *p = container_of(n, struct proc, born);

	m->kind = MSG_BORN;
	m->w[0] = p->pid;
	m->w[1] = p->maker;
	m->w[2] = atomic_load(&p->cred);
	*h = (struct href){ &p->obj, R_ALL, 0 };
	href_get(h);
	obj_put(&p->obj);
	return true;
}

static void born_drop(struct port_note *n)
{
	obj_put(&container_of(n, struct proc, born)->obj);
}

static bool died_take(struct port_note *n, struct msg *m, struct href *h)
{
	struct proc *p = container_of(n, struct proc, died);
	int64_t user, sys;

	(void)h;
	spin_lock(&p->lock);
	proc_times(p, &user, &sys);
	spin_unlock(&p->lock);
	m->kind = MSG_DIED;
	m->w[0] = p->pid;
	m->w[1] = (uint64_t)(int64_t)p->status;
	m->w[2] = (uint64_t)user;
	m->w[3] = (uint64_t)sys;
	obj_put(&p->obj);
	return true;
}

static void died_drop(struct port_note *n)
{
	obj_put(&container_of(n, struct proc, died)->obj);
}

static const struct note_ops born_ops = { born_take, born_drop };
static const struct note_ops died_ops = { died_take, died_drop };

struct state_note {
	struct port_note note;
	uint32_t pid, bit;
	uint64_t detail;		/* w[2] */
};

static bool state_take(struct port_note *n, struct msg *m, struct href *h)
{
	struct state_note *s = container_of(n, struct state_note, note);

	(void)h;
	m->kind = MSG_STATE;
	m->w[0] = s->pid;
	m->w[1] = s->bit;
	m->w[2] = s->detail;
	kfree(s);
	return true;
}

static void state_drop(struct port_note *n)
{
	kfree(container_of(n, struct state_note, note));
}

static const struct note_ops state_ops = { state_take, state_drop };

/* Posts a note embedded in p, which keeps p alive meanwhile. tree_lock is held. */
static void post_locked(struct proc *p, struct port_note *n)
{
	if (!p->supervisor)
		return;
	obj_get(&p->obj);
	if (port_post(p->supervisor, n))
		atomic_fetch_sub(&p->obj.refs, 1);	/* not the last: the caller has one */
}

void proc_enter(struct proc *p, struct proc *parent)
{
	note_init(&p->born, &born_ops);
	note_init(&p->died, &died_ops);
	spin_lock(&tree_lock);
	list_add_tail(&all, &p->all_node);
	nproc++;
	if (parent && parent->supervisor) {
		p->supervisor = parent->supervisor;
		obj_get(&p->supervisor->obj);
	}
	post_locked(p, &p->born);
	spin_unlock(&tree_lock);
}

void proc_died(struct proc *p)
{
	spin_lock(&tree_lock);
	post_locked(p, &p->died);
	spin_unlock(&tree_lock);
}

/* The first process takes over the children of `dead`. tree_lock is held. */
static void orphans(uint32_t dead)
{
	list_for(n, &all) {
		struct proc *p = list_entry(n, struct proc, all_node);
		if (p->ppid != dead)
			continue;
		spin_lock(&p->lock);
		p->ppid = 1;
		p->page->ppid = 1;
		spin_unlock(&p->lock);
	}
}

void proc_leave(struct proc *p)
{
	spin_lock(&tree_lock);
	list_del(&p->all_node);
	nproc--;
	orphans(p->pid);
	struct port *port = p->supervisor;
	p->supervisor = NULL;
	spin_unlock(&tree_lock);
	if (port)
		obj_put(&port->obj);
}

struct thread *proc_thread(struct proc *p, uint32_t tid)
{
	struct thread *found = NULL, *me = current();

	if (p == me->proc && (tid == 0 || tid == me->tid)) {
		obj_get(&me->obj);
		return me;
	}
	spin_lock(&p->lock);
	list_for(n, &p->threads) {
		struct thread *t = list_entry(n, struct thread, proc_node);

		if (t->tid == tid && obj_tryget(&t->obj)) {
			found = t;
			break;
		}
	}
	spin_unlock(&p->lock);
	return found;
}

struct thread *proc_any_thread(uint32_t tid, uint64_t *cred)
{
	struct proc *me = current()->proc;
	struct thread *found = proc_thread(me, tid);

	*cred = atomic_load(&me->cred);
	if (found)
		return found;
	spin_lock(&tree_lock);
	list_for(n, &all) {
		struct proc *p = list_entry(n, struct proc, all_node);

		found = proc_thread(p, tid);
		*cred = atomic_load(&p->cred);
		if (found)
			break;
	}
	spin_unlock(&tree_lock);
	return found;
}

void proc_each(void (*fn)(struct proc *p, void *arg), void *arg)
{
	spin_lock(&tree_lock);
	list_for(n, &all)
		fn(list_entry(n, struct proc, all_node), arg);
	spin_unlock(&tree_lock);
}

/* MSG_STATE to the supervisor; lost when there is no memory. */
static void tell_state(struct proc *p, uint32_t bit, uint64_t detail)
{
	struct state_note *s = kmalloc(sizeof *s);

	if (!s)
		return;
	note_init(&s->note, &state_ops);
	s->pid = p->pid;
	s->bit = bit;
	s->detail = detail;
	spin_lock(&tree_lock);
	int err = p->supervisor ? port_post(p->supervisor, &s->note) : -EPIPE;
	spin_unlock(&tree_lock);
	if (err)
		kfree(s);
}

void proc_state_changed(struct proc *p, uint32_t bit, int signo)
{
	atomic_fetch_and(&p->ready, ~(uint32_t)(EV_STOPPED | EV_CONTINUED));
	atomic_fetch_or(&p->ready, bit);
	poll_notify(&p->poll, bit);
	tell_state(p, bit, (uint64_t)signo);
}

void proc_executed(struct proc *p)
{
	tell_state(p, EV_EXECED, atomic_load(&p->cred));
}

uint32_t proc_count(void)
{
	return nproc;
}

/* Whether p is `top` or descends from it, through processes that still run. tree_lock is held. */
static bool descends(struct proc *p, struct proc *top)
{
	for (unsigned depth = 0; p && depth < 64; depth++) {
		struct proc *up = NULL;
		if (p == top)
			return true;
		list_for(n, &all) {
			struct proc *x = list_entry(n, struct proc, all_node);
			if (x->pid == p->ppid)
				up = x;
		}
		p = up;
	}
	return false;
}

static bool free_to_take(struct proc *p)
{
	return !p->supervisor || p->supervisor->dead;
}

/* The next process that is to be watched by port, referenced; NULL: none is left. */
static struct proc *take_one(struct proc *me, struct port *port, struct port **old)
{
	struct proc *found = NULL;

	spin_lock(&tree_lock);
	list_for(n, &all) {
		struct proc *p = list_entry(n, struct proc, all_node);
		if (!free_to_take(p) || !descends(p, me) || !obj_tryget(&p->obj))
			continue;
		found = p;
		*old = p->supervisor;
		p->supervisor = port;
		obj_get(&port->obj);
		post_locked(p, &p->born);
		break;
	}
	spin_unlock(&tree_lock);
	return found;
}

/* Takes the caller and those of its descendants that nobody watches; says so in MSG_BORN. */
long sys_proc_supervise(long h)
{
	struct proc *p, *me = current()->proc;
	struct obj *o;
	int err = handle_object((handle_t)h, OBJ_PORT, 0, &o);

	if (err)
		return err;
	struct port *port = container_of(o, struct port, obj), *old;
	spin_lock(&tree_lock);
	if (!free_to_take(me))
		err = -EPERM;
	else if (port->dead)
		err = -EPIPE;
	spin_unlock(&tree_lock);
	while (!err && (p = take_one(me, port, &old))) {
		if (old)
			obj_put(&old->obj);
		obj_put(&p->obj);
		if (port->dead)
			err = -EPIPE;
	}
	obj_put(o);
	return err;
}
