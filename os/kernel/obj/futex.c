/* SPDX-License-Identifier: MIT */
/*
 * Futexes: threads that wait for a word of user memory to change.
 *
 * A word is keyed by (address space, address), or when shared by (mem, offset). Waiters hang in
 * buckets by a hash of the key. The word is compared under the bucket's lock, so a wake that comes
 * after the change finds the waiter.
 */
#include "defs.h"
#include "obj/wall.h"
#include "proc/proc.h"
#include "sys/sys.h"

#define BUCKETS	256

struct futex_key {
	const void *space;		/* struct vm or struct mem */
	uint64_t at;
	struct mem *mem;		/* reference to drop, or NULL */
};

static struct bucket {
	struct spinlock lock;
	struct list waiters;
} buckets[BUCKETS];

struct futex_waiter {
	struct list node;		/* in bucket->waiters; out of it: woken */
	struct bucket *volatile bucket;	/* where it hangs; changed under both locks by requeue */
	struct futex_key key;
	struct thread *thread;
};

void futex_init(void)
{
	for (unsigned i = 0; i < BUCKETS; i++) {
		spin_init(&buckets[i].lock, "futex", RANK_FUTEX);
		list_init(&buckets[i].waiters);
	}
}

static struct bucket *bucket_of(const struct futex_key *k)
{
	uint64_t x = ((uint64_t)k->space >> 6) * 0x9e3779b97f4a7c15u + k->at;

	x *= 0x9e3779b97f4a7c15u;
	return &buckets[x >> 56];
}

static int futex_key(uint64_t addr, long flags, struct futex_key *k)
{
	struct vm *vm = current()->proc->vm;

	k->space = vm;
	k->at = addr;
	k->mem = NULL;
	if (addr & 3)
		return -EINVAL;
	if (!(flags & FUTEX_SHARED))
		return 0;
	int err = vm_futex_key(vm, addr, &k->mem, &k->at);
	if (!err && k->mem)
		k->space = k->mem;
	return err;
}

static void futex_key_put(struct futex_key *k)
{
	if (k->mem)
		obj_put(&k->mem->obj);
}

static bool key_equal(const struct futex_key *a, const struct futex_key *b)
{
	return a->space == b->space && a->at == b->at;
}

/* Locks the bucket (both, a may equal b) with the word at addr known to hold `expected`. */
static int lock_expected(struct bucket *a, struct bucket *b, uint64_t addr, uint32_t expected)
{
	uint32_t now;

	for (;;) {
		spin_lock_two(&a->lock, &b->lock);
		if (user_load32_nofault(addr, &now) == 0) {
			if (now == expected)
				return 0;
			spin_unlock_two(&a->lock, &b->lock);
			return -EAGAIN;
		}
		spin_unlock_two(&a->lock, &b->lock);
		if (user_load32(addr, &now))
			return -EFAULT;
	}
}

/* Leaves whatever bucket w hangs in. True when it had been woken. */
static bool futex_leave(struct futex_waiter *w)
{
	for (;;) {
		struct bucket *b = w->bucket;
		spin_lock(&b->lock);
		if (b == w->bucket) {
			bool woken = list_empty(&w->node);
			list_del(&w->node);
			spin_unlock(&b->lock);
			return woken;
		}
		spin_unlock(&b->lock);
	}
}

/*
 * Hangs w into b, which is locked: waiters of a higher priority are before those of a lower one,
 * whatever they wait for, among equals who came first.
 */
static void bucket_add(struct bucket *b, struct futex_waiter *w)
{
	struct list *after = b->waiters.prev;

	while (after != &b->waiters &&
	       thread_rank(list_entry(after, struct futex_waiter, node)->thread) > thread_rank(w->thread))
		after = after->prev;
	w->bucket = b;
	list_add(after, &w->node);
}

static int64_t futex_wait(struct futex_waiter *w, uint64_t addr, uint32_t expected,
			  int64_t deadline, bool wall)
{
	struct bucket *b = bucket_of(&w->key);
	int err = lock_expected(b, b, addr, expected);

	if (err)
		return err;
	w->thread = current();
	bucket_add(b, w);
	spin_unlock(&b->lock);
	do
		err = wall ? wall_park(deadline, PARK_INTR) : thread_park(deadline, PARK_INTR);
	while (!err && __atomic_load_n(&w->node.next, __ATOMIC_ACQUIRE) != &w->node);
	if (futex_leave(w))
		return 0;
	if (err == -EINTR)
		return deadline == T_FOREVER ? -ERESTART : -ERESTART_QUIET;
	return err;
}

static long wait_by(long addr, long expected, long deadline, long flags, bool wall)
{
	struct futex_waiter w;
	int64_t err = futex_key((uint64_t)addr, flags, &w.key);

	if (err)
		return err;
	err = futex_wait(&w, (uint64_t)addr, (uint32_t)expected, deadline, wall);
	futex_key_put(&w.key);
	return err;
}

long sys_futex_wait(long addr, long expected, long deadline, long flags)
{
	return wait_by(addr, expected, deadline, flags, false);
}

long sys_futex_wait_wall(long addr, long expected, long deadline, long flags)
{
	return wait_by(addr, expected, deadline, flags, true);
}

/* Wakes up to n waiters of k; its bucket is locked. */
static long bucket_wake(struct bucket *b, const struct futex_key *k, long n)
{
	long woken = 0;

	list_for_safe(l, &b->waiters) {
		struct futex_waiter *w = list_entry(l, struct futex_waiter, node);
		if (woken == n)
			break;
		if (!key_equal(&w->key, k))
			continue;
		struct thread *t = w->thread;
		list_del(&w->node);
		thread_wake(t);
		woken++;
	}
	return woken;
}

long sys_futex_wake(long addr, long count, long flags)
{
	struct futex_key k;
	int err = futex_key((uint64_t)addr, flags, &k);

	if (err)
		return err;
	struct bucket *b = bucket_of(&k);
	spin_lock(&b->lock);
	long n = bucket_wake(b, &k, count);
	spin_unlock(&b->lock);
	futex_key_put(&k);
	return n;
}

/* Moves up to n waiters from k to k2; both buckets are locked. */
static long bucket_move(struct bucket *b, const struct futex_key *k, struct bucket *b2,
			const struct futex_key *k2, long n)
{
	long moved = 0;

	list_for_safe(l, &b->waiters) {
		struct futex_waiter *w = list_entry(l, struct futex_waiter, node);
		if (moved == n)
			break;
		if (!key_equal(&w->key, k))
			continue;
		list_del(&w->node);
		w->key.space = k2->space;
		w->key.at = k2->at;
		bucket_add(b2, w);
		moved++;
	}
	return moved;
}

long sys_futex_requeue(long addr, long wake, long addr2, long requeue, long expected, long flags)
{
	struct futex_key k, k2;
	int64_t n = futex_key((uint64_t)addr, flags, &k);

	if (n)
		return n;
	n = futex_key((uint64_t)addr2, flags, &k2);
	if (n) {
		futex_key_put(&k);
		return n;
	}
	struct bucket *b = bucket_of(&k), *b2 = bucket_of(&k2);
	n = lock_expected(b, b2, (uint64_t)addr, (uint32_t)expected);
	if (!n) {
		n = bucket_wake(b, &k, wake);
		if (!key_equal(&k, &k2))
			n += bucket_move(b, &k, b2, &k2, requeue);
		spin_unlock_two(&b->lock, &b2->lock);
	}
	futex_key_put(&k2);
	futex_key_put(&k);
	return n;
}
