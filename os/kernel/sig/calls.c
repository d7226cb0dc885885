/* SPDX-License-Identifier: MIT */
/* The system calls of signals. */
#include "abi/proc.h"
#include "defs.h"
#include "proc/proc.h"
#include "sig/frame.h"
#include "sig/signo.h"
#include "sys/sys.h"

long sys_sig_return(long frame)
{
	struct thread *t = current();
	uint64_t mask;

	if (frame_load(t->tf, (uint64_t)frame, &mask)) {
		klog("%s[%u]: bad signal frame\n", t->proc->name, t->proc->pid);
		proc_kill(t->proc, SIGSEGV);
		return -EFAULT;
	}
	sig_set_mask(mask);
	return (long)t->tf->rax;
}

long sys_sig_suspend(long mask)
{
	struct thread *t = current();

	t->sig.saved_mask = sig_mask(t);
	t->sig.has_saved = true;
	sig_set_mask((uint64_t)mask);
	while (thread_park(T_FOREVER, PARK_INTR) == 0)
		;
	return -ERESTART_QUIET;
}

/* Takes a signal of the set or waits for one. */
static int64_t sig_wait(uint64_t set, struct abi_siginfo *info, int64_t deadline)
{
	struct thread *t = current();
	int signo, err = 0;

	for (;;) {
		spin_lock(&t->proc->lock);
		signo = sig_take(t, set, info);
		t->sig.wait_set = signo || err ? 0 : set;
		spin_unlock(&t->proc->lock);
		if (signo)
			return signo;
		if (err)
			return err == -ETIMEDOUT ? -EAGAIN : -ERESTART_QUIET;
		err = thread_park(deadline, PARK_INTR);
	}
}

long sys_sig_wait(long set, long uinfo, long deadline)
{
	struct abi_siginfo info;
	int64_t r = sig_wait((uint64_t)set & ~SIG_UNBLOCKABLE, &info, deadline);

	if (r > 0 && uinfo && copyout((uint64_t)uinfo, &info, sizeof info))
		return -EFAULT;
	return r;
}

long sys_sig_pending(void)
{
	return (long)sig_pending_set(current());
}

long sys_sig_check(void)
{
	if (sig_deliverable(current()))
		thread_work(current(), WORK_SIGNAL);
	return 0;
}

/* A thread of the calling process, referenced, or NULL. */
static struct thread *find_thread(struct proc *p, uint32_t tid)
{
	struct thread *t = NULL;

	spin_lock(&p->lock);
	list_for(n, &p->threads) {
		struct thread *x = list_entry(n, struct thread, proc_node);
		if (x->tid == tid)
			t = x;
	}
	if (t)
		obj_get(&t->obj);
	spin_unlock(&p->lock);
	return t;
}

long sys_thread_signal(long tid, long signo, long value, long code)
{
	struct proc *p = current()->proc;
	struct abi_siginfo info;

	words_zero(&info, sizeof info / 8);
	info.signo = (int)signo;
	info.code = code ? (int)code : SI_TKILL;
	/* Codes from 0 on are the kernel's own. */
	if (signo < 0 || signo >= ABI_NSIG || info.code >= 0)
		return -EINVAL;
	info.u.kill.pid = (int32_t)p->pid;
	info.u.kill.uid = (uint32_t)atomic_load(&p->cred);
	info.u.kill.value = (uint64_t)value;
	if (tid == 0)
		return signo ? sig_send_thread(p, current(), (int)signo, &info) : 0;
	struct thread *t = find_thread(p, (uint32_t)tid);
	if (!t)
		return -ESRCH;
	int err = signo ? sig_send_thread(p, t, (int)signo, &info) : 0;
	obj_put(&t->obj);
	return err;
}
