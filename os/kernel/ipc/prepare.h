/* SPDX-License-Identifier: MIT */
/* prepare.h: a call on its way, for both ways of SYS_call. */
#ifndef KERNEL_PREPARE_H
#define KERNEL_PREPARE_H

#include "ipc/call.h"
#include "obj/file.h"
#include "proc/proc.h"

/* The ranges: a short text comes along; pages that the server might have to supply to itself are brought in before. */
void call_prefault(struct call *c);

/* Makes c, with m.w, m.r, m.nh filled in, a message of the calling thread to f's server. */
static inline void call_prepare(struct call *c, struct file *f)
{
	struct thread *t = current();
	struct proc *p = t->proc;

	c->m.hflags &= ~MSG_HAS_TEXT;
	if (c->m.r[0].len | c->m.r[1].len)
		call_prefault(c);
	c->gen++;
	c->cancelled = false;
	c->put = 0;
	c->server = NULL;
	c->client = t;
	c->port = f->port;
	c->file = f;
	c->vm = p->vm;
	c->m.token = call_token(c);
	c->m.kind = MSG_CALL;
	c->m.pid = p->pid;
	c->m.cred = atomic_load_explicit(&p->cred, memory_order_relaxed);
	c->m.groups = atomic_load_explicit(&p->groups, memory_order_relaxed);
	c->m.fflags = f->fflags;
	c->state = CALL_QUEUED;
}

#endif
