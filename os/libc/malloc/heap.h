/* SPDX-License-Identifier: MIT */
/* The allocator's structures. All of it is guarded by heap_lock. */
#ifndef MALLOC_HEAP_H
#define MALLOC_HEAP_H

#include <stddef.h>
#include <stdint.h>
#include "hidden.h"
#include "lock.h"

/*
 * Memory comes from the system in segments, aligned to their size, so that the segment of any
 * pointer is found by masking. A segment's first pages are its header with one descriptor a page.
 * A span is a run of pages: either objects of one size class or one block of whole pages. A block
 * too big for a segment has a mapping of its own that begins with a header of the same shape.
 */
#define SEG_SIZE ((size_t)1 << 20)
#define PAGE ((size_t)4096)
#define SEG_PAGES (SEG_SIZE / PAGE)
#define SMALL_MAX ((size_t)16384)
#define SPAN_MAX (SEG_SIZE / 2)
#define NCLASS 36

enum { SPAN_NONE, SPAN_SMALL, SPAN_PAGES, SPAN_INSIDE };

struct object { struct object *next; };

struct span {
	struct object *free;		/* freed objects of a small span */
	struct span *prev, *next;	/* ring of its class while it has a free object */
	uint16_t used, made;		/* objects handed out; objects ever carved */
	uint8_t kind, cls, zeroed, listed;
	uint8_t back;			/* SPAN_INSIDE: pages back to the first, 255 meaning further */
	uint8_t pad;
	uint16_t pages;
};

struct segment {
	struct segment *prev, *next;	/* all segments; unused when huge */
	uint64_t busy[SEG_PAGES / 64];	/* one bit a page in use */
	unsigned free_pages;
	unsigned fresh;			/* pages from here on were never used: they are zero */
	size_t huge_len;		/* length of the mapping of a huge block, else 0 */
	void *huge_ptr;			/* what the caller holds */
	struct span span[SEG_PAGES];
};

#define HEADER_PAGES ((sizeof(struct segment) + PAGE - 1) / PAGE)
#define HUGE_HEADER PAGE

extern hidden struct lock heap_lock;
extern hidden size_t heap_mapped;	/* bytes mapped now */

static inline struct segment *seg_of(const void *p)
{
	/* A block aligned to the segment size itself has its header in the segment before. */
	return (struct segment *)(((uintptr_t)p - 1) & -SEG_SIZE);
}

static inline void *span_start(struct segment *s, struct span *sp)
{
	return (char *)s + (sp - s->span) * PAGE;
}

/* The span that p lies in, or NULL when p is not the allocator's. */
hidden struct span *span_of(struct segment *s, const void *p);
/* A new span of n pages whose first page number is a multiple of align; NULL: no memory. */
hidden struct span *span_new(unsigned n, unsigned align);
hidden void span_free(struct span *sp);

/* The smallest class of at least n bytes (n <= SMALL_MAX), and the size of a class. */
hidden unsigned class_of(size_t n);
hidden size_t class_size(unsigned c);
/* An object of class c; *zero tells that it is zero already. */
hidden void *small_alloc(unsigned c, int *zero);
hidden void small_free(struct span *sp, void *p);

hidden void *huge_alloc(size_t n, size_t align);
hidden void huge_free(struct segment *s);
/* Resizes in place or by moving pages; NULL: the caller has to copy. */
hidden void *huge_realloc(struct segment *s, size_t n);

/* n bytes, aligned; *zero as above. Takes the lock. */
hidden void *heap_alloc(size_t n, size_t align, int *zero);
hidden size_t heap_size(const void *p);
hidden _Noreturn void heap_corrupt(const char *what);

#endif
