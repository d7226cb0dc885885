/* SPDX-License-Identifier: MIT */
/* Waiting for children: immediate answers, held ones, and the wait file's readiness. */
#include <errno.h>
#include <stdlib.h>
#include <sys/wait.h>
#include "procd.h"

static struct waiter *waiters;

static int matches(const struct proc *p, const struct proc *c, int64_t target)
{
	if (target > 0)
		return c->pid == target;
	if (target == 0)
		return c->pgid == p->pgid;
	return target == -1 || c->pgid == (uint32_t)-target;
}

static int ready(const struct proc *c, int options)
{
	return (c->state == P_ZOMBIE && !(options & WAIT_NO_EXITED)) ||
	       (c->stop_news && (options & WUNTRACED)) ||
	       (c->cont_news && (options & WCONTINUED));
}

/* Fills r from c and, but for WNOWAIT, takes the news away; a zombie is gone afterwards. */
static void take(struct proc *p, struct proc *c, int options, struct wait_result *r)
{
	r->pid = c->pid;
	r->uid = c->uid.r;
	r->user = c->user + c->child_user;
	r->sys = c->sys + c->child_sys;
	if (c->state == P_ZOMBIE)
		r->status = c->status;
	else
		r->status = c->stop_news ? c->stop_sig << 8 | 0x7f : 0xffff;
	if (options & WNOWAIT)
		return;
	if (c->state == P_ZOMBIE) {
		p->child_user += r->user;
		p->child_sys += r->sys;
		proc_reap(c);
	} else if (c->stop_news) {
		c->stop_news = 0;
	} else {
		c->cont_news = 0;
	}
}

static void update_file(struct proc *p)
{
	int on = 0;

	if (p->wait_file == H_NONE)
		return;
	for (struct proc *c = p->children; c && !on; c = c->sibling)
		on = c->state == P_ZOMBIE;
	fx->waitable(p, on);
}

int wait_now(struct proc *p, int64_t target, int options, struct wait_result *r)
{
	int any = 0;

	*r = (struct wait_result){ 0 };
	for (struct proc *c = p->children; c; c = c->sibling) {
		if (!matches(p, c, target))
			continue;
		any = 1;
		if (!ready(c, options))
			continue;
		take(p, c, options, r);
		update_file(p);
		return 0;
	}
	if (!any)
		return -ECHILD;
	return options & WNOHANG ? 0 : -EAGAIN;
}

int64_t wait_hold(struct proc *p, int64_t target, int options, uint64_t token)
{
	struct waiter *w = malloc(sizeof(*w));

	if (!w)
		return -ENOMEM;
	*w = (struct waiter){ waiters, token, p->pid, target, options };
	waiters = w;
	return 0;
}

void wait_news(struct proc *p)
{
	for (struct waiter **pw = &waiters, *w; (w = *pw); ) {
		struct wait_result r;
		int err;

		if (w->pid != p->pid ||
		    (err = wait_now(p, w->target, w->options, &r)) == -EAGAIN) {
			pw = &w->next;
			continue;
		}
		if (err)
			r.pid = err;
		fx->answer(w->token, &r);
		*pw = w->next;
		free(w);
	}
	update_file(p);
}

int wait_cancel(uint64_t token)
{
	for (struct waiter **pw = &waiters, *w; (w = *pw); pw = &w->next) {
		if (w->token != token)
			continue;
		*pw = w->next;
		free(w);
		return 1;
	}
	return 0;
}

void wait_forget(uint32_t pid)
{
	for (struct waiter **pw = &waiters, *w; (w = *pw); ) {
		if (w->pid != pid) {
			pw = &w->next;
			continue;
		}
		*pw = w->next;
		free(w);
	}
}
