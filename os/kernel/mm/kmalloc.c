/* SPDX-License-Identifier: MIT */
/*
 * The kernel's object allocator: size classes in slabs of one page, larger sizes as whole pages.
 * The state of a slab lives in its struct frame (owner: first free object, index: objects in use).
 */
#include "defs.h"

#define NCLASS	12

static const uint16_t sizes[NCLASS] = { 16, 32, 64, 96, 128, 192, 256, 384, 512, 1024, 1344, 2048 };

struct size_class {
	struct spinlock lock;
	uint32_t partial;	/* first slab with a free object, 0: none */
	uint32_t nempty;	/* slabs without any object in use, at most one is kept */
};

static struct size_class classes[NCLASS] = {
	[0 ... NCLASS - 1] = { SPINLOCK_INIT("slab", RANK_SLAB), 0, 0 },
};

/* The first class that n bytes fit in: the small ones by a table, in steps of 16. */
static unsigned class_of(size_t n)
{
	static const uint8_t small[] = { 0, 0, 1, 2, 2, 3, 3, 4, 4, 5, 5, 5, 5, 6, 6, 6, 6 };
	unsigned c = small[n <= 256 ? (n + 15) / 16 : 16];

	while (sizes[c] < n)
		c++;
	return c;
}

static void partial_add(struct size_class *sc, struct frame *f)
{
	uint32_t n = (uint32_t)frame_number(f);

	f->prev = 0;
	f->next = sc->partial;
	if (f->next != 0)
		frames[f->next].prev = n;
	sc->partial = n;
}

static void partial_del(struct size_class *sc, struct frame *f)
{
	if (f->prev != 0)
		frames[f->prev].next = f->next;
	else
		sc->partial = f->next;
	if (f->next != 0)
		frames[f->next].prev = f->prev;
}

static struct frame *slab_new(unsigned c)
{
	struct frame *f = frame_alloc(FRAME_SLAB);
	uint8_t *p;
	void *next = NULL;

	if (f == NULL)
		return NULL;
	p = frame_virt(f);
	for (size_t off = (PAGE / sizes[c] - 1) * sizes[c]; ; off -= sizes[c]) {
		*(void **)(p + off) = next;
		next = p + off;
		if (off == 0)
			break;
	}
	f->owner = next;
	f->cls = (uint8_t)c;
	f->index = 0;
	return f;
}

static void *slab_take(struct size_class *sc, struct frame *f)
{
	void *p = f->owner;

	f->owner = *(void **)p;
	if (f->index++ == 0)
		sc->nempty--;
	if (f->owner == NULL)
		partial_del(sc, f);
	return p;
}

static void *big_alloc(size_t n)
{
	unsigned order = 0;
	struct frame *f;

	while ((PAGE << order) < n)
		if (++order > 10)
			return NULL;
	f = frame_alloc_order(FRAME_KERNEL, order);
	return f != NULL ? frame_virt(f) : NULL;
}

void *kmalloc(size_t n)
{
	struct size_class *sc;
	struct frame *fresh;
	unsigned c;
	void *p = NULL;

	if (n > sizes[NCLASS - 1])
		return big_alloc(n);
	c = class_of(n);
	sc = &classes[c];
	spin_lock(&sc->lock);
	if (sc->partial != 0)
		p = slab_take(sc, &frames[sc->partial]);
	spin_unlock(&sc->lock);
	if (p != NULL)
		return p;
	fresh = slab_new(c);
	if (fresh == NULL)
		return NULL;
	spin_lock(&sc->lock);
	partial_add(sc, fresh);
	sc->nempty++;
	p = slab_take(sc, &frames[sc->partial]);
	spin_unlock(&sc->lock);
	return p;
}

void *kzalloc(size_t n)
{
	void *p = kmalloc(n);

	if (p != NULL)
		memset(p, 0, n);
	return p;
}

void kfree(void *p)
{
	struct size_class *sc;
	struct frame *f, *drop = NULL;

	if (p == NULL)
		return;
	f = frame_of_virt(p);
	if (f->kind == FRAME_KERNEL) {
		frame_put(f);
		return;
	}
	if (f->kind != FRAME_SLAB)
		panic("kfree of %p: not allocated", p);
	sc = &classes[f->cls];
	spin_lock(&sc->lock);
	if (f->owner == NULL)
		partial_add(sc, f);
	*(void **)p = f->owner;
	f->owner = p;
	if (--f->index == 0 && ++sc->nempty > 1) {
		sc->nempty--;
		partial_del(sc, f);
		drop = f;
	}
	spin_unlock(&sc->lock);
	if (drop != NULL)
		frame_put(drop);
}

uint64_t slab_bytes(const struct frame *f)
{
	return f->index * sizes[f->cls];
}
