/* SPDX-License-Identifier: MIT */
/* SYS_debug_open and SYS_debug: what a debugger does to a process. */
#include "defs.h"
#include "arch/x86_64/asm.h"
#include "debug/private.h"
#include "mm/private.h"
#include "proc/proc.h"
#include "sig/signo.h"
#include "sys/sys.h"

#define TF		0x100ul
#define OPTIONS		(DEBUG_SYSCALLS | DEBUG_THREADS | DEBUG_FORKS | DEBUG_EXECS | DEBUG_HALT | DEBUG_KILL)
#define IO_PIECE	256

/* Options take effect; those that run are asked to stop when all shall. proc.lock is held. */
static void apply(struct proc *p, uint32_t options)
{
	list_for(n, &p->threads) {
		struct thread *t = list_entry(n, struct thread, proc_node);
		t->debug.calls = options & DEBUG_SYSCALLS;
		thread_calls(t);
		if ((options & DEBUG_HALT) && !t->debug.stopped) {
			t->debug.want = DEBUG_EV_STOP;
			thread_work(t, WORK_DEBUG);
		} else {
			thread_work(t, WORK_RESCHED);
		}
	}
}

long sys_debug_open(long h, long flags)
{
	struct proc *p;
	int err;

	if (flags & ~(long)OPTIONS)
		return -EINVAL;
	if ((handle_t)h == H_NONE)
		return -EBADF;
	err = proc_of((handle_t)h, R_CONTROL | R_WRITE, &p);
	if (err)
		return err;
	struct debug *d = p == current()->proc ? NULL : debug_create(p, (uint32_t)flags & ~(uint32_t)DEBUG_HALT, &err);
	if (d) {
		spin_lock(&p->lock);
		apply(p, (uint32_t)flags);
		spin_unlock(&p->lock);
	}
	obj_put(&p->obj);
	if (!d)
		return err ? err : -EPERM;
	return handle_new(&d->obj, R_ALL, H_CLOEXEC);
}

static long op_options(struct debug *d, uint32_t options)
{
	if (options & ~(uint32_t)(OPTIONS & ~DEBUG_HALT))
		return -EINVAL;
	spin_lock(&d->proc->lock);
	long old = d->options;
	d->options = options;
	apply(d->proc, options);
	spin_unlock(&d->proc->lock);
	return old;
}

static long op_info(struct debug *d, uint64_t to)
{
	struct proc *p = d->proc;
	struct debug_info info = { .pid = p->pid, .crash_tid = d->crash_tid, .crash_signo = (uint32_t)d->crash_signo };
	int64_t user, sys;

	spin_lock(&p->lock);
	proc_times(p, &user, &sys);
	info.ppid = p->ppid;
	info.nthread = p->nthread;
	info.page = p->page_user;
	memcpy(info.name, p->name, sizeof info.name);
	spin_unlock(&p->lock);
	info.cred = atomic_load(&p->cred);
	info.core_limit = p->limit[RLIM_CORE][0];
	info.ns_user = (uint64_t)user;
	info.ns_sys = (uint64_t)sys;
	return copyout(to, &info, sizeof info);
}

/* Its frame is complete and will not change while proc.lock is held. */
static uint32_t state_of(const struct thread *t)
{
	if (t->debug.stopped)
		return DEBUG_STOPPED;
	return thread_parked(t) && !t->on_cpu ? DEBUG_WAITS : DEBUG_RUNS;
}

static void list_one(const struct thread *t, struct debug_thread *o)
{
	memset(o, 0, sizeof *o);
	o->tid = t->tid;
	o->state = state_of(t);
	o->why = t->debug.stopped ? t->debug.note.ev.kind : 0;
	if (o->why == DEBUG_EV_SIGNAL)
		o->signo = (uint32_t)t->debug.note.ev.info.signo;
	o->sigmask = sig_mask(t);
	o->pending = sig_pending_set(t);
}

