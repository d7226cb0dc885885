/* SPDX-License-Identifier: MIT */
/*
 * Who ends when memory is used up and nothing can be given back: the process that has the most, so that
 * one end is enough. Servers (mem_is_server's kind) count a sixteenth: a program goes first, but one that
 * has eaten nearly all is ended, and init starts it again. Never the first process, never two at a time.
 */
#include "defs.h"
#include "proc/proc.h"
#include "sig/signo.h"

#define SERVER_SHARE	16
#define VICTIM_TIME	5000000000	/* ns that a killed process has to give its memory back */

struct victim { struct proc *p; uint64_t score, pages; bool ending; };

/* Pages of p. proc.lock is not held. */
static uint64_t pages_of(struct proc *p)
{
	uint64_t n = 0;

	spin_lock(&p->lock);
	if (p->vm != NULL && p->vm->rss > 0)
		n = (uint64_t)p->vm->rss;
	spin_unlock(&p->lock);
	return n;
}

/* For each process, under the lock of their list: keeps the worst, referenced. */
static void judge(struct proc *p, void *arg)
{
	struct victim *v = arg;
	uint64_t pages = pages_of(p), score = pages;

	if (p->pid == 1 || pages == 0)
		return;
	if (p->dying) {
		v->ending = true;
		return;
	}
	if (p->has_port && CRED_UID(atomic_load(&p->cred)) == 0)
		score /= SERVER_SHARE;
	if (score <= v->score || !obj_tryget(&p->obj))
		return;
	if (v->p != NULL)
		atomic_fetch_sub(&v->p->obj.refs, 1);	/* never the last: it is in the list */
	*v = (struct victim){ p, score, pages, v->ending };
}

bool oom_kill(void)
{
	static int64_t last;
	struct victim v = { NULL, 0, 0, false };

	proc_each(judge, &v);
	if (v.ending && time_now() - last < VICTIM_TIME) {
		if (v.p != NULL)
			obj_put(&v.p->obj);
		return true;
	}
	last = time_now();
	if (v.p == NULL)
		return false;
	klog_error("out of memory: %s[%u] is killed, it has %lu KiB", v.p->name, v.p->pid, v.pages * (PAGE / 1024));
	sig_send_proc(v.p, SIGKILL, NULL);
	obj_put(&v.p->obj);
	return true;
}
