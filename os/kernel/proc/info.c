/* SPDX-License-Identifier: MIT */
/* The system calls that look at and act on a process through its handle. */
#include "defs.h"
#include "proc/proc.h"
#include "sig/signo.h"
#include "sys/sys.h"

int proc_of(handle_t h, uint32_t rights, struct proc **p)
{
	struct obj *o;

	if (h == H_NONE) {
		*p = current()->proc;
		obj_get(&(*p)->obj);
		return 0;
	}
	int err = handle_object(h, OBJ_PROC, rights, &o);
	if (!err)
		*p = container_of(o, struct proc, obj);
	return err;
}

/* proc.lock is held. */
static void info_times(struct proc *p, struct proc_info *info)
{
	int64_t user, sys;

	proc_times(p, &user, &sys);
	info->ns_user = (uint64_t)user;
	info->ns_sys = (uint64_t)sys;
}

/* proc.lock is held: is this signal ignored, or blocked by every thread? */
static bool deaf_to(struct proc *p, int signo)
{
	if (p->page->act[signo].handler == SIG_IGN)
		return true;
	list_for(n, &p->threads) {
		const struct thread_page *tp = list_entry(n, struct thread, proc_node)->tpage;
		if (tp && !(tp->sigmask >> (signo - 1) & 1))
			return false;
	}
	return true;
}

long sys_proc_info(long h, long uinfo)
{
	struct proc_info info = { 0 };
	struct proc *p;
	int err = proc_of((handle_t)h, 0, &p);

	if (err)
		return err;
	info.pid = p->pid;
	info.cred = atomic_load(&p->cred);
	info.nhandles = p->handles.count;
	spin_lock(&p->lock);
	info.nthread = p->nthread;
	info.status = p->status;
	info.state = p->nthread == 0 ? PROC_EXITED : p->sig.stopped ? PROC_STOPPED : PROC_RUNNING;
	if (p->nthread && p->page)
		info.state |= (deaf_to(p, SIGTTIN) ? PROC_NO_TTIN : 0) | (deaf_to(p, SIGTTOU) ? PROC_NO_TTOU : 0);
	info_times(p, &info);
	if (p->vm) {
		info.vm_size = p->vm->size;
		info.vm_rss = (uint64_t)(p->vm->rss > 0 ? p->vm->rss : 0) * PAGE;
	}
	spin_unlock(&p->lock);
	memcpy(info.name, p->name, sizeof info.name);
	obj_put(&p->obj);
	return copyout((uint64_t)uinfo, &info, sizeof info);
}

/* Whether p has said that it does not care for its children. */
static bool forgets_children(const struct proc *p)
{
	const struct abi_sigact *a = &p->page->act[SIGCHLD];

	return a->handler == SIG_IGN || (a->flags & SA_NOCLDWAIT);
}

/* News of a child that p, which has set SA_NOCLDSTOP, does not want to hear. */
static bool unwanted_news(const struct proc *p, const struct abi_siginfo *info)
{
	return info->signo == SIGCHLD && (info->code == CLD_STOPPED || info->code == CLD_CONTINUED) &&
	    (p->page->act[SIGCHLD].flags & SA_NOCLDSTOP);
}

long sys_proc_signal(long h, long signo, long uinfo)
{
	struct abi_siginfo info = { .code = SI_USER };
	struct proc *p;

	if (signo < 0 || signo >= ABI_NSIG)
		return -EINVAL;
	if (uinfo && copyin(&info, (uint64_t)uinfo, sizeof info))
		return -EFAULT;
	int err = proc_of((handle_t)h, R_CONTROL, &p);
	if (err)
		return err;
	info.signo = (int)signo;
	if (atomic_load(&p->ready) & EV_EXITED)
		err = -ESRCH;
	else if (signo && !unwanted_news(p, &info))
		err = sig_send_proc(p, (int)signo, uinfo ? &info : NULL);
	if (!err && signo == SIGCHLD)
		err = forgets_children(p);
	obj_put(&p->obj);
	return err;
}

long sys_proc_cred(long h, long cred, long groups)
{
	struct proc *p;

	if ((handle_t)h == H_NONE)
		return -EBADF;
	int err = proc_of((handle_t)h, R_CONTROL | R_WRITE, &p);
	if (err)
		return err;
	atomic_store(&p->groups, (uint32_t)groups);
	atomic_store(&p->cred, (uint64_t)cred);
	obj_put(&p->obj);
	return 0;
}

long sys_proc_name(long utext)
{
	struct proc *p = current()->proc;
	char text[32];
	int64_t n = copyin_str(text, (uint64_t)utext, sizeof text - 1);

	if (n < 0 && n != -ENAMETOOLONG)
		return n;
	if (n < 0)
		n = sizeof text - 1;
	memset(text + n, 0, sizeof text - (size_t)n);
	spin_lock(&p->lock);
	memcpy(p->name, text, sizeof p->name);
	spin_unlock(&p->lock);
	strlcpy(current()->name, text, sizeof current()->name);
	return 0;
}
