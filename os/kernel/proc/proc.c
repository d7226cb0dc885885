/* SPDX-License-Identifier: MIT */
/* Processes: their making, and their end. */
#include "defs.h"
#include "ipc/call.h"
#include "proc/proc.h"

static void proc_destroy(struct obj *o);
static uint32_t proc_ready(struct obj *o);
static struct poll_head *proc_poll(struct obj *o);

const struct obj_type proc_type = {
	.kind = OBJ_PROC, .name = "proc", .destroy = proc_destroy, .ready = proc_ready,
	.poll = proc_poll,
};

static uint32_t proc_ready(struct obj *o)
{
	return atomic_load(&container_of(o, struct proc, obj)->ready);
}

static struct poll_head *proc_poll(struct obj *o)
{
	return &container_of(o, struct proc, obj)->poll;
}

struct proc *proc_alloc(struct proc *parent)
{
	struct proc *p = kzalloc(sizeof *p);

	if (!p)
		return NULL;
	p->pid = pid_alloc();
	if (!p->pid) {
		kfree(p);
		return NULL;
	}
	obj_init(&p->obj, &proc_type);
	spin_init(&p->lock, "proc", RANK_PROC);
	list_init(&p->threads);
	list_init(&p->all_node);
	list_init(&p->cpu_timers);
	waitq_init(&p->alone);
	handles_init(&p->handles);
	limits_init(p, parent);
	sig_queue_init(&p->sig.q);
	poll_init(&p->poll, RANK_BIND);
	if (parent) {
		p->ppid = p->maker = parent->pid;
		p->cred = atomic_load(&parent->cred);
		p->groups = atomic_load(&parent->groups);
		p->seal = parent->seal;
		p->sealed = parent->sealed;
		p->next_seal = parent->next_seal;
		p->seal_later = parent->seal_later;
		memcpy(p->name, parent->name, sizeof p->name);
	}
	return p;
}

static void proc_destroy(struct obj *o)
{
	struct proc *p = container_of(o, struct proc, obj);

	bind_forget(o, &p->poll);
	if (p->page)
		kpage_put(p->page);
	pid_free(p->pid);
	kfree(p);
}

void proc_discard(struct proc *p)
{
	handles_clear(&p->handles);
	if (p->vm)
		obj_put(&p->vm->obj);
	p->vm = NULL;
	obj_put(&p->obj);
}

bool vm_take(struct vm *vm)
{
	return !__atomic_exchange_n(&vm->taken, true, __ATOMIC_ACQ_REL);
}

int pages_map(struct vm *vm, struct new_pages *np)
{
	void *page = NULL, *tpage = NULL;
	int err = vm_map_kpage(vm, &page, &np->at.proc, PROT_READ | PROT_WRITE);

	if (!err)
		err = vm_map_kpage(vm, &tpage, &np->at.thread, PROT_READ | PROT_WRITE);
	if (!err)
		err = vm_map_time(vm, &np->at.time);
	np->page = page;
	np->tpage = tpage;
	if (err)
		pages_put(np);
	return err;
}

void pages_put(struct new_pages *np)
{
	if (np->page)
		kpage_put(np->page);
	if (np->tpage)
		kpage_put(np->tpage);
	np->page = NULL;
	np->tpage = NULL;
}

int proc_add_thread(struct proc *p, struct thread *t)
{
	int err = -EAGAIN;

	spin_lock(&p->lock);
	if (!p->dying && !p->keeper) {
		t->proc = p;
		t->vm = p->vm;
		strlcpy(t->name, p->name, sizeof t->name);
		sig_queue_init(&t->sig.q);
		list_init(&t->ipc.recv_node);
		list_add_tail(&p->threads, &t->proc_node);
		p->nthread++;
		debug_thread_new(p, t);
		thread_calls(t);
		if (p->sig.stopped)
			t->work |= WORK_STOP;
		err = 0;
	}
	spin_unlock(&p->lock);
	return err;
}

/* proc.lock is held. */
static void kill_others(struct proc *p, struct thread *but)
{
	list_for(n, &p->threads) {
		struct thread *t = list_entry(n, struct thread, proc_node);
		if (t != but)
			thread_work(t, WORK_KILL);
	}
}

void proc_kill(struct proc *p, int status)
{
	spin_lock(&p->lock);
	if (!p->dying && p->nthread) {
		p->dying = true;
		p->keeper = NULL;
		p->status = status;
		kill_others(p, NULL);
	}
	spin_unlock(&p->lock);
}

int proc_alone(void)
{
	struct thread *t = current();
	struct proc *p = t->proc;
	int err = 0;

	spin_lock(&p->lock);
	if (p->dying || p->keeper)
		err = -EINTR;
	if (!err && p->nthread > 1) {
		p->keeper = t;
		kill_others(p, t);
		while (p->nthread > 1 && !err)
			err = waitq_sleep(&p->alone, &p->lock, T_FOREVER, PARK_KILL);
		if (p->keeper == t)
			p->keeper = NULL;
	}
	spin_unlock(&p->lock);
	return err;
}

/* What a process holds beyond its last thread, which does not run in its vm any more. */
static void proc_end(struct proc *p)
{
	handles_clear(&p->handles);
	calls_orphaned(p);
	spin_lock(&p->lock);
	struct vm *vm = p->vm;
	p->vm = NULL;
	sig_queue_flush(p, &p->sig.q, ~0ull);
	spin_unlock(&p->lock);
	obj_put(&vm->obj);
	atomic_store(&p->ready, EV_EXITED | EV_IN);
	poll_notify(&p->poll, EV_EXITED | EV_IN);
	debug_ended(p);
	proc_died(p);
	proc_leave(p);
}

/* Takes the calling thread out of its process: true when it was the last one. */
static bool thread_unlink(struct proc *p, struct thread *t)
{
	spin_lock(&p->lock);
	list_del(&t->proc_node);
	p->nthread--;
	usage_keep(p, t);
	debug_thread_end(p, t);
	bool last = p->nthread == 0;
	if (last)
		p->dying = true;
	sig_queue_flush(p, &t->sig.q, ~0ull);
	if (p->keeper && p->nthread == 1)
		waitq_wake_all(&p->alone);
	if (!p->dying)
		sig_pass_on(p);
	spin_unlock(&p->lock);
	return last;
}

void proc_thread_leave(void)
{
	struct thread *t = current();
	struct proc *p = t->proc;
	void *tpage = t->tpage;

	robust_exit();
	call_release(t);
	if (p->nthread > 1)
		vm_unmap_kpage(p->vm, t->tpage_user);
	thread_use_vm(NULL);
	bool last = thread_unlink(p, t);
	if (last)
		proc_end(p);
	if (t->tid != p->pid)
		pid_free(t->tid);
	t->proc = NULL;
	t->tpage = NULL;
	kpage_put(tpage);
	if (last)
		obj_put(&p->obj);
	thread_gone();
}
