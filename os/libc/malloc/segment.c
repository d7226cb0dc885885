/* SPDX-License-Identifier: MIT */
/* Segments and the spans of pages in them. */
#include <sys/mman.h>
#include "heap.h"
#include "plat.h"

static struct segment *segments;
size_t heap_mapped;

static void set_bits(struct segment *s, unsigned i, unsigned n, int on)
{
	for (; n; i++, n--) {
		if (on)
			s->busy[i / 64] |= 1ul << (i % 64);
		else
			s->busy[i / 64] &= ~(1ul << (i % 64));
	}
}

/* The first page from i on that is busy (want 1) or free (0), at most SEG_PAGES. */
static unsigned next_page(const struct segment *s, unsigned i, int want)
{
	while (i < SEG_PAGES) {
		unsigned long w = (want ? s->busy[i / 64] : ~s->busy[i / 64]) >> i % 64;
		if (w)
			return i + (unsigned)__builtin_ctzl(w);
		i = (i / 64 + 1) * 64;
	}
	return SEG_PAGES;
}

/* First page of a free run of n pages at a multiple of align (a power of two), or 0. */
static unsigned find_run(struct segment *s, unsigned n, unsigned align)
{
	unsigned i = HEADER_PAGES;

	if (s->free_pages < n)
		return 0;
	for (;;) {
		i = (next_page(s, i, 0) + align - 1) & -align;
		if (i + n > SEG_PAGES)
			return 0;
		unsigned end = next_page(s, i, 1);
		if (end - i >= n)
			return i;
		i = end;
	}
}

/*
 * Maps one segment. What is mapped around it stays mapped and is never touched: address space costs
 * nothing, and a program that starts makes one call instead of three.
 */
static void *map_segment(void)
{
	size_t len = 2 * SEG_SIZE - PAGE;
	long p = plat_mmap(0, len, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANON, -1, 0);
	if ((unsigned long)p >= -4095ul)
		return NULL;
	heap_mapped += SEG_SIZE;
	return (void *)((p + SEG_SIZE - 1) & -SEG_SIZE);
}

/* Maps len bytes aligned to a segment. */
static void *map_aligned(size_t len)
{
	long p = plat_mmap(0, len, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANON, -1, 0);
	if ((unsigned long)p >= -4095ul)
		return NULL;
	if (p & (SEG_SIZE - 1)) {
		plat_munmap((void *)p, len);
		p = plat_mmap(0, len + SEG_SIZE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANON, -1, 0);
		if ((unsigned long)p >= -4095ul)
			return NULL;
		size_t head = -p & (SEG_SIZE - 1);
		if (head)
			plat_munmap((void *)p, head);
		p += head;
		plat_munmap((void *)(p + len), SEG_SIZE - head);
	}
	heap_mapped += len;
	return (void *)p;
}

static struct segment *segment_new(void)
{
	struct segment *s = map_segment();
	if (!s)
		return NULL;
	set_bits(s, 0, HEADER_PAGES, 1);
	s->free_pages = SEG_PAGES - HEADER_PAGES;
	s->fresh = HEADER_PAGES;
	s->next = segments;
	if (segments)
		segments->prev = s;
	segments = s;
	return s;
}

static void segment_free(struct segment *s)
{
	if (s->prev)
		s->prev->next = s->next;
	else
		segments = s->next;
	if (s->next)
		s->next->prev = s->prev;
	heap_mapped -= SEG_SIZE;
	plat_munmap(s, SEG_SIZE);
}

struct span *span_of(struct segment *s, const void *p)
{
	struct span *sp = s->span + ((uintptr_t)p & (SEG_SIZE - 1)) / PAGE;
	while (sp->kind == SPAN_INSIDE)
		sp -= sp->back;
	return sp->kind == SPAN_NONE ? NULL : sp;
}

static struct span *span_make(struct segment *s, unsigned i, unsigned n)
{
	struct span *sp = s->span + i;
	set_bits(s, i, n, 1);
	s->free_pages -= n;
	*sp = (struct span){ .pages = n, .kind = SPAN_PAGES, .zeroed = i >= s->fresh };
	for (unsigned k = 1; k < n; k++) {
		sp[k].kind = SPAN_INSIDE;
		sp[k].back = k < 255 ? k : 255;
	}
	if (s->fresh < i + n)
		s->fresh = i + n;
	return sp;
}

struct span *span_new(unsigned n, unsigned align)
{
	struct segment *s;
	unsigned i;
	for (s = segments; s; s = s->next)
		if ((i = find_run(s, n, align)))
			return span_make(s, i, n);
	s = segment_new();
	if (!s || !(i = find_run(s, n, align)))
		return NULL;
	return span_make(s, i, n);
}

void span_free(struct span *sp)
{
	struct segment *s = seg_of((char *)sp);
	unsigned n = sp->pages, i = sp - s->span;
	if (n >= 16)
		plat_madvise(span_start(s, sp), n * PAGE, MADV_DONTNEED);
	set_bits(s, i, n, 0);
	for (unsigned k = 0; k < n; k++)
		sp[k].kind = SPAN_NONE;
	s->free_pages += n;
	if (s->free_pages == SEG_PAGES - HEADER_PAGES && (s->next || s->prev))
		segment_free(s);
}

void *huge_alloc(size_t n, size_t align)
{
	size_t off = align > HUGE_HEADER ? align : HUGE_HEADER;
	if (align > SEG_SIZE || n > PTRDIFF_MAX - 2 * SEG_SIZE)
		return NULL;
	size_t len = (off + n + PAGE - 1) & -PAGE;
	struct segment *s = map_aligned(len);
	if (!s)
		return NULL;
	s->huge_len = len;
	s->huge_ptr = (char *)s + off;
	return s->huge_ptr;
}

void huge_free(struct segment *s)
{
	heap_mapped -= s->huge_len;
	plat_munmap(s, s->huge_len);
}

/* Moves the pages of a mapping to a bigger one, where the system can do that. */
static struct segment *move(struct segment *s, size_t old, size_t len)
{
	static int cannot;
	struct segment *t = cannot ? NULL : map_aligned(len);
	if (!t)
		return NULL;
	heap_mapped -= len;
	if (plat_mremap(s, old, len, MREMAP_MAYMOVE | MREMAP_FIXED, t) == (long)t)
		return t;
	cannot = 1;
	plat_munmap(t, len);
	return NULL;
}

void *huge_realloc(struct segment *s, size_t n)
{
	size_t off = (char *)s->huge_ptr - (char *)s;
	if (n > PTRDIFF_MAX - 2 * SEG_SIZE)
		return NULL;
	size_t len = (off + n + PAGE - 1) & -PAGE, old = s->huge_len;
	if (len < old)
		plat_munmap((char *)s + len, old - len);
	if (len > old && plat_mremap(s, old, len, 0, 0) != (long)s && !(s = move(s, old, len)))
		return NULL;
	heap_mapped += len - old;
	s->huge_len = len;
	s->huge_ptr = (char *)s + off;
	return s->huge_ptr;
}
