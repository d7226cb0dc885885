/* SPDX-License-Identifier: MIT */
/*
 * lock.h: named, ranked spinlocks.
 *
 * The kernel runs with interrupts off, always, except in the idle loop: a spinlock needs no more
 * than its word. A CPU may take a lock only if its rank is higher than that of every lock it holds
 * (spin_lock_two takes two of one rank, by address). User memory may not be touched, and nothing
 * may sleep, while a spinlock is held. A CPU that spins answers TLB shootdowns meanwhile, so
 * waiting for other CPUs' answers while holding locks is allowed.
 */
#ifndef KERNEL_LOCK_H
#define KERNEL_LOCK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Outermost first. The gaps are for objects to come. */
enum lock_rank {
	RANK_SUPERVISE = 5,	/* process tree, pid table */
	RANK_PROC = 10,		/* proc.lock */
	RANK_HANDLES = 20,	/* handle table */
	RANK_SIGFILES = 45,	/* list of signal files */
	RANK_FILE = 50,
	RANK_CRASH = 56,	/* the crash server's port */
	RANK_CHAN = 60,
	RANK_WALL = 64,		/* who follows the wall clock */
	RANK_TIMEROBJ = 65,
	RANK_BIND = 70,		/* list of watchers of an object */
	RANK_BINDING = 71,	/* one binding */
	RANK_EVQ = 72,
	RANK_EVQ_BIND = 74,	/* watchers of an evq */
	RANK_FUTEX = 75,
	RANK_PIDS = 78,		/* numbers of processes */
	RANK_VM = 100,		/* vm.lock */
	RANK_MEM = 110,		/* mem.lock */
	RANK_PAGERS = 115,	/* list of pager-backed mems */
	RANK_CALL = 116,	/* a call's state */
	RANK_SHORTAGE = 117,	/* who waits for memory */
	RANK_PORT = 118,	/* may be taken under any lock above */
	RANK_CALLS = 119,	/* free list of calls */
	RANK_IRQ = 120,
	RANK_TIMER = 140,	/* per-CPU deadline queue */
	RANK_SCHED = 150,	/* per-CPU run queue */
	RANK_KVM = 155,		/* kernel stacks' mappings */
	RANK_SLAB = 160,
	RANK_FRAME = 170,
	RANK_RANDOM = 175,
	RANK_LOG = 180,
};

struct spinlock {
	volatile uint8_t held;
	uint8_t rank;
	int16_t cpu;		/* debug: the holder, or -1 */
	const char *name;
};

#define SPINLOCK_INIT(nm, rk) { .held = 0, .rank = (rk), .cpu = -1, .name = (nm) }

static inline void spin_init(struct spinlock *l, const char *name, enum lock_rank rank)
{
	l->held = 0;
	l->rank = (uint8_t)rank;
	l->cpu = -1;
	l->name = name;
}

void spin_contended(struct spinlock *l);	/* spins till taken */
void spin_check_lock(struct spinlock *l);	/* debug builds: rank and double lock */
void spin_note_lock(struct spinlock *l);
void spin_check_unlock(struct spinlock *l);
void spin_check_none(const char *what);		/* debug builds: panics if this CPU holds a lock */

static inline bool spin_try(struct spinlock *l)
{
	uint8_t v = 1;
	__asm__ volatile("xchgb %0,%1" : "+q"(v), "+m"(l->held) : : "memory");
	return v == 0;
}

#ifdef KDEBUG
static inline void spin_lock(struct spinlock *l)
{
	spin_check_lock(l);
	if (!spin_try(l))
		spin_contended(l);
	spin_note_lock(l);
}
static inline void spin_note_second(struct spinlock *l) { spin_note_lock(l); }
static inline void spin_unlock(struct spinlock *l)
{
	spin_check_unlock(l);
	__atomic_store_n(&l->held, 0, __ATOMIC_RELEASE);
}
#else
static inline void spin_lock(struct spinlock *l)
{
	uint8_t v = 1;

	/* spin_slow (lock.c) is spin_contended that keeps all registers: a lock costs its user none. */
	__asm__ volatile("xchgb %0,%1\n\ttestb %0,%0\n\tjnz 2f\n1:\n\t.subsection 1\n2:\tcall spin_slow\n\t"
		"jmp 1b\n\t.previous" : "+q"(v), "+m"(l->held) : "D"(l) : "memory", "cc");
}
static inline void spin_note_second(struct spinlock *l) { (void)l; }
static inline void spin_unlock(struct spinlock *l)
{
	__atomic_store_n(&l->held, 0, __ATOMIC_RELEASE);
}
#endif

/* Takes it if it is free, whatever its rank: for reclaim, which runs inside anything. */
static inline bool spin_trylock(struct spinlock *l)
{
	if (l->held != 0 || !spin_try(l))
		return false;
	spin_note_second(l);
	return true;
}

void spin_lock_two(struct spinlock *a, struct spinlock *b);	/* one rank; a == b is taken once */
void spin_unlock_two(struct spinlock *a, struct spinlock *b);

#endif
