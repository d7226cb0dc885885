/* SPDX-License-Identifier: MIT */
/* The pages of a mem: a radix tree of 64-way nodes that grows in height with the highest index. */
#include "defs.h"
#include "mm/private.h"

#define BITS	6
#define FAN	(1u << BITS)

struct node { void *slot[FAN]; };

static bool too_high(const struct mem *m, uint64_t index)
{
	return m->height * BITS < 64 && index >> (m->height * BITS) != 0;
}

struct frame *mem_page(struct mem *m, uint64_t index)
{
	void *p = m->root;

	if (p == NULL || too_high(m, index))
		return NULL;
	for (int level = m->height - 1; level >= 0 && p != NULL; level--)
		p = ((struct node *)p)->slot[index >> (level * BITS) & (FAN - 1)];
	return p;
}

static int grow(struct mem *m, uint64_t index)
{
	while (m->root == NULL || too_high(m, index)) {
		struct node *n = kzalloc(sizeof(*n));

		if (n == NULL)
			return -ENOMEM;
		n->slot[0] = m->root;
		m->root = n;
		m->height++;
	}
	return 0;
}

int mem_page_set(struct mem *m, uint64_t index, struct frame *f)
{
	struct node *n;

	if (grow(m, index) != 0)
		return -ENOMEM;
	n = m->root;
	for (int level = m->height - 1; level > 0; level--) {
		void **s = &n->slot[index >> (level * BITS) & (FAN - 1)];

		if (*s == NULL && (*s = kzalloc(sizeof(*n))) == NULL)
			return -ENOMEM;
		n = *s;
	}
	n->slot[index & (FAN - 1)] = f;
	f->owner = m;
	f->index = index;
	m->npages++;
	return 0;
}

struct frame *mem_page_remove(struct mem *m, uint64_t index)
{
	struct node *n = m->root;
	struct frame *f;

	if (n == NULL || too_high(m, index))
		return NULL;
	for (int level = m->height - 1; level > 0; level--) {
		n = n->slot[index >> (level * BITS) & (FAN - 1)];
		if (n == NULL)
			return NULL;
	}
	f = n->slot[index & (FAN - 1)];
	n->slot[index & (FAN - 1)] = NULL;
	if (f == NULL)
		return NULL;
	f->owner = NULL;
	m->npages--;
	if (f->flags & MP_DIRTY)
		m->ndirty--;
	f->flags = 0;
	return f;
}

static struct frame *next_in(struct node *n, int level, uint64_t *index, uint64_t end)
{
	uint64_t step = 1ul << (level * BITS);

	for (unsigned i = *index >> (level * BITS) & (FAN - 1); i < FAN && *index < end; i++) {
		void *s = n->slot[i];

		if (s != NULL && level == 0)
			return s;
		if (s != NULL) {
			struct frame *f = next_in(s, level - 1, index, end);

			if (f != NULL)
				return f;
			if ((*index & (step - 1)) == 0)
				continue;	/* the level below went to its end */
		}
		*index = (*index & ~(step - 1)) + step;
	}
	return NULL;
}

struct frame *mem_page_next(struct mem *m, uint64_t *index, uint64_t end)
{
	if (m->root == NULL || too_high(m, *index))
		return NULL;
	return next_in(m->root, m->height - 1, index, end);
}

static void free_nodes(struct node *n, int level)
{
	for (unsigned i = 0; level > 0 && i < FAN; i++)
		if (n->slot[i] != NULL)
			free_nodes(n->slot[i], level - 1);
	kfree(n);
}

void mem_pages_free(struct mem *m)
{
	if (m->root != NULL)
		free_nodes(m->root, m->height - 1);
	m->root = NULL;
	m->height = 0;
}
