/* SPDX-License-Identifier: MIT */
/* Spinlocks: the slow path, and the checks of debug builds (KDEBUG). */
#include "arch/x86_64/asm.h"
#include "core/log.h"
#include "lock.h"

#define STUCK	2000000000ul	/* tries before a lock is called stuck */

void spin_contended(struct spinlock *l)
{
	for (uint64_t i = 0; i < STUCK; i++) {
		cpu_flush_poll();
		cpu_pause();
		if (l->held == 0 && spin_try(l))
			return;
	}
	panic("lock %s is stuck, held by CPU %d", l->name, l->cpu);
}

/* void spin_slow(struct spinlock *l): for the inline fast path, with all registers kept. */
__asm__(".globl spin_slow\nspin_slow:\n\tpushq %rax\n\tpushq %rcx\n\tpushq %rdx\n\tpushq %rsi\n\t"
	"pushq %rdi\n\tpushq %r8\n\tpushq %r9\n\tpushq %r10\n\tpushq %r11\n\tcall spin_contended\n\t"
	"popq %r11\n\tpopq %r10\n\tpopq %r9\n\tpopq %r8\n\tpopq %rdi\n\tpopq %rsi\n\tpopq %rdx\n\t"
	"popq %rcx\n\tpopq %rax\n\tret\n");

void spin_check_lock(struct spinlock *l)
{
	struct cpu *c = this_cpu();

	for (uint32_t i = 0; i < c->nheld; i++) {
		if (c->held[i] == l)
			panic("lock %s taken twice", l->name);
		if (c->held[i]->rank >= l->rank)
			panic("lock %s (%u) taken inside %s (%u)", l->name, l->rank,
			      c->held[i]->name, c->held[i]->rank);
	}
}

void spin_note_lock(struct spinlock *l)
{
	struct cpu *c = this_cpu();

	l->cpu = (int16_t)c->id;
	if (c->nheld == 8)
		panic("too many locks held, at %s", l->name);
	c->held[c->nheld++] = l;
}

void spin_check_unlock(struct spinlock *l)
{
	struct cpu *c = this_cpu();
	uint32_t i;

	for (i = 0; i < c->nheld && c->held[i] != l; i++)
		;
	if (i == c->nheld || l->held == 0)
		panic("lock %s is not held by this CPU", l->name);
	for (c->nheld--; i < c->nheld; i++)
		c->held[i] = c->held[i + 1];
	l->cpu = -1;
}

#ifdef KDEBUG
void spin_check_none(const char *what)
{
	struct cpu *c = this_cpu();

	if (c->nheld != 0)
		panic("lock %s held at %s", c->held[0]->name, what);
}
#else
void spin_check_none(const char *what)
{
	(void)what;
}
#endif

void spin_lock_two(struct spinlock *a, struct spinlock *b)
{
	struct spinlock *first = a < b ? a : b, *second = a < b ? b : a;

	spin_lock(first);
	if (first == second)
		return;
	if (!spin_try(second))
		spin_contended(second);
	spin_note_second(second);
}

void spin_unlock_two(struct spinlock *a, struct spinlock *b)
{
	spin_unlock(a);
	if (a != b)
		spin_unlock(b);
}
