/* SPDX-License-Identifier: MIT */
/*
 * What a thread does on its way back to user mode when work bits are set: ends, stops, takes
 * signals, and finishes an interrupted system call.
 */
#include "abi/proc.h"
#include "defs.h"
#include "proc/proc.h"
#include "sig/frame.h"
#include "sig/signo.h"

static struct thread_page *my_page(void)
{
	return current()->tpage;
}

void sig_set_mask(uint64_t m)
{
	__atomic_store_n(&my_page()->sigmask, m & ~SIG_UNBLOCKABLE, __ATOMIC_SEQ_CST);
	if (sig_deliverable(current()))
		thread_work(current(), WORK_SIGNAL);
}

int sig_mask_swap(uint64_t umask)
{
	struct thread *t = current();
	uint64_t m;

	if (!umask)
		return 0;
	if (copyin(&m, umask, sizeof m))
		return -EFAULT;
	t->sig.saved_mask = sig_mask(t);
	t->sig.has_saved = true;
	sig_set_mask(m);
	return 0;
}

void sig_mask_restore(uint64_t umask, bool interrupted)
{
	struct thread *t = current();

	if (!umask || interrupted || !t->sig.has_saved)
		return;
	t->sig.has_saved = false;
	sig_set_mask(t->sig.saved_mask);
}

static bool restartable(const struct tframe *tf)
{
	return tf->trapno == TRAP_SYSCALL &&
	    ((int64_t)tf->rax == -ERESTART || (int64_t)tf->rax == -ERESTART_QUIET);
}

/* The system call instruction is executed again. */
static void rewind_call(struct tframe *tf)
{
	tf->rip -= 2;
	tf->rax = tf->err;
}

static void finish_call(struct tframe *tf, const struct abi_sigact *act)
{
	if (!restartable(tf))
		return;
	if ((int64_t)tf->rax == -ERESTART && (act->flags & SA_RESTART))
		rewind_call(tf);
	else
		tf->rax = (uint64_t)-EINTR;
}

/* All threads of the calling process stop, this one on its way out. */
static void stop_all(int signo)
{
	struct proc *p = current()->proc;

	spin_lock(&p->lock);
	bool news = !p->sig.stopped && !p->dying;
	if (news) {
		p->sig.stopped = true;
		list_for(n, &p->threads)
			thread_work(list_entry(n, struct thread, proc_node), WORK_STOP | WORK_SIGNAL);
	}
	spin_unlock(&p->lock);
	if (news)
		proc_state_changed(p, EV_STOPPED, signo);
}

static void stop_here(void)
{
	struct thread *t = current();

	while (__atomic_load_n(&t->work, __ATOMIC_SEQ_CST) & WORK_STOP)
		if (thread_park(T_FOREVER, PARK_KILL))
			return;
}

/* The signal ends the process, with a look at it if somebody wants that. */
static void sig_end(struct tframe *tf, int signo, uint64_t addr)
{
	struct proc *p = current()->proc;
	bool core = p->limit[RLIM_CORE][0] != 0 && (SIG_BIT(signo) & SIG_DFL_CORE);
	int more = 0;

	if (core || (SIG_BIT(signo) & SIG_DFL_CRASH))
		more = crash_report(tf, signo, addr);
	proc_kill(p, signo | more);
}

static void sig_default(struct tframe *tf, int signo)
{
	if (SIG_BIT(signo) & SIG_DFL_IGNORE)
		return;
	if (SIG_BIT(signo) & SIG_DFL_STOP)
		stop_all(signo);
	else
		sig_end(tf, signo, 0);
}

/* The action of a signal, read once. */
static struct abi_sigact action_of(int signo)
{
	struct abi_sigact a = current()->proc->page->act[signo];

	if (SIG_BIT(signo) & SIG_UNBLOCKABLE)
		a.handler = SIG_DFL;
	return a;
}

