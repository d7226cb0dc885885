/* SPDX-License-Identifier: MIT */
/* The allocator's one door: it picks the kind of block by size and alignment. */
#include <string.h>
#include <stdlib.h>
#include "heap.h"
#include "plat.h"

struct lock heap_lock;

void heap_corrupt(const char *what)
{
	plat_write(2, what, strlen(what));
	plat_write(2, "\n", 1);
	abort();
}

static void *locked_alloc(size_t n, size_t align, int *zero)
{
	if (n <= SMALL_MAX && align <= PAGE) {
		unsigned c = class_of(n);
		while (align > 16 && c < NCLASS && class_size(c) % align)
			c++;
		if (c < NCLASS && class_size(c) <= SMALL_MAX)
			return small_alloc(c, zero);
	}
	if (n <= SPAN_MAX && align <= SPAN_MAX / 2) {
		struct span *sp = span_new((n + PAGE - 1) / PAGE + !n, align > PAGE ? align / PAGE : 1);
		if (!sp)
			return NULL;
		*zero = sp->zeroed;
		return span_start(seg_of(sp), sp);
	}
	*zero = 1;
	return huge_alloc(n, align);
}

void *heap_alloc(size_t n, size_t align, int *zero)
{
	lock(&heap_lock);
	void *p = locked_alloc(n, align, zero);
	unlock(&heap_lock);
	return p;
}

size_t heap_size(const void *p)
{
	struct segment *s = seg_of(p);
	if (s->huge_len)
		return s->huge_len - ((char *)s->huge_ptr - (char *)s);
	struct span *sp = span_of(s, p);
	if (!sp)
		heap_corrupt("malloc: not a block of this heap");
	return sp->kind == SPAN_SMALL ? class_size(sp->cls) : sp->pages * PAGE;
}
