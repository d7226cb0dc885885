/* SPDX-License-Identifier: MIT */
/* lsearch, lfind: linear search; insque, remque: linked lists. */
#include <search.h>
#include <string.h>

void *
lfind(const void *key, const void *base, size_t *n, size_t width,
		int (*cmp)(const void *, const void *))
{
	const char *p = base;
	size_t i;

	for (i = 0; i < *n; i++, p += width)
		if (cmp(key, p) == 0)
			return (void *)p;
	return NULL;
}

void *
lsearch(const void *key, void *base, size_t *n, size_t width,
		int (*cmp)(const void *, const void *))
{
	void *p = lfind(key, base, n, width, cmp);

	return p ? p : memcpy((char *)base + width * (*n)++, key, width);
}

struct link {
	struct link *next, *prev;
};

void
insque(void *element, void *after)
{
	struct link *e = element, *a = after;

	e->prev = a;
	e->next = a ? a->next : NULL;
	if (e->next)
		e->next->prev = e;
	if (a)
		a->next = e;
}

void
remque(void *element)
{
	struct link *e = element;

	if (e->next)
		e->next->prev = e->prev;
	if (e->prev)
		e->prev->next = e->next;
}
