/* SPDX-License-Identifier: MIT */
/* New processes: fork, creation in a prepared address space, and the first one. */
#include "defs.h"
#include "dev/dev.h"
#include "obj/file.h"
#include "proc/proc.h"
#include "sig/signo.h"
#include "sys/sys.h"

#define CREATE_HANDLES	4096

/* Maps the shared pages of p's address space and fills in what the kernel says there. */
static int proc_pages(struct proc *p, struct thread *t, struct new_pages *np)
{
	int err = pages_map(p->vm, np);

	if (err)
		return err;
	p->page = np->page;
	p->page_user = np->at.proc;
	p->time_user = np->at.time;
	t->tpage = np->tpage;
	t->tpage_user = np->at.thread;
	t->tid = p->pid;
	return 0;
}

static void page_fill(struct proc *p, struct thread *t)
{
	struct thread_page *tp = t->tpage;

	p->page->pid = p->pid;
	p->page->ppid = p->ppid;
	p->page->ncpu = ncpu;
	p->page->time_page = p->time_user;
	p->page->thread_page = t->tpage_user;
	tp->tid = t->tid;
	tp->pending = 0;
}

/* A thread that never ran. */
static void thread_undo(struct thread *t)
{
	if (t->tpage)
		kpage_put(t->tpage);
	t->tpage = NULL;
	thread_discard(t);
	obj_put(&t->obj);
}

/* Sets a complete process going; its number. */
static long proc_launch(struct proc *p, struct thread *t, struct proc *parent, struct debug_note *fork)
{
	long pid = p->pid;

	limits_to_vm(p, p->vm);
	proc_add_thread(p, t);
	proc_enter(p, parent);
	thread_start(t);
	debug_forked(fork, (uint32_t)pid);
	obj_put(&t->obj);
	return pid;
}

/* The child's pages become copies of the parent's. */
static int fork_pages(struct proc *p, struct thread *t)
{
	struct thread *me = current();
	struct new_pages np = { .at = { me->proc->page_user, me->proc->time_user, me->tpage_user } };
	int err = proc_pages(p, t, &np);

	if (err)
		return err;
	page_copy(p->page, me->proc->page);
	page_copy(t->tpage, me->tpage);
	page_fill(p, t);
	return 0;
}

static int fork_fill(struct proc *p, struct thread *t)
{
	p->vm = vm_fork(current()->proc->vm);
	if (!p->vm)
		return -ENOMEM;
	p->vm->taken = true;
	int err = fork_pages(p, t);
	if (!err)
		err = handles_fork(&p->handles, &current()->proc->handles);
	return err;
}

long sys_proc_fork(void)
{
	struct proc *me = current()->proc, *p = limit_nproc() == 0 ? proc_alloc(me) : NULL;
	struct thread *t = p ? thread_create(0, 0, 0, 0) : NULL;

	if (!t) {
		if (p)
			proc_discard(p);
		return -EAGAIN;
	}
	struct debug_note *fork = NULL;
	int err = fork_fill(p, t);
	if (!err)
		err = debug_fork(p, t, &fork);
	if (err) {
		thread_undo(t);
		proc_discard(p);
		return err;
	}
	thread_copy_state(t);
	t->tf->rax = 0;
	return proc_launch(p, t, me, fork);
}

/* The handles of a new process, as its maker lists them. */
static int create_handles(struct proc *p, const struct proc_args *a)
{
	struct proc_handle ph[16];
	int err = 0;

	for (uint32_t i = 0; i < a->nhandles && !err; i++) {
		if (i % 16 == 0) {
			uint32_t n = a->nhandles - i < 16 ? a->nhandles - i : 16;
			err = copyin(ph, a->handles + i * sizeof *ph, n * sizeof *ph);
			if (err)
				break;
		}
		struct href r;
		err = handle_copy(&current()->proc->handles, ph[i % 16].from, &r);
		if (err)
			break;
		file_export(&r);
		r.flags = (r.flags & ~H_CLOEXEC) | (ph[i % 16].flags & H_CLOEXEC);
		err = r.rights & R_DUP ? handle_put_at(&p->handles, &r, ph[i % 16].to) : -EACCES;
		if (err)
			href_drop(&r);
	}
	return err;
}

static int create_fill(struct proc *p, struct thread *t, const struct proc_args *a)
{
	struct new_pages np = { 0 };
	int err = proc_pages(p, t, &np);

	if (err)
		return err;
	random_bytes(p->page->random, sizeof p->page->random);
	page_fill(p, t);
	((struct thread_page *)t->tpage)->sigmask = a->sigmask & ~SIG_UNBLOCKABLE;
	for (int s = 1; s < ABI_NSIG; s++)
		if (a->sig_ignored & ~SIG_UNBLOCKABLE & SIG_BIT(s))
			p->page->act[s].handler = SIG_IGN;
	t->tf->rdi = p->page_user;
	seal_executed(p);
	memcpy(p->name, a->name, sizeof p->name);
	p->name[sizeof p->name - 1] = '\0';
	return create_handles(p, a);
}

/* A process in vm, whose reference is taken over. Not launched. */
static int create(struct vm *vm, const struct proc_args *a, struct proc *parent, struct proc **pp,
		  struct thread **tp)
{
	struct proc *p = parent == NULL || limit_nproc() == 0 ? proc_alloc(parent) : NULL;
	struct thread *t = p ? thread_create(a->entry, a->sp, 0, 0) : NULL;

	if (p)
		p->vm = vm;
	else
		obj_put(&vm->obj);
	int err = t ? create_fill(p, t, a) : -EAGAIN;
	if (err) {
		if (t)
			thread_undo(t);
		if (p)
			proc_discard(p);
		return err;
	}
	*pp = p;
	*tp = t;
	return 0;
}

long sys_proc_create(long uargs)
{
	struct proc_args a;
	struct proc *p;
	struct thread *t;
	struct obj *o;

	if (copyin(&a, (uint64_t)uargs, sizeof a))
		return -EFAULT;
	if (a.nhandles > CREATE_HANDLES || !start_ok(a.entry, a.sp))
		return -EINVAL;
	int err = handle_object(a.vm, OBJ_VM, R_CONTROL, &o);
	if (err)
		return err;
	struct vm *vm = container_of(o, struct vm, obj);
	if (!vm_take(vm)) {
		obj_put(o);
		return -EBUSY;
	}
	err = create(vm, &a, current()->proc, &p, &t);
	if (err)
		return err;
	struct debug_note *fork;
	err = debug_fork(p, t, &fork);
	if (!err)
		return proc_launch(p, t, current()->proc, fork);
	thread_undo(t);
	proc_discard(p);
	return err;
}

int proc_first(struct vm *vm, uint64_t entry, uint64_t sp, const char *name)
{
	struct proc_args a = { .entry = entry, .sp = sp };
	struct proc *p;
	struct thread *t;

	strlcpy(a.name, name, sizeof a.name);
	vm->taken = true;
	int err = create(vm, &a, NULL, &p, &t);
	if (err)
		return err;
	struct dev *d = dev_root();
	if (!d)
		return -ENOMEM;
	struct href r = { &d->obj, R_ALL, 0 };
	href_get(&r);
	obj_put(&d->obj);
	err = handle_put_at(&p->handles, &r, FIRST_DEV_HANDLE);
	return err ? err : (int)proc_launch(p, t, NULL, NULL);
}
