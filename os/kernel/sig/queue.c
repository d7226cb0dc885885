/* SPDX-License-Identifier: MIT */
/* Sending signals: queues of pending ones, the choice of a thread, stop and continue. */
#include "abi/proc.h"
#include "defs.h"
#include "proc/proc.h"
#include "sig/signo.h"

#define ITEMS_MAX	1024		/* queued signals of one process */

static struct thread_page *tpage(const struct thread *t)
{
	return t->tpage;
}

static struct sig_item *item_new(struct proc *p, const struct abi_siginfo *info)
{
	struct sig_item *it = &p->sig.spare;

	if (p->sig.spare_used) {
		if (p->sig.nitems >= ITEMS_MAX || !(it = kmalloc(sizeof *it)))
			return NULL;
		p->sig.nitems++;
	} else {
		p->sig.spare_used = true;
	}
	it->timer = NULL;
	if (info)
		it->info = *info;
	else
		memset(&it->info, 0, sizeof it->info);
	return it;
}

/* Takes it out of its queue. */
static void item_free(struct proc *p, struct sig_item *it)
{
	list_del(&it->node);
	if (it->timer)
		it->timer->item = NULL;
	if (it == &p->sig.spare) {
		p->sig.spare_used = false;
	} else {
		kfree(it);
		p->sig.nitems--;
	}
}

uint64_t sig_mask(const struct thread *t)
{
	return __atomic_load_n(&tpage(t)->sigmask, __ATOMIC_SEQ_CST) & ~SIG_UNBLOCKABLE;
}

void sig_queue_init(struct sig_queue *q)
{
	q->pending = 0;
	list_init(&q->items);
}

void sig_queue_flush(struct proc *p, struct sig_queue *q, uint64_t set)
{
	q->pending &= ~set;
	list_for_safe(n, &q->items) {
		struct sig_item *it = list_entry(n, struct sig_item, node);
		if (!(SIG_BIT(it->info.signo) & set))
			continue;
		item_free(p, it);
	}
}

uint64_t sig_pending_set(const struct thread *t)
{
	return t->sig.q.pending | t->proc->sig.q.pending;
}

void sig_mirror(struct proc *p)
{
	list_for(n, &p->threads) {
		struct thread *t = list_entry(n, struct thread, proc_node);
		__atomic_store_n(&tpage(t)->pending, t->sig.q.pending | p->sig.q.pending,
		    __ATOMIC_SEQ_CST);
	}
}

/* A timer's signal says how often it expired till now. */
static void timer_taken(const struct sig_item *it, struct abi_siginfo *info)
{
	struct timer_sig *ts = it->timer;

	if (!ts)
		return;
	info->u.timer.overrun = (int32_t)ts->overrun;
	ts->last = ts->overrun;
	ts->overrun = 0;
}

/* Takes signo out of q, its oldest info to *info; the bit stays when more are queued. */
static void queue_take(struct proc *p, struct sig_queue *q, int signo, struct abi_siginfo *info)
{
	bool found = false;

	q->pending &= ~SIG_BIT(signo);
	list_for_safe(n, &q->items) {
		struct sig_item *it = list_entry(n, struct sig_item, node);
		if (it->info.signo != signo)
			continue;
		if (found) {
			q->pending |= SIG_BIT(signo);
			return;
		}
		found = true;
		*info = it->info;
		timer_taken(it, info);
		item_free(p, it);
	}
	if (!found) {
		memset(info, 0, sizeof *info);
		info->signo = signo;
	}
}

int sig_take(struct thread *t, uint64_t set, struct abi_siginfo *info)
{
	struct proc *p = t->proc;
	uint64_t mine = t->sig.q.pending & set, all = p->sig.q.pending & set;

	if (!(mine | all))
		return 0;
	int signo = __builtin_ctzll(mine ? mine : all) + 1;
	queue_take(p, mine ? &t->sig.q : &p->sig.q, signo, info);
	sig_mirror(p);
	return signo;
}

bool sig_deliverable(struct thread *t)
{
	return sig_pending_set(t) & ~sig_mask(t);
}

static bool sig_ignored(const struct proc *p, int signo)
{
	uint64_t h = __atomic_load_n(&p->page->act[signo].handler, __ATOMIC_RELAXED);

	if (SIG_BIT(signo) & SIG_UNBLOCKABLE)
		return false;
	return h == SIG_IGN || (h == SIG_DFL && (SIG_BIT(signo) & SIG_DFL_IGNORE));
}

static bool blocked_somewhere(const struct proc *p, const struct thread *only, int signo)
{
	list_for(n, &p->threads) {
		struct thread *t = list_entry(n, struct thread, proc_node);
		if (only && t != only)
			continue;
		if ((sig_mask(t) | t->sig.wait_set) & SIG_BIT(signo))
			return true;
	}
	return false;
}

