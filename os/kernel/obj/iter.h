/* SPDX-License-Identifier: MIT */
/* iter.h: walks over the pieces of user memory that one read or write names. */
#ifndef KERNEL_ITER_H
#define KERNEL_ITER_H

#include <stddef.h>
#include <stdint.h>

#include "abi/sys.h"
#include "mm/frame.h"

#define RW_MAX	0x7ffff000ull	/* more is cut */

struct iter {
	const struct abi_iovec *iov;	/* kernel's copy; the piece we are in */
	uint64_t at;			/* bytes done of it */
	uint64_t left;			/* bytes to go in all pieces */
};

/* The kernel's copy of a program's struct abi_iovec[]. */
#define IOV_FEW	8
struct iov_set { struct abi_iovec few[IOV_FEW], *iov; };
/* Bytes in all pieces (rw.c), cut to RW_MAX; then iov_put is due. -EINVAL -EFAULT -ENOMEM. */
int64_t iov_get(struct iov_set *s, uint64_t uiov, uint64_t count);
static inline void iov_put(struct iov_set *s)
{
	if (s->iov != s->few)
		kfree(s->iov);
}

/* The stretch of user memory at the front: its address; *n is cut to its length. */
static inline uint64_t iter_front(struct iter *it, uint64_t *n)
{
	while (it->at == it->iov->len) {
		it->iov++;
		it->at = 0;
	}
	if (*n > it->iov->len - it->at)
		*n = it->iov->len - it->at;
	return it->iov->base + it->at;
}

/* n bytes of the front are done. */
static inline void iter_skip(struct iter *it, uint64_t n)
{
	it->at += n;
	it->left -= n;
}

/*
 * Moves n <= left bytes between it and kernel memory; without resolving faults: 0 or -EFAULT,
 * it unmoved.
 */
int iter_out_nofault(struct iter *it, const void *from, uint64_t n);
int iter_in_nofault(struct iter *it, void *to, uint64_t n);
/* Resolves what kept the next n bytes from being moved. 0, -EFAULT. May sleep. */
int iter_fault(const struct iter *it, uint64_t n, unsigned access);

#endif
