/* SPDX-License-Identifier: MIT */
/* Threads of a process: creation and exit. */
#include "defs.h"
#include "proc/proc.h"
#include "sys/sys.h"

static int thread_page_map(struct proc *p, struct thread *t)
{
	void *page;
	int err = vm_map_kpage(p->vm, &page, &t->tpage_user, PROT_READ | PROT_WRITE);

	if (!err)
		t->tpage = page;
	return err;
}

static int thread_fill(struct proc *p, struct thread *t, const struct thread_args *a)
{
	t->tpage_user = 0;
	int err = thread_page_map(p, t);
	if (err)
		return err;
	t->tid = pid_alloc();
	if (!t->tid)
		return -EAGAIN;
	struct thread_page *tp = t->tpage;
	tp->tid = t->tid;
	tp->sigmask = a->sigmask & ~SIG_UNBLOCKABLE;
	t->tf->rdi = a->arg;
	t->tf->rsi = t->tpage_user;
	t->fs_base = a->tls;
	thread_inherit(t);
	if (a->tid_addr && copyout(a->tid_addr, &t->tid, sizeof t->tid))
		return -EFAULT;
	return proc_add_thread(p, t);
}

static void thread_undo(struct proc *p, struct thread *t)
{
	if (t->tpage) {
		vm_unmap_kpage(p->vm, t->tpage_user);
		kpage_put(t->tpage);
		t->tpage = NULL;
	}
	if (t->tid)
		pid_free(t->tid);
	thread_discard(t);
	obj_put(&t->obj);
}

long sys_thread_create(long uargs)
{
	struct proc *p = current()->proc;
	struct thread_args a;

	if (copyin(&a, (uint64_t)uargs, sizeof a))
		return -EFAULT;
	if (a.tls >= VM_TOP || !start_ok(a.entry, a.sp))
		return -EINVAL;
	struct thread *t = limit_nproc() == 0 ? thread_create(a.entry, a.sp, a.arg, 0) : NULL;
	if (!t)
		return -EAGAIN;
	int err = thread_fill(p, t, &a);
	if (err) {
		thread_undo(p, t);
		return err;
	}
	long tid = t->tid;
	thread_start(t);
	obj_put(&t->obj);
	return tid;
}

long sys_thread_exit(long addr)
{
	struct thread *t = current();

	if (addr && user_store32((uint64_t)addr, 0) == 0)
		sys_futex_wake(addr, INT32_MAX, 0);
	thread_work(t, WORK_KILL);
	return 0;
}

long sys_proc_exit(long status)
{
	proc_kill(current()->proc, (int)status & 0xffff);
	return 0;
}
