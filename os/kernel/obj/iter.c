/* SPDX-License-Identifier: MIT */
/* Moving bytes between the kernel and scattered user memory under locks. */
#include "defs.h"
#include "obj/iter.h"
#include "proc/proc.h"

int iter_out_nofault(struct iter *it, const void *from, uint64_t n)
{
	struct iter was = *it;

	for (const uint8_t *p = from; n;) {
		uint64_t piece = n;
		uint64_t addr = iter_front(it, &piece);
		if (copyout_nofault(addr, p, piece)) {
			*it = was;
			return -EFAULT;
		}
		iter_skip(it, piece);
		p += piece;
		n -= piece;
	}
	return 0;
}

int iter_in_nofault(struct iter *it, void *to, uint64_t n)
{
	struct iter was = *it;

	for (uint8_t *p = to; n;) {
		uint64_t piece = n;
		uint64_t addr = iter_front(it, &piece);
		if (copyin_nofault(p, addr, piece)) {
			*it = was;
			return -EFAULT;
		}
		iter_skip(it, piece);
		p += piece;
		n -= piece;
	}
	return 0;
}

static int range_fault(uint64_t addr, uint64_t n, unsigned access)
{
	int code;

	if (addr < VM_BASE || n > VM_TOP || addr > VM_TOP - n)
		return -EFAULT;
	for (uint64_t a = addr & -PAGE; a < addr + n; a += PAGE)
		if (vm_fault(current()->proc->vm, a < addr ? addr : a, access, &code))
			return -EFAULT;
	return 0;
}

int iter_fault(const struct iter *it, uint64_t n, unsigned access)
{
	struct iter at = *it;

	while (n) {
		uint64_t piece = n;
		uint64_t addr = iter_front(&at, &piece);
		if (range_fault(addr, piece, access))
			return -EFAULT;
		iter_skip(&at, piece);
		n -= piece;
	}
	return 0;
}