static long op_list(struct debug *d, uint64_t to, uint64_t room)
{
	struct debug_thread *list;
	uint32_t n = 0, had = room < 4096 ? (uint32_t)room : 4096;
	long err = 0;

	if (!(list = kmalloc((had ? had : 1) * sizeof *list)))
		return -ENOMEM;
	spin_lock(&d->proc->lock);
	list_for(l, &d->proc->threads) {
		if (n < had)
			list_one(list_entry(l, struct thread, proc_node), &list[n]);
		n++;
	}
	spin_unlock(&d->proc->lock);
	if (had)
		err = copyout(to, list, (n < had ? n : had) * sizeof *list);
	kfree(list);
	return err ? err : n;
}

static struct thread *find(struct proc *p, uint32_t tid)
{
	list_for(l, &p->threads)
		if (list_entry(l, struct thread, proc_node)->tid == tid)
			return list_entry(l, struct thread, proc_node);
	return NULL;
}

static long op_stop(struct debug *d, uint32_t tid)
{
	bool found = tid == 0;

	spin_lock(&d->proc->lock);
	list_for(l, &d->proc->threads) {
		struct thread *t = list_entry(l, struct thread, proc_node);
		if (tid && t->tid != tid)
			continue;
		found = true;
		if (t->debug.stopped || t->debug.want)
			continue;
		t->debug.want = DEBUG_EV_STOP;
		thread_work(t, WORK_DEBUG);
	}
	spin_unlock(&d->proc->lock);
	return found ? 0 : -ESRCH;
}

static void go_on(struct thread *t, uint32_t how, int signo)
{
	if (how & DEBUG_C_STEP)
		t->tf->rflags |= TF;
	else if (t->debug.step)
		t->tf->rflags &= ~TF;
	t->debug.step = how & DEBUG_C_STEP;
	t->debug.told = how & DEBUG_C_SIGNAL;
	t->debug.deliver = signo;
	list_del(&t->debug.note.node);
	__atomic_store_n(&t->debug.stopped, false, __ATOMIC_RELEASE);
	thread_wake(t);
}

static long op_cont(struct debug *d, uint32_t tid, uint32_t how, uint64_t signo)
{
	bool found = tid == 0;

	if ((how & ~(DEBUG_C_STEP | DEBUG_C_SIGNAL)) || signo >= ABI_NSIG)
		return -EINVAL;
	spin_lock(&d->proc->lock);
	list_for(l, &d->proc->threads) {
		struct thread *t = list_entry(l, struct thread, proc_node);
		if ((tid && t->tid != tid) || !t->debug.stopped)
			continue;
		found = true;
		go_on(t, how, (int)signo);
	}
	spin_unlock(&d->proc->lock);
	return found ? 0 : -ESRCH;
}

static void regs_get(struct debug_regs *r, const struct thread *t)
{
	const struct tframe *tf = t->tf;

	*r = (struct debug_regs){ .r15 = tf->r15, .r14 = tf->r14, .r13 = tf->r13, .r12 = tf->r12, .rbp = tf->rbp,
		.rbx = tf->rbx, .r11 = tf->r11, .r10 = tf->r10, .r9 = tf->r9, .r8 = tf->r8, .rax = tf->rax,
		.rcx = tf->rcx, .rdx = tf->rdx, .rsi = tf->rsi, .rdi = tf->rdi,
		.orig_rax = tf->trapno == TRAP_SYSCALL ? tf->err : ~0ull,
		.rip = tf->rip, .cs = tf->cs, .eflags = tf->rflags & ~(t->debug.step ? TF : 0), .rsp = tf->rsp,
		.ss = tf->ss, .fs_base = t->fs_base };
}

static void regs_set(struct thread *t, const struct debug_regs *r)
{
	struct tframe *tf = t->tf;
	uint64_t keep = tf->rflags & TF;

	tf->r15 = r->r15;
	tf->r14 = r->r14;
	tf->r13 = r->r13;
	tf->r12 = r->r12;
	tf->rbp = r->rbp;
	tf->rbx = r->rbx;
	tf->r11 = r->r11;
	tf->r10 = r->r10;
	tf->r9 = r->r9;
	tf->r8 = r->r8;
	tf->rax = r->rax;
	tf->rcx = r->rcx;
	tf->rdx = r->rdx;
	tf->rsi = r->rsi;
	tf->rdi = r->rdi;
	tf->rip = r->rip;
	tf->rsp = r->rsp;
	tf->rflags = (r->eflags & RFLAGS_KEEP) | RFLAGS_USER | keep;
	if (tf->trapno == TRAP_SYSCALL && r->orig_rax == ~0ull)
		tf->trapno = TRAP_FULL;		/* nothing is restarted, all registers count */
	t->fs_base = r->fs_base;
}

