/* SPDX-License-Identifier: MIT */
/* What C23 and the BSDs have besides malloc, realloc and free. */
#include <errno.h>
#include <malloc.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

void free_sized(void *p, size_t n)
{
	(void)n;
	free(p);
}

void free_aligned_sized(void *p, size_t align, size_t n)
{
	(void)align;
	(void)n;
	free(p);
}

size_t memalignment(const void *p)
{
	return (uintptr_t)p & -(uintptr_t)p;
}

void *pvalloc(size_t n)
{
	size_t page = sysconf(_SC_PAGESIZE);

	if (n > SIZE_MAX - page) {
		errno = ENOMEM;
		return NULL;
	}
	return aligned_alloc(page, n ? (n + page - 1) / page * page : page);
}

/* realloc that frees what it could not resize. */
void *reallocf(void *p, size_t n)
{
	void *new = realloc(p, n);

	if (!new && n)
		free(p);
	return new;
}

/* Clears before it frees: n bytes of secrets. */
void freezero(void *p, size_t n)
{
	if (p)
		explicit_bzero(p, n);
	free(p);
}

/* realloc of an array whose new elements are zero and whose old place is cleared. */
void *recallocarray(void *p, size_t old, size_t count, size_t size)
{
	size_t n, have;
	char *new;

	if (__builtin_mul_overflow(count, size, &n)) {
		errno = ENOMEM;
		return NULL;
	}
	if (!p)
		return calloc(count, size);
	if (__builtin_mul_overflow(old, size, &have)) {
		errno = EINVAL;
		return NULL;
	}
	if (!(new = calloc(1, n)))
		return NULL;
	memcpy(new, p, have < n ? have : n);
	freezero(p, have);
	return new;
}
