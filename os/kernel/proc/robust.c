/* SPDX-License-Identifier: MIT */
/*
 * Robust locks: what a thread holds when it ends is marked, and one who waits for it woken. The list is
 * the program's and may hold anything: it is followed a limited way and touched like its own memory.
 */
#include "defs.h"
#include "proc/proc.h"
#include "sys/sys.h"

long sys_thread_robust(long head)
{
	if ((uint64_t)head & 7)
		return -EINVAL;
	current()->robust = (uint64_t)head;
	return 0;
}

static void wake(uint64_t addr)
{
	sys_futex_wake((long)addr, 1, 0);
	sys_futex_wake((long)addr, 1, FUTEX_SHARED);
}

/*
 * The lock word at addr, if the thread owns it, says that its owner has died. If nobody owns the pending one,
 * the thread gave it up and has not woken anyone yet, or was woken for it and has not taken it: another is.
 */
static int mark(uint64_t addr, uint32_t tid, bool pending)
{
	uint32_t word;
	int r;

	do {
		if (user_load32(addr, &word))
			return -EFAULT;
		if (pending && (word & FUTEX_TID_MASK) == 0)
			wake(addr);
		if ((word & FUTEX_TID_MASK) != tid)
			return 0;
		r = user_cas32(addr, word, (word & FUTEX_WAITERS) | FUTEX_OWNER_DIED);
	} while (r == 1);
	if (r == 0 && (word & FUTEX_WAITERS))
		wake(addr);
	return r;
}

void robust_exit(void)
{
	struct thread *t = current();
	uint64_t head = t->robust, at, next;
	struct abi_robust r;

	t->robust = 0;
	if (!head || copyin(&r, head, sizeof r))
		return;
	at = r.next & ~1ull;
	for (int n = 0; at != head && n < ROBUST_MAX; n++) {
		if (copyin(&next, at, sizeof next))
			break;
		if (at != (r.pending & ~1ull) && mark(at + (uint64_t)r.offset, t->tid, false))
			break;
		at = next & ~1ull;
	}
	if (r.pending)
		mark((r.pending & ~1ull) + (uint64_t)r.offset, t->tid, true);
}
