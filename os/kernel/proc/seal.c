/* SPDX-License-Identifier: MIT */
/*
 * Sealing: system calls that a process has given up. Its threads have nsys 0, so that their calls go
 * the long way (debug/debug.c), which asks here; nobody else's do.
 */
#include "defs.h"
#include "proc/proc.h"
#include "sig/signo.h"
#include "sys/sys.h"

_Static_assert(SYS_COUNT <= SEAL_PSEUDO, "a system call for each bit");

#define WORD(n)	((n) / 64)
#define BIT(n)	(1ull << (n) % 64)

/* What a process cannot do without ending. */
static const uint8_t kept[] = { SYS_proc_exit, SYS_thread_exit, SYS_sig_return };

void thread_calls(struct thread *t)
{
	t->nsys = t->debug.calls || t->proc->sealed ? 0 : SYS_COUNT;
}

int seal_check(uint64_t what)
{
	struct proc *p = current()->proc;
	const struct abi_seal *s = &p->seal;

	if (what >= SEAL_WORDS * 64)
		return 0;
	if (s->kill[WORD(what)] & BIT(what)) {
		klog("%s (%u): sealed system call %lu", p->name, p->pid, what);
		proc_kill(p, SIGSYS);
		return -EPERM;
	}
	return s->deny[WORD(what)] & BIT(what) ? -EPERM : 0;
}

static void seal_add(struct abi_seal *to, const struct abi_seal *s)
{
	for (unsigned i = 0; i < SEAL_WORDS; i++) {
		to->deny[i] |= s->deny[i];
		to->kill[i] |= s->kill[i];
	}
}

static void seal_now(struct proc *p, const struct abi_seal *s)
{
	seal_add(&p->seal, s);
	p->sealed = true;
	list_for(n, &p->threads) {
		struct thread *t = list_entry(n, struct thread, proc_node);

		thread_calls(t);
		thread_work(t, WORK_RESCHED);	/* its CPU looks at it on the way to user mode */
	}
}

void seal_executed(struct proc *p)
{
	if (p->seal_later)
		seal_now(p, &p->next_seal);
}

long sys_proc_seal(long uargs, long flags)
{
	struct proc *p = current()->proc;
	struct abi_seal s;

	if (flags & ~(long)ABI_SEAL_LATER)
		return -EINVAL;
	if (copyin(&s, (uint64_t)uargs, sizeof(s)))
		return -EFAULT;
	for (unsigned i = 0; i < sizeof(kept); i++) {
		s.deny[WORD(kept[i])] &= ~BIT(kept[i]);
		s.kill[WORD(kept[i])] &= ~BIT(kept[i]);
	}
	spin_lock(&p->lock);
	if (flags & ABI_SEAL_LATER) {
		seal_add(&p->next_seal, &s);
		p->seal_later = true;
	} else {
		seal_now(p, &s);
	}
	spin_unlock(&p->lock);
	return 0;
}
