/* SPDX-License-Identifier: MIT */
/* Limits of processes: kept and inherited here, enforced where things are used up. */
#include "defs.h"
#include "proc/proc.h"
#include "sig/signo.h"
#include "sys/sys.h"

#define NO_LIMIT	(~0ull)

static uint64_t or_none(uint64_t limit)
{
	return limit == NO_LIMIT ? 0 : limit != 0 ? limit : 1;
}

void limits_to_vm(const struct proc *p, struct vm *vm)
{
	vm->limit = or_none(p->limit[RLIM_AS][0]);
	vm->data_limit = or_none(p->limit[RLIM_DATA][0]);
}

struct count { uint32_t uid; uint64_t n; };

static void count_user(struct proc *p, void *arg)
{
	struct count *c = arg;

	if (CRED_UID(atomic_load(&p->cred)) == c->uid)
		c->n += p->nthread;
}

/*
 * Of all users together: the kernel's stacks take an eighth of memory at most, since they are given back to
 * no one; the last of it is the superuser's. Servers are not held up.
 */
static int limit_threads(uint32_t uid)
{
	uint64_t max = frame_total() / 8 / (KSTACK_SIZE / PAGE);

	if (uid != 0)
		max -= max / 16;
	return sched_nthreads() < max || mem_is_server() ? 0 : -EAGAIN;
}

int limit_nproc(void)
{
	const struct proc *p = current()->proc;
	struct count c = { CRED_UID(atomic_load(&p->cred)), 0 };
	uint64_t max = p->limit[RLIM_NPROC][0];
	int err = limit_threads(c.uid);

	if (err || c.uid == 0 || max == NO_LIMIT)
		return err;
	proc_each(count_user, &c);
	return c.n < max ? 0 : -EAGAIN;
}

/* What a limit changes elsewhere. */
static void limit_apply(struct proc *p, unsigned which)
{
	uint64_t soft = p->limit[which][0];

	if (which == RLIM_NOFILE)
		p->handles.low_max = soft < HCHUNK * HCHUNKS_MAX ? (uint32_t)soft : HCHUNK * HCHUNKS_MAX;
	if ((which == RLIM_AS || which == RLIM_DATA) && p->vm)
		limits_to_vm(p, p->vm);
	if (which == RLIM_CPU)
		p->cpu_told = 0;
}

void limits_init(struct proc *p, const struct proc *parent)
{
	if (parent) {
		memcpy(p->limit, parent->limit, sizeof p->limit);
	} else {
		for (unsigned i = 0; i < ABI_NLIMITS; i++)
			p->limit[i][0] = p->limit[i][1] = NO_LIMIT;
		p->limit[RLIM_STACK][0] = 8ull << 20;
		p->limit[RLIM_CORE][0] = 0;
		p->limit[RLIM_NOFILE][0] = 1024;
		p->limit[RLIM_NOFILE][1] = HCHUNK * HCHUNKS_MAX;
	}
	limit_apply(p, RLIM_NOFILE);
}

static int limit_set(struct proc *p, unsigned which, const uint64_t v[2])
{
	bool root = CRED_UID(atomic_load(&current()->proc->cred)) == 0;
	int err = 0;

	if (v[0] > v[1])
		return -EINVAL;
	if (which == RLIM_NOFILE && v[1] > HCHUNK * HCHUNKS_MAX && v[1] > p->limit[which][1])
		return -EPERM;
	spin_lock(&p->lock);
	if (v[1] > p->limit[which][1] && !root) {
		err = -EPERM;
	} else {
		p->limit[which][0] = v[0];
		p->limit[which][1] = v[1];
		limit_apply(p, which);
	}
	spin_unlock(&p->lock);
	return err;
}

long sys_proc_limit(long h, long which, long unew, long uold)
{
	uint64_t v[2], was[2];
	struct proc *p;
	int err;

	if (which < 0 || which >= ABI_NLIMITS)
		return -EINVAL;
	if (unew && copyin(v, (uint64_t)unew, sizeof v))
		return -EFAULT;
	err = proc_of((handle_t)h, unew ? R_CONTROL : 0, &p);
	if (err)
		return err;
	memcpy(was, p->limit[which], sizeof was);
	if (unew)
		err = limit_set(p, (unsigned)which, v);
	obj_put(&p->obj);
	if (!err && uold)
		err = copyout((uint64_t)uold, was, sizeof was);
	return err;
}

int64_t limit_file(int64_t off, uint64_t n)
{
	struct thread *t = current();
	uint64_t max = t->proc->limit[RLIM_FSIZE][0];

	if (max == NO_LIMIT || (uint64_t)off + n <= max)
		return (int64_t)n;
	if ((uint64_t)off < max)
		return (int64_t)(max - (uint64_t)off);
	sig_send_thread(t->proc, t, SIGXFSZ, NULL);
	return -EFBIG;
}
