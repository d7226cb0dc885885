/* SPDX-License-Identifier: MIT */
/* Sets of supplementary groups: equal ones are the same set, so that a number names it for good. */
#include <stdlib.h>
#include <string.h>
#include "procd.h"

#define MAX_SETS	4096

static struct gset *sets;
static uint32_t nsets;

static int compare(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

	return x < y ? -1 : x > y;
}

const struct gset *gset_find(uint32_t number)
{
	struct gset *s;

	for (s = sets; s && s->number != number; s = s->next)
		;
	return s;
}

const struct gset *gset_get(uint32_t *list, uint32_t n)
{
	struct gset *s;

	qsort(list, n, sizeof(*list), compare);
	for (s = sets; s; s = s->next)
		if (s->n == n && !memcmp(s->list, list, n * sizeof(*list)))
			return s;
	if (!n || n > MAX_GROUPS || nsets == MAX_SETS || !(s = calloc(1, sizeof(*s))))
		return NULL;
	s->number = ++nsets;
	s->n = n;
	memcpy(s->list, list, n * sizeof(*list));
	s->next = sets;
	sets = s;
	return s;
}
