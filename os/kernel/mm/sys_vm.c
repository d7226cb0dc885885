/* SPDX-License-Identifier: MIT */
/* System calls on address spaces; arguments and results as in abi/sys.h and abi/mem.h. */
#include "defs.h"
#include "mm/private.h"
#include "obj/file.h"
#include "obj/handle.h"
#include "proc/proc.h"
#include "sys/sys.h"

#define MADV_DONTNEED	4
#define MADV_FREE	8
#define MS_ASYNC	1
#define MAP_KNOWN	0x7fffffu	/* flags that libc passes through and that change nothing here too */

/* The address space behind h, or the caller's own; referenced. */
static int get_vm(handle_t h, struct vm **vm)
{
	struct obj *o;
	int err;

	if (h == H_NONE) {
		*vm = current()->vm;
		obj_get(&(*vm)->obj);
		return 0;
	}
	err = handle_object(h, OBJ_VM, R_CONTROL, &o);
	if (err != 0)
		return err;
	*vm = container_of(o, struct vm, obj);
	if (!(*vm)->taken)
		return 0;
	obj_put(o);		/* a process runs in it: the maker's handle is worth nothing any more */
	return -EBUSY;
}

long sys_vm_create(void)
{
	struct vm *vm = vm_create();

	if (vm == NULL)
		return -ENOMEM;
	return handle_new(&vm->obj, R_CONTROL | R_DUP, H_CLOEXEC);
}

/* What is mapped: mem stays NULL for private anonymous memory. *rights: of the handle. */
static int get_source(const struct vm_map *a, struct mem **mem, uint32_t *rights)
{
	*mem = NULL;
	*rights = R_READ | R_WRITE | R_EXEC;
	if (a->mem == H_NONE) {
		if (a->flags & MAP_SHARED) {
			*mem = mem_create(a->len, true);
			return *mem != NULL ? 0 : -ENOMEM;
		}
		return 0;
	}
	return handle_mem(a->mem, R_READ, mem, rights);
}

static int check_map(const struct vm_map *a, uint32_t rights)
{
	uint32_t type = a->flags & (MAP_SHARED | MAP_PRIVATE);

	if ((a->prot & ~7u) != 0 || (a->flags & ~MAP_KNOWN) != 0 || (type != MAP_SHARED && type != MAP_PRIVATE))
		return -EINVAL;
	if (type == MAP_SHARED && (a->prot & PROT_WRITE) && !(rights & R_WRITE))
		return -EACCES;
	if ((a->prot & PROT_EXEC) && !(rights & R_EXEC))
		return -EACCES;
	return 0;
}

/* Executable memory of the caller's own may be sealed; that of programs it builds for others is not its own. */
static int check_exec(handle_t vm, unsigned prot)
{
	if (!(prot & PROT_EXEC) || vm != H_NONE || !current()->proc->sealed)
		return 0;
	return seal_check(SEAL_EXEC_MEM);
}

long sys_vm_map(long args)
{
	struct vm_map a;
	struct mem *mem;
	struct vm *vm;
	uint32_t rights;
	int err;

	if (copyin(&a, (uint64_t)args, sizeof(a)) != 0)
		return -EFAULT;
	err = get_source(&a, &mem, &rights);
	if (err != 0)
		return err;
	err = check_map(&a, rights);
	if (err == 0)
		err = check_exec(a.vm, a.prot);
	if (err == 0)
		err = get_vm(a.vm, &vm);
	if (err == 0) {
		err = vm_map(vm, &a.addr, a.len, mem, a.off, a.prot, a.flags, rights & R_WRITE,
			     rights & R_EXEC);
		obj_put(&vm->obj);
	}
	if (mem != NULL)
		obj_put(&mem->obj);
	return err != 0 ? err : (long)a.addr;
}

long sys_vm_unmap(long h, long addr, long n)
{
	struct vm *vm;
	int err = get_vm((handle_t)h, &vm);

	if (err != 0)
		return err;
	err = vm_unmap(vm, (uint64_t)addr, (uint64_t)n);
	obj_put(&vm->obj);
	return err;
}

long sys_vm_protect(long h, long addr, long n, long prot)
{
	struct vm *vm;
	int err;

	if (prot & ~7l)
		return -EINVAL;
	err = check_exec((handle_t)h, (unsigned)prot);
	if (err != 0)
		return err;
	err = get_vm((handle_t)h, &vm);
	if (err != 0)
		return err;
	err = vm_protect(vm, (uint64_t)addr, (uint64_t)n, (unsigned)prot);
	obj_put(&vm->obj);
	return err;
}