/*
 * The thread, stopped or (read only) in a system call, with proc.lock held; its registers are not on a
 * CPU. NULL: the lock is free, *err says why.
 */
static struct thread *still(struct debug *d, uint32_t tid, bool write, long *err)
{
	spin_lock(&d->proc->lock);
	struct thread *t = find(d->proc, tid);
	*err = !t ? -ESRCH : state_of(t) == DEBUG_STOPPED || (!write && state_of(t) == DEBUG_WAITS) ? 0 : -EBUSY;
	if (*err) {
		spin_unlock(&d->proc->lock);
		return NULL;
	}
	while (__atomic_load_n(&t->on_cpu, __ATOMIC_ACQUIRE)) {
		cpu_flush_poll();
		cpu_pause();
	}
	return t;
}

static long op_regs(struct debug *d, uint32_t tid, uint64_t u, bool write)
{
	struct debug_regs r;
	struct thread *t;
	long err;

	if (write && copyin(&r, u, sizeof r))
		return -EFAULT;
	if (write && (r.rip >= VM_TOP || r.fs_base >= VM_TOP))
		return -EINVAL;
	if (!(t = still(d, tid, write, &err)))
		return err;
	if (write)
		regs_set(t, &r);
	else
		regs_get(&r, t);
	spin_unlock(&d->proc->lock);
	return write ? 0 : copyout(u, &r, sizeof r);
}

/* Where the XSAVE format leaves room for what a debugger must know: the components that are on. */
#define XSAVE_XCR0	464

static long op_fp(struct debug *d, uint32_t tid, uint64_t u, uint64_t n, bool write)
{
	uint8_t *area = kmalloc(fpu_size());
	struct thread *t;
	long err = 0;

	if (!area)
		return -ENOMEM;
	if (n > fpu_size())
		n = fpu_size();
	if (write)
		err = n < fpu_size() ? -EINVAL : copyin(area, u, n) ? -EFAULT : fpu_sanitize(area, n);
	t = err ? NULL : still(d, tid, write, &err);
	if (t) {
		memcpy(write ? t->fpu : area, write ? area : t->fpu, fpu_size());
		spin_unlock(&d->proc->lock);
		if (!write && fpu_size() > 512)
			*(uint64_t *)(area + XSAVE_XCR0) = fpu_components();
		err = write ? 0 : copyout(u, area, n);
	}
	kfree(area);
	return err ? err : (long)n;
}

/* The process's address space, referenced; NULL: it has ended. */
static struct vm *vm_of(struct debug *d)
{
	spin_lock(&d->proc->lock);
	struct vm *vm = d->proc->vm;
	if (vm)
		obj_get(&vm->obj);
	spin_unlock(&d->proc->lock);
	return vm;
}

static int poke(struct vm *vm, uint64_t addr, uint64_t from, uint64_t n)
{
	uint8_t piece[IO_PIECE];

	if (copyin(piece, from, n))
		return -EFAULT;
	return vm_poke(vm, addr, piece, n);
}

/* Looking does not make pages. */
static int peek(struct vm *vm, uint64_t addr, uint64_t to, uint64_t n)
{
	static const uint8_t zeros[PAGE];

	if (vm_untouched(vm, addr))
		return copyout(to, zeros, n);
	return vm_read_user(vm, addr, to, n);
}

