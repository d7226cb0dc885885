/* SPDX-License-Identifier: MIT */
/* Copies between the kernel and the caller's memory, over the code in entry.S. */
#include "abi/mem.h"
#include "arch/x86_64/asm.h"
#include "core/errno.h"
#include "sched/thread.h"

int user_copy(void *d, const void *s, size_t n);
int user_load(uint32_t *d, const void *user);
int user_store(void *user, uint32_t v);
int user_cas(void *user, uint32_t was, uint32_t v);

static bool bad(uint64_t addr, size_t n)
{
	return addr >= VM_TOP || n > VM_TOP - addr;
}

int copyin(void *dst, uint64_t src, size_t n)
{
	return bad(src, n) ? -EFAULT : user_copy(dst, (const void *)src, n);
}

int copyout(uint64_t dst, const void *src, size_t n)
{
	return bad(dst, n) ? -EFAULT : user_copy((void *)dst, src, n);
}

int64_t copyin_str(char *dst, uint64_t src, size_t n)
{
	size_t i = 0;

	while (i < n) {
		size_t k = PAGE - ((src + i) & (PAGE - 1));

		k = k < n - i ? k : n - i;
		k = k < 64 ? k : 64;
		if (copyin(dst + i, src + i, k) != 0)
			return -EFAULT;
		for (size_t end = i + k; i < end; i++)
			if (dst[i] == 0)
				return (int64_t)i;
	}
	return -ENAMETOOLONG;
}

int user_load32(uint64_t addr, uint32_t *v)
{
	return bad(addr, 4) || (addr & 3) ? -EFAULT : user_load(v, (const void *)addr);
}

int user_store32(uint64_t addr, uint32_t v)
{
	return bad(addr, 4) || (addr & 3) ? -EFAULT : user_store((void *)addr, v);
}

int user_cas32(uint64_t addr, uint32_t was, uint32_t v)
{
	return bad(addr, 4) || (addr & 3) ? -EFAULT : user_cas((void *)addr, was, v);
}

int copyin_nofault(void *dst, uint64_t src, size_t n)
{
	struct thread *t = current();
	int r;

	t->fault_depth++;
	r = copyin(dst, src, n);
	t->fault_depth--;
	return r;
}

int copyout_nofault(uint64_t dst, const void *src, size_t n)
{
	struct thread *t = current();
	int r;

	t->fault_depth++;
	r = copyout(dst, src, n);
	t->fault_depth--;
	return r;
}

int user_load32_nofault(uint64_t addr, uint32_t *v)
{
	struct thread *t = current();
	int r;

	t->fault_depth++;
	r = user_load32(addr, v);
	t->fault_depth--;
	return r;
}

int user_store32_nofault(uint64_t addr, uint32_t v)
{
	struct thread *t = current();
	int r;

	t->fault_depth++;
	r = user_store32(addr, v);
	t->fault_depth--;
	return r;
}