/* Adds to q. 0, -EAGAIN. Ordinary signals are kept once. */
static int queue_add(struct proc *p, struct sig_queue *q, int signo, const struct abi_siginfo *info,
		     struct timer_sig *ts)
{
	bool ordinary = signo < SIGRTMIN;

	if (ordinary && (q->pending & SIG_BIT(signo)))
		return 0;
	struct sig_item *it = item_new(p, info);
	if (!it && !ordinary)
		return -EAGAIN;
	if (it) {
		it->info.signo = signo;
		it->timer = ts;
		if (ts)
			ts->item = it;
		list_add_tail(&q->items, &it->node);
	}
	q->pending |= SIG_BIT(signo);
	return 0;
}

/* Makes the thread notice if it would act upon the signal. */
static bool nudge(struct thread *t, int signo)
{
	if (t->sig.wait_set & SIG_BIT(signo)) {
		thread_wake(t);
		return true;
	}
	if (sig_mask(t) & SIG_BIT(signo))
		return false;
	thread_work(t, WORK_SIGNAL);
	return true;
}

static void nudge_one(struct proc *p, int signo)
{
	list_for(n, &p->threads)
		if (nudge(list_entry(n, struct thread, proc_node), signo))
			return;
}

/*
 * What is pending for the whole process and not taken by the calling thread: it may have blocked it
 * since it was chosen, or be leaving. proc.lock is held.
 */
void sig_pass_on(struct proc *p)
{
	for (uint64_t left = p->sig.q.pending; left; left &= left - 1)
		nudge_one(p, __builtin_ctzll(left) + 1);
}

static void flush_all(struct proc *p, uint64_t set)
{
	sig_queue_flush(p, &p->sig.q, set);
	list_for(n, &p->threads)
		sig_queue_flush(p, &list_entry(n, struct thread, proc_node)->sig.q, set);
}

/* SIGCONT was sent: goes on, whatever becomes of the signal. True when it had been stopped. */
static bool sig_continue(struct proc *p)
{
	flush_all(p, SIG_DFL_STOP);
	bool was = p->sig.stopped;
	p->sig.stopped = false;
	if (was) {
		list_for(n, &p->threads) {
			struct thread *t = list_entry(n, struct thread, proc_node);
			thread_work_clear(t, WORK_STOP);
			thread_wake(t);
		}
	}
	return was;
}

static int sig_post(struct proc *p, struct thread *t, int signo, const struct abi_siginfo *info,
		    struct timer_sig *ts)
{
	bool went_on = false;
	int err = 0;

	spin_lock(&p->lock);
	if (p->dying || p->nthread == 0 || (t && list_empty(&t->proc_node))) {
		spin_unlock(&p->lock);
		return 0;
	}
	if (signo == SIGCONT)
		went_on = sig_continue(p);
	else if (SIG_BIT(signo) & SIG_DFL_STOP)
		flush_all(p, SIG_BIT(SIGCONT));
	if (!sig_ignored(p, signo) || blocked_somewhere(p, t, signo)) {
		err = queue_add(p, t ? &t->sig.q : &p->sig.q, signo, info, ts);
		if (!err) {
			sig_mirror(p);
			if (t)
				nudge(t, signo);
			else
				nudge_one(p, signo);
		}
	}
	bool tell = p->sig.watched;
	spin_unlock(&p->lock);
	if (tell)
		sigfiles_tell(signo);
	if (went_on)
		proc_state_changed(p, EV_CONTINUED, signo);
	return err;
}

int sig_send_proc(struct proc *p, int signo, const struct abi_siginfo *info)
{
	if (signo == SIGKILL) {
		proc_kill(p, SIGKILL);
		return 0;
	}
	return sig_post(p, NULL, signo, info, NULL);
}

int sig_send_thread(struct proc *p, struct thread *t, int signo, const struct abi_siginfo *info)
{
	if (signo == SIGKILL) {
		proc_kill(p, SIGKILL);
		return 0;
	}
	return sig_post(p, t, signo, info, NULL);
}

void sig_send_timer(struct proc *p, struct thread *t, struct abi_siginfo *info, struct timer_sig *ts,
		    uint64_t times)
{
	uint32_t n = times > INT32_MAX ? INT32_MAX : (uint32_t)times;

	spin_lock(&p->lock);
	bool queued = ts->item != NULL;
	if (queued)
		ts->overrun = ts->overrun > INT32_MAX - n ? INT32_MAX : ts->overrun + n;
	else
		ts->overrun = n - 1;
	spin_unlock(&p->lock);
	if (queued)
		return;
	if (info->signo == SIGKILL)
		proc_kill(p, SIGKILL);
	else
		sig_post(p, t, info->signo, info, ts);
}

void sig_timer_forget(struct proc *p, struct timer_sig *ts)
{
	spin_lock(&p->lock);
	if (ts->item)
		ts->item->timer = NULL;
	ts->item = NULL;
	spin_unlock(&p->lock);
}
