/* SPDX-License-Identifier: MIT */
/* The heap across fork: the child must not inherit a lock held by another thread. */
#include "heap.h"
#include "atfork.h"

/* who: -1 before fork, 0 in the parent, 1 in the child. */
void __malloc_atfork(int who)
{
	if (who < 0)
		lock(&heap_lock);
	else
		unlock(&heap_lock);
}
