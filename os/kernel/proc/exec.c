/* SPDX-License-Identifier: MIT */
/* exec: the calling process goes on in another address space. */
#include "defs.h"
#include "proc/proc.h"
#include "sig/signo.h"
#include "sys/sys.h"

/* What exec keeps of the actions: ignored signals. */
static void keep_ignored(struct proc_page *to, const struct proc_page *from)
{
	for (int s = 1; s < ABI_NSIG; s++)
		if (from->act[s].handler == SIG_IGN)
			to->act[s].handler = SIG_IGN;
}

/* The thread, now the only one, gets the process's number. */
static void thread_lead(struct proc *p, struct thread *t)
{
	if (t->tid != p->pid)
		pid_free(t->tid);
	t->tid = p->pid;
}

static void fill_pages(struct proc *p, struct thread *t, const struct new_pages *np)
{
	const struct thread_page *old = t->tpage;

	keep_ignored(np->page, p->page);
	np->page->pid = p->pid;
	np->page->ppid = p->ppid;
	np->page->ncpu = ncpu;
	np->page->time_page = np->at.time;
	np->page->thread_page = np->at.thread;
	random_bytes(np->page->random, sizeof np->page->random);
	np->tpage->tid = t->tid;
	np->tpage->sigmask = old->sigmask;
	np->tpage->pending = old->pending;
}

void exec_registers(uint64_t entry, uint64_t sp)
{
	struct thread *t = current();
	struct tframe *tf = t->tf;

	memset(tf, 0, sizeof *tf);
	tf->trapno = TRAP_FULL;
	tf->rip = entry;
	tf->rsp = sp;
	tf->rdi = t->proc->page_user;
	tf->cs = USER_CS;
	tf->ss = USER_SS;
	tf->rflags = RFLAGS_USER;
	thread_set_tls(0);
	fpu_init_area(t->fpu);
	fpu_restore(t->fpu);
}

void exec_commit(struct vm *vm, const struct new_pages *np)
{
	robust_exit();
	struct thread *t = current();
	struct proc *p = t->proc;
	struct new_pages old = { .page = p->page, .tpage = t->tpage };
	struct vm *old_vm = p->vm;

	thread_lead(p, t);
	spin_lock(&p->lock);
	fill_pages(p, t, np);
	p->page = np->page;
	p->page_user = np->at.proc;
	p->time_user = np->at.time;
	t->tpage = np->tpage;
	t->tpage_user = np->at.thread;
	p->maxrss = old_vm->peak > p->maxrss ? old_vm->peak : p->maxrss;
	limits_to_vm(p, vm);
	p->vm = vm;
	seal_executed(p);
	spin_unlock(&p->lock);
	thread_use_vm(vm);
	pages_put(&old);
	obj_put(&old_vm->obj);
}

long sys_proc_exec(long h, long entry, long sp)
{
	struct proc *p = current()->proc;
	struct new_pages np = { 0 };
	struct obj *o;
	int err = start_ok((uint64_t)entry, (uint64_t)sp) ? 0 : -EINVAL;

	if (!err)
		err = handle_object((handle_t)h, OBJ_VM, R_CONTROL, &o);
	if (err)
		return err;
	struct vm *vm = container_of(o, struct vm, obj);
	if (!vm_take(vm))
		err = -EBUSY;
	else
		err = pages_map(vm, &np);
	if (!err && (err = proc_alone()) != 0)
		pages_put(&np);
	if (err) {
		obj_put(o);
		return err;
	}
	handle_close(&p->handles, (handle_t)h);
	p->exec_flags = 0;
	exec_commit(vm, &np);
	handles_exec(&p->handles);
	exec_registers((uint64_t)entry, (uint64_t)sp);
	debug_executed();
	return 0;
}
