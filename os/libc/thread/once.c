/* SPDX-License-Identifier: MIT */
/* once.c: pthread_once, call_once. The word: 0 new, 1 running, 2 done, 3 running and waited for. */
#include <limits.h>
#include "../internal/pthread_impl.h"

static void undo(void *control)
{
	if (__atomic_exchange_n((volatile int *)control, 0, __ATOMIC_SEQ_CST) == 3)
		plat_futex_wake(control, INT_MAX, 1);
}

static void run(volatile int *control, void (*fn)(void))
{
	pthread_cleanup_push(undo, (void *)control);
	fn();
	pthread_cleanup_pop(0);
	if (__atomic_exchange_n(control, 2, __ATOMIC_SEQ_CST) == 3)
		plat_futex_wake(control, INT_MAX, 1);
}

int pthread_once(pthread_once_t *once, void (*fn)(void))
{
	volatile int *control = once;
	struct tcb *t = __self();
	int cp = t->cp;

	for (;;) {
		int state = 0;
		if (__atomic_load_n(control, __ATOMIC_ACQUIRE) == 2)
			return 0;
		if (__atomic_compare_exchange_n(control, &state, 1, 0, __ATOMIC_SEQ_CST, __ATOMIC_ACQUIRE)) {
			run(control, fn);
			return 0;
		}
		if (state == 1)
			__atomic_compare_exchange_n(control, &state, 3, 0, __ATOMIC_SEQ_CST, __ATOMIC_RELAXED);
		t->cp = 0;
		if (state == 1 || state == 3)
			plat_futex_wait(control, 3, CLOCK_MONOTONIC, 0, 1);
		t->cp = cp;
	}
}

void call_once(pthread_once_t *once, void (*fn)(void))
{
	pthread_once(once, fn);
}