long sys_vm_advise(long addr, long n, long advice)
{
	struct vm *vm = current()->vm;
	uint64_t a = (uint64_t)addr, end = a + (((uint64_t)n + PAGE - 1) & ~(PAGE - 1));

	if ((a & (PAGE - 1)) != 0 || end < a || end > VM_TOP)
		return -EINVAL;
	if (advice != MADV_DONTNEED && advice != MADV_FREE)
		return 0;
	spin_lock(&vm->lock);
	for (uint32_t i = region_index(vm, a); i < vm->nregions && vm->regions[i]->start < end; i++) {
		const struct region *r = vm->regions[i];

		if (!(r->flags & REGION_PAGES))
			vm_clear(vm, r->start > a ? r->start : a, r->end < end ? r->end : end);
	}
	spin_unlock(&vm->lock);
	return 0;
}

/* The pager-backed mem shared at or after *addr below end, referenced; *addr moves behind it. */
static struct mem *next_shared(struct vm *vm, uint64_t *addr, uint64_t end)
{
	struct mem *m = NULL;

	spin_lock(&vm->lock);
	for (uint32_t i = region_index(vm, *addr); i < vm->nregions && m == NULL; i++) {
		const struct region *r = vm->regions[i];

		if (r->start >= end)
			break;
		*addr = r->end;
		if (r->mem != NULL && r->mem->kind == MEM_PAGER && (r->flags & REGION_SHARED)) {
			m = r->mem;
			obj_get(&m->obj);
		}
	}
	spin_unlock(&vm->lock);
	return m;
}

/* Asks the server to write m back and waits till it has taken every dirty page. */
static int sync_mem(struct mem *m, bool wait)
{
	int err = 0;

	if (m->ndirty == 0)
		return 0;
	err = port_post_page(m->port, m->key, PAGE_PRESSURE, 0, m->size);
	spin_lock(&m->lock);
	while (err == 0 && wait && m->ndirty != 0 && !m->dead)
		err = waitq_sleep(&m->wait, &m->lock, T_FOREVER, PARK_INTR);
	spin_unlock(&m->lock);
	return err == -EPIPE || m->dead ? -EIO : err;
}

long sys_vm_sync(long addr, long n, long flags)
{
	uint64_t a = (uint64_t)addr, end = a + (uint64_t)n;
	struct mem *m;
	int err = 0;

	if ((a & (PAGE - 1)) != 0 || end < a)
		return -EINVAL;
	while (err == 0 && (m = next_shared(current()->vm, &a, end)) != NULL) {
		err = sync_mem(m, !(flags & MS_ASYNC));
		obj_put(&m->obj);
	}
	return err;
}

long sys_vm_write(long h, long addr, long buf, long n)
{
	struct vm *vm;
	int err;

	if (n < 0)
		return -EINVAL;
	err = get_vm((handle_t)h, &vm);
	if (err != 0)
		return err;
	err = vm_write_user(vm, (uint64_t)addr, (uint64_t)buf, (uint64_t)n);
	obj_put(&vm->obj);
	return err;
}

static struct vm_region describe(const struct region *r)
{
	const struct mem *m = r->mem;
	bool file = m != NULL && m->kind == MEM_PAGER;

	return (struct vm_region){ r->start, r->end, m != NULL ? r->off : 0, file ? m->self[0] : 0, r->prot,
		(r->flags & REGION_SHARED ? MAP_SHARED : MAP_PRIVATE) | (m == NULL || m->kind == MEM_ANON ? MAP_ANON : 0) };
}

/* Region by region, so that no user memory is touched with the lock held. */
static long copy_regions(struct vm *vm, uint64_t from, uint64_t buf, uint64_t max)
{
	for (uint64_t n = 0; n < max; n++) {
		struct vm_region d;
		bool found;
		uint32_t i;

		spin_lock(&vm->lock);
		i = region_index(vm, from);
		found = i < vm->nregions;
		if (found)
			d = describe(vm->regions[i]);
		spin_unlock(&vm->lock);
		if (!found)
			return (long)n;
		if (copyout(buf + n * sizeof(d), &d, sizeof(d)) != 0)
			return -EFAULT;
		from = d.end;
	}
	return (long)max;
}

long sys_vm_regions(long h, long from, long buf, long max)
{
	struct vm *vm = NULL;
	struct proc *p;
	long r = proc_of((handle_t)h, R_CONTROL, &p);

	if (r != 0)
		return r;
	spin_lock(&p->lock);
	if (p->vm != NULL) {
		vm = p->vm;
		obj_get(&vm->obj);
	}
	spin_unlock(&p->lock);
	obj_put(&p->obj);
	if (vm == NULL)
		return -ESRCH;
	r = max < 0 || max > 1 << 20 ? -EINVAL : copy_regions(vm, (uint64_t)from, (uint64_t)buf, (uint64_t)max);
	obj_put(&vm->obj);
	return r;
}
