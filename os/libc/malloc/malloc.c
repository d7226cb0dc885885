/* SPDX-License-Identifier: MIT */
/* malloc, free, calloc, realloc and their relatives. */
#include <errno.h>
#include <malloc.h>
#include <string.h>
#include "heap.h"

static void *or_enomem(void *p)
{
	if (!p)
		errno = ENOMEM;
	return p;
}

void *malloc(size_t n)
{
	int zero;
	return or_enomem(heap_alloc(n, 16, &zero));
}

void *calloc(size_t m, size_t n)
{
	int zero;
	size_t size;
	if (__builtin_mul_overflow(m, n, &size))
		return or_enomem(NULL);
	void *p = heap_alloc(size, 16, &zero);
	if (p && !zero)
		memset(p, 0, size);
	return or_enomem(p);
}

void free(void *p)
{
	if (!p)
		return;
	struct segment *s = seg_of(p);
	lock(&heap_lock);
	if (s->huge_len) {
		if (p != s->huge_ptr)
			heap_corrupt("free: not a block of this heap");
		huge_free(s);
	} else {
		struct span *sp = span_of(s, p);
		if (!sp)
			heap_corrupt("free: not a block of this heap");
		if (sp->kind == SPAN_SMALL)
			small_free(sp, p);
		else
			span_free(sp);
	}
	unlock(&heap_lock);
}

/* Growing without copying: what still fits, and huge blocks by moving their pages. */
static void *resize(void *p, size_t n, size_t have)
{
	struct segment *s = seg_of(p);
	if (n <= have && (n >= have / 2 || have <= 64))
		return p;
	if (!s->huge_len || n <= SPAN_MAX)
		return NULL;
	lock(&heap_lock);
	p = huge_realloc(s, n);
	unlock(&heap_lock);
	return p;
}

/*
 * A big block that grows once will grow again: it gets room beyond what is asked, so that growing in
 * small steps copies it few times. Pages of the room that are never used cost nothing.
 */
static void *grown(size_t n, size_t have)
{
	void *q = NULL;
	if (n > have && n > SMALL_MAX && n < PTRDIFF_MAX / 2)
		q = malloc(n + (n > SPAN_MAX ? n / 2 : n / 4));
	return q ? q : malloc(n);
}

void *realloc(void *p, size_t n)
{
	if (!p)
		return malloc(n);
	size_t have = heap_size(p);
	void *q = resize(p, n, have);
	if (q)
		return q;
	q = grown(n, have);
	if (!q)
		return NULL;
	memcpy(q, p, n < have ? n : have);
	free(p);
	return q;
}

void *reallocarray(void *p, size_t m, size_t n)
{
	size_t size;
	if (__builtin_mul_overflow(m, n, &size))
		return or_enomem(NULL);
	return realloc(p, size);
}

void *aligned_alloc(size_t align, size_t n)
{
	int zero;
	if (!align || (align & (align - 1))) {
		errno = EINVAL;
		return NULL;
	}
	return or_enomem(heap_alloc(n, align < 16 ? 16 : align, &zero));
}

int posix_memalign(void **out, size_t align, size_t n)
{
	int zero;
	if (align < sizeof(void *) || (align & (align - 1)))
		return EINVAL;
	void *p = heap_alloc(n, align < 16 ? 16 : align, &zero);
	if (!p)
		return ENOMEM;
	*out = p;
	return 0;
}

void *memalign(size_t align, size_t n)
{
	return aligned_alloc(align, n);
}

void *valloc(size_t n)
{
	return aligned_alloc(PAGE, n);
}

size_t malloc_usable_size(void *p)
{
	return p ? heap_size(p) : 0;
}