static long op_mem(struct debug *d, uint64_t addr, uint64_t u, uint64_t n, bool write)
{
	struct vm *vm = vm_of(d);
	uint64_t done = 0;
	int err = 0;

	if (!vm)
		return -ESRCH;
	n = n < 1ul << 30 ? n : 1ul << 30;
	while (done < n && !err) {
		uint64_t k = PAGE - ((addr + done) & (PAGE - 1));
		k = k < n - done ? k : n - done;
		if (write && k > IO_PIECE)
			k = IO_PIECE;
		err = write ? poke(vm, addr + done, u + done, k) : peek(vm, addr + done, u + done, k);
		if (!err)
			done += k;
	}
	obj_put(&vm->obj);
	return done ? (long)done : err;
}

static void map_fill(struct debug_map *m, const struct region *r)
{
	*m = (struct debug_map){ r->start, r->end, r->off, r->prot, r->flags & REGION_SHARED ? MAP_SHARED : MAP_PRIVATE,
		r->mem ? r->mem->obj.koid : 0 };
	if (r->mem && r->mem->kind == MEM_PHYS)
		m->flags |= DEBUG_M_DEVICE;
	if (r->flags & REGION_PAGES)
		m->flags |= DEBUG_M_KERNEL;
}

static long op_maps(struct debug *d, uint64_t u, uint64_t room, uint64_t first)
{
	struct debug_map some[16];
	struct vm *vm = vm_of(d);
	uint64_t done = 0, n;
	long err = 0;

	if (!vm)
		return -ESRCH;
	do {
		spin_lock(&vm->lock);
		for (n = 0; n < 16 && done + n < room && first + done + n < vm->nregions; n++)
			map_fill(&some[n], vm->regions[first + done + n]);
		spin_unlock(&vm->lock);
		if (n)
			err = copyout(u + done * sizeof some[0], some, n * sizeof some[0]);
		done += n;
	} while (n == 16 && !err);
	obj_put(&vm->obj);
	return err ? err : (long)done;
}

static long op_siginfo(struct debug *d, uint32_t tid, uint64_t u)
{
	struct abi_siginfo info;
	long err;
	struct thread *t = still(d, tid, false, &err);

	if (!t)
		return err;
	info = t->debug.note.ev.info;
	bool has = t->debug.stopped && t->debug.note.ev.kind == DEBUG_EV_SIGNAL;
	spin_unlock(&d->proc->lock);
	return has ? copyout(u, &info, sizeof info) : -EINVAL;
}

static long op_signal(struct debug *d, uint64_t signo)
{
	if (signo == 0 || signo >= ABI_NSIG)
		return -EINVAL;
	return sig_send_proc(d->proc, (int)signo, NULL);
}

static long debug_op(struct debug *d, long op, uint32_t tid, uint64_t a, uint64_t b, uint64_t c)
{
	switch (op) {
	case DEBUG_OPTIONS:
		return op_options(d, (uint32_t)a);
	case DEBUG_INFO:
		return op_info(d, a);
	case DEBUG_LIST:
		return op_list(d, a, b);
	case DEBUG_STOP:
		return op_stop(d, tid);
	case DEBUG_CONT:
		return op_cont(d, tid, (uint32_t)a, b);
	case DEBUG_GETREGS:
	case DEBUG_SETREGS:
		return op_regs(d, tid, a, op == DEBUG_SETREGS);
	case DEBUG_GETFP:
	case DEBUG_SETFP:
		return op_fp(d, tid, a, b, op == DEBUG_SETFP);
	case DEBUG_READ:
	case DEBUG_WRITE:
		return op_mem(d, a, b, c, op == DEBUG_WRITE);
	case DEBUG_MAPS:
		return op_maps(d, a, b, c);
	case DEBUG_SIGINFO:
		return op_siginfo(d, tid, a);
	case DEBUG_SIGNAL:
		return op_signal(d, a);
	case DEBUG_CORED:
		d->cored = true;
		return d->crash ? 0 : -EINVAL;
	}
	return -EINVAL;
}

long sys_debug(long h, long op, long tid, long a, long b, long c)
{
	struct obj *o;
	long r = handle_object((handle_t)h, OBJ_DEBUG, 0, &o);

	if (r)
		return r;
	r = debug_op(container_of(o, struct debug, obj), op, (uint32_t)tid, (uint64_t)a, (uint64_t)b, (uint64_t)c);
	obj_put(o);
	return r;
}