/* Enters the handler: frame, mask, one-shot. */
static void sig_handle(struct tframe *tf, const struct abi_siginfo *info,
		       const struct abi_sigact *act)
{
	struct thread *t = current();
	struct proc_page *page = t->proc->page;
	uint64_t mask = t->sig.has_saved ? t->sig.saved_mask : sig_mask(t);

	t->sig.has_saved = false;
	if (!page->sig_entry || frame_push(tf, info, act, mask)) {
		klog("%s[%u]: no stack for signal %d\n", t->proc->name, t->proc->pid, info->signo);
		proc_kill(t->proc, SIGSEGV);
		return;
	}
	uint64_t blocked = mask | act->mask;
	if (!(act->flags & SA_NODEFER))
		blocked |= SIG_BIT(info->signo);
	if (act->flags & SA_RESETHAND)
		page->act[info->signo].handler = SIG_DFL;
	sig_set_mask(blocked);
}

/* Takes one deliverable signal and acts; false when there is none. */
static bool sig_one(struct tframe *tf)
{
	struct thread *t = current();
	struct abi_siginfo info;

	spin_lock(&t->proc->lock);
	int signo = sig_take(t, ~sig_mask(t), &info);
	spin_unlock(&t->proc->lock);
	if (!signo)
		return false;
	signo = debug_signal(tf, signo, &info);
	if (!signo)
		return true;
	struct abi_sigact act = action_of(signo);
	if (act.handler == SIG_DFL) {
		sig_default(tf, signo);
	} else if (act.handler != SIG_IGN) {
		finish_call(tf, &act);
		sig_handle(tf, &info, &act);
	}
	return true;
}

static bool ending_or_stopping(void)
{
	return __atomic_load_n(&current()->work, __ATOMIC_SEQ_CST) & (WORK_KILL | WORK_STOP);
}

/* Takes all that is deliverable to this thread, each handler's frame on top of the one before. */
static void sig_all(struct tframe *tf)
{
	struct proc *p = current()->proc;

	while (!ending_or_stopping() && sig_deliverable(current()) && sig_one(tf))
		;
	if (p->nthread > 1 && p->sig.q.pending && !ending_or_stopping()) {
		spin_lock(&p->lock);
		sig_pass_on(p);
		spin_unlock(&p->lock);
	}
}

void user_return_work(struct tframe *tf)
{
	struct thread *t = current();

	for (;;) {
		uint32_t work = __atomic_load_n(&t->work, __ATOMIC_SEQ_CST);
		if (work & WORK_KILL)
			proc_thread_leave();
		if (work & WORK_DEBUG) {
			debug_stop_wanted(tf);
		} else if (work & WORK_STOP) {
			stop_here();
		} else if (work & WORK_SIGNAL) {
			thread_work_clear(t, WORK_SIGNAL);
			sig_all(tf);
		} else if (t->sig.has_saved) {
			/* No handler took it: the call is done again, under its own mask. */
			t->sig.has_saved = false;
			sig_set_mask(t->sig.saved_mask);
		} else {
			break;
		}
	}
	if (restartable(tf))
		rewind_call(tf);
}

static void say_fault(const struct tframe *tf, int signo, uint64_t addr)
{
	if (crash_reported() && !current()->proc->has_port)
		return;
	log_user_fault(tf, signo == SIGSEGV ? "SIGSEGV" : signo == SIGBUS ? "SIGBUS" :
	    signo == SIGFPE ? "SIGFPE" : signo == SIGILL ? "SIGILL" : "fault", addr);
}

void sig_fault(struct tframe *tf, int signo, int code, uint64_t addr)
{
	struct thread *t = current();
	struct abi_siginfo info = { .signo = signo, .code = code };

	info.u.fault.addr = addr;
	signo = debug_signal(tf, signo, &info);
	if (!signo)
		return;
	struct abi_sigact act = action_of(signo);
	if (act.handler <= SIG_IGN || (sig_mask(t) & SIG_BIT(signo))) {
		say_fault(tf, signo, addr);
		sig_end(tf, signo, addr);
		return;
	}
	sig_handle(tf, &info, &act);
}
