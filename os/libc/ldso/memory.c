/* SPDX-License-Identifier: MIT */
/* memory.c: memory of the dynamic linker, which works before malloc does; lists of objects. */
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include "../internal/plat.h"
#include "dso.h"

#define ARENA 65536

/* At start-up: first what is here anyway, then mappings. Under __ldso_lock. */
static unsigned char first[8192] __attribute__((__aligned__(16)));
static unsigned char *arena = first, *arena_end = first + sizeof(first);
hidden int __ldso_running;

static void *from_arena(size_t n)
{
	unsigned char *p;
	size_t room;
	long map;

	n = (n + 15) & -16ul;
	if ((size_t)(arena_end - arena) < n) {
		room = n > ARENA ? (n + 4095) & -4096ul : ARENA;
		map = plat_mmap(0, room, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
		if (map < 0 && map > -4096)
			return 0;
		arena = (unsigned char *)map;
		arena_end = arena + room;
	}
	p = arena;
	arena += n;
	return p;
}

/* Blocks of malloc have a header, so that free knows them. */
struct header { size_t from_malloc, pad; };

void *__ldso_alloc(size_t n)
{
	struct header *h = 0;

	if (n < SIZE_MAX / 2)
		h = __ldso_running ? calloc(1, n + sizeof(*h)) : from_arena(n + sizeof(*h));
	if (!h)
		__ldso_fail("cannot allocate memory", 0, 0, 0);
	h->from_malloc = __ldso_running;
	return h + 1;
}

void __ldso_free(void *p)
{
	struct header *h = (struct header *)p - 1;

	if (p && h->from_malloc)
		free(h);
}

int __ldso_list_has(const struct dso_list *l, const struct dso *d)
{
	for (size_t i = l->n; i-- > 0; )
		if (l->v[i] == d)
			return 1;
	return 0;
}

/* The new entry is there before the count grows: readers of the global scope take no lock. */
void __ldso_list_add(struct dso_list *l, struct dso *d)
{
	struct dso **old = l->v, **v = old;

	if (__ldso_list_has(l, d))
		return;
	if (l->n == l->room) {
		size_t room = l->room ? 2 * l->room : 8;
		v = __ldso_alloc(room * sizeof(*v));
		memcpy(v, old, l->n * sizeof(*v));
		l->room = room;
		__atomic_store_n(&l->v, v, __ATOMIC_RELEASE);
	}
	v[l->n] = d;
	__atomic_store_n(&l->n, l->n + 1, __ATOMIC_RELEASE);
	if (v != old && old) {
		__ldso_synchronize();
		__ldso_free(old);
	}
}

/* A reader that meets the shifting may see an object twice, never a hole. */
void __ldso_list_remove(struct dso_list *l, const struct dso *d)
{
	for (size_t i = 0; i < l->n; i++) {
		if (l->v[i] != d)
			continue;
		for (size_t k = i; k + 1 < l->n; k++)
			__atomic_store_n(&l->v[k], l->v[k + 1], __ATOMIC_RELEASE);
		__atomic_store_n(&l->n, l->n - 1, __ATOMIC_RELEASE);
		return;
	}
}
