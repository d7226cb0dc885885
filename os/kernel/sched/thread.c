/* SPDX-License-Identifier: MIT */
/* Making and ending threads, and the system calls on their own state. */
#include "arch/x86_64/asm.h"
#include "defs.h"
#include "proc/proc.h"
#include "sched/private.h"
#include "sys/sys.h"

void thread_first(void);

static _Atomic uint32_t count;

static void thread_destroy(struct obj *o)
{
	struct thread *t = container_of(o, struct thread, obj);

	if (t->kstack != NULL)
		kstack_free(t->kstack);
	kfree(t->fpu);
	kfree(t);
	atomic_fetch_sub(&count, 1);
}

static const struct obj_type thread_type = {
	.kind = OBJ_THREAD, .name = "thread", .destroy = thread_destroy,
};

uint32_t sched_nthreads(void)
{
	return atomic_load(&count);
}

static struct thread *thread_new(void)
{
	struct thread *t = kzalloc(sizeof(*t));

	if (t == NULL)
		return NULL;
	obj_init(&t->obj, &thread_type);
	atomic_fetch_add(&count, 1);
	t->kstack = kstack_alloc();
	if (t->kstack == NULL) {
		obj_put(&t->obj);
		return NULL;
	}
	list_init(&t->rq_node);
	list_init(&t->proc_node);
	list_init(&t->debug.note.node);
	t->nsys = SYS_COUNT;
	list_init(&t->ipc.recv_node);
	sig_queue_init(&t->sig.q);
	ktimer_init(&t->timer, thread_park_timeout);
	t->prio = t->base_prio = PRIO_NORMAL;
	t->affinity = ~0ul;
	t->cpu = (uint16_t)this_cpu()->id;
	t->tf = (struct tframe *)(t->kstack + KSTACK_SIZE - sizeof(struct tframe));
	return t;
}

/* What switch_stack pops when the thread runs for the first time. */
static void first_stack(struct thread *t, void (*fn)(void *), void *arg)
{
	uint64_t *sp = (uint64_t *)t->tf - 7;

	sp[0] = sp[1] = sp[2] = sp[5] = 0;
	sp[3] = (uint64_t)arg;
	sp[4] = (uint64_t)fn;
	sp[6] = (uint64_t)thread_first;
	t->ksp = (uint64_t)sp;
}

struct thread *kthread_create(const char *name, void (*fn)(void *), void *arg)
{
	struct thread *t = thread_new();

	if (t == NULL)
		return NULL;
	strlcpy(t->name, name, sizeof(t->name));
	first_stack(t, fn, arg);
	return t;
}

struct thread *thread_create(uint64_t entry, uint64_t rsp, uint64_t rdi, uint64_t rsi)
{
	struct thread *t = thread_new();

	if (t == NULL)
		return NULL;
	t->fpu = kmalloc(fpu_size());
	if (t->fpu == NULL) {
		obj_put(&t->obj);
		return NULL;
	}
	fpu_init_area(t->fpu);
	*t->tf = (struct tframe){ .rip = entry, .cs = USER_CS, .rflags = RFLAGS_USER, .rsp = rsp,
		.ss = USER_SS, .rdi = rdi, .rsi = rsi, .trapno = TRAP_FULL };
	first_stack(t, NULL, NULL);
	obj_get(&t->obj);
	return t;
}

void thread_copy_state(struct thread *to)
{
	struct thread *t = current();

	*to->tf = *t->tf;
	to->tf->trapno = TRAP_FULL;
	to->fs_base = t->fs_base;
	thread_inherit(to);
	fpu_save(to->fpu);
}

void thread_start(struct thread *t)
{
	sched_enqueue_fresh(t);
}

void thread_discard(struct thread *t)
{
	obj_put(&t->obj);
}

void thread_gone(void)
{
	struct thread *t = current();

	thread_use_vm(NULL);
	t->dead = true;
	schedule();
	panic("a dead thread runs");
}

void thread_use_vm(struct vm *vm)
{
	current()->vm = vm;
	vm_load(vm);
}

void thread_set_tls(uint64_t base)
{
	current()->fs_base = base;
	cpu_set_fs(base);
}

long sys_thread_tls(long base)
{
	if ((uint64_t)base >= VM_TOP)
		return -EINVAL;
	thread_set_tls((uint64_t)base);
	return 0;
}

long sys_yield(void)
{
	sched_give_way();
	return 0;
}

long sys_thread_affinity(long tid, long set, long get)
{
	struct thread *t = proc_thread(current()->proc, (uint32_t)tid);
	uint64_t all = (1ul << ncpu) - 1, mask = 0;
	long r = 0;

	if (t == NULL)
		return -ESRCH;
	if (set != 0 && (r = copyin(&mask, (uint64_t)set, sizeof(mask))) == 0) {
		if ((mask & all) == 0)
			r = -EINVAL;
		else
			t->affinity = mask & all;
	}
	mask = t->affinity & all;
	if (r == 0 && get != 0)
		r = copyout((uint64_t)get, &mask, sizeof(mask));
	obj_put(&t->obj);
	/* It wakes up on an allowed CPU, unless the park ended before it began. */
	while (r == 0 && set != 0 && t == current() && !(t->affinity >> this_cpu()->id & 1))
		thread_park(time_now() + 20000, PARK_SOLID);
	return r;
}

int64_t thread_ns(const struct thread *t)
{
	uint64_t ticks = t->ticks_run;

	if (t == current())
		ticks += rdtsc() - this_cpu()->last_switch;
	return time_of_ticks(ticks);
}

long sys_thread_cpu(void)
{
	return this_cpu()->id;
}

long sys_thread_times(long tid)
{
	struct thread *t = proc_thread(current()->proc, (uint32_t)tid);
	int64_t ns;

	if (t == NULL)
		return -ESRCH;
	ns = thread_ns(t);
	obj_put(&t->obj);
	return ns;
}
