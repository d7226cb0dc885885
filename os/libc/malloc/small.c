/* SPDX-License-Identifier: MIT */
/* Objects of one size, many to a span. */
#include "heap.h"

/* Classes: 16 to 128 in steps of 16, then four to each doubling up to SMALL_MAX. */
static struct span *avail[NCLASS];	/* a span of the class with a free object, in a ring */

unsigned class_of(size_t n)
{
	if (n <= 128)
		return n ? (n - 1) / 16 : 0;
	unsigned top = 63 - __builtin_clzl(n - 1);
	return 8 + (top - 7) * 4 + ((n - 1) >> (top - 2) & 3);
}

size_t class_size(unsigned c)
{
	if (c < 8)
		return (c + 1) * 16;
	c -= 8;
	return (size_t)(c % 4 + 5) << (c / 4 + 5);
}

/* Pages of a span: at least eight objects, more pages for the small ones would only fault more. */
static unsigned class_pages(size_t size)
{
	if (size <= 512)
		return 1;
	return (8 * size + PAGE - 1) / PAGE;
}

static void list_add(struct span *sp)
{
	struct span **head = &avail[sp->cls];
	if (!*head) {
		sp->prev = sp->next = sp;
	} else {
		sp->next = *head;
		sp->prev = (*head)->prev;
		sp->prev->next = sp->next->prev = sp;
	}
	*head = sp;
	sp->listed = 1;
}

static void list_remove(struct span *sp)
{
	struct span **head = &avail[sp->cls];
	if (sp->next == sp) {
		*head = NULL;
	} else {
		sp->prev->next = sp->next;
		sp->next->prev = sp->prev;
		if (*head == sp)
			*head = sp->next;
	}
	sp->listed = 0;
}

static struct span *new_small(unsigned c)
{
	struct span *sp = span_new(class_pages(class_size(c)), 1);
	if (!sp)
		return NULL;
	sp->kind = SPAN_SMALL;
	sp->cls = c;
	list_add(sp);
	return sp;
}

void *small_alloc(unsigned c, int *zero)
{
	struct span *sp = avail[c];
	size_t size = class_size(c);
	void *p;
	if (!sp && !(sp = new_small(c)))
		return NULL;
	if (sp->free) {
		p = sp->free;
		sp->free = sp->free->next;
		*zero = 0;
	} else {
		p = (char *)span_start(seg_of(sp), sp) + sp->made++ * size;
		*zero = sp->zeroed;
	}
	sp->used++;
	if (!sp->free && (sp->made + 1) * size > sp->pages * PAGE)
		list_remove(sp);
	return p;
}

void small_free(struct span *sp, void *p)
{
	struct object *o = p;
	if (!sp->used)
		heap_corrupt("free: block was free already");
	o->next = sp->free;
	sp->free = o;
	sp->used--;
	if (!sp->listed)
		list_add(sp);
	/* The last span of a class stays, so that one object coming and going costs nothing. */
	if (!sp->used && sp->next != sp) {
		list_remove(sp);
		span_free(sp);
	}
}
