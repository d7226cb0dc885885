/* SPDX-License-Identifier: MIT */
/* qsort, qsort_r: introsort, by swapping in place; n log n at worst. */
#include <stdlib.h>
#include <stdint.h>
#include <string.h>

typedef int cmpfn(const void *, const void *, void *);

struct sort {
	size_t size;
	cmpfn *cmp;
	void *arg;
};

typedef uint64_t word __attribute__((may_alias, aligned(1)));

static inline void swap(const struct sort *st, char *a, char *b)
{
	size_t n = st->size;
	for (; n >= 8; n -= 8, a += 8, b += 8) {
		uint64_t t = *(word *)a;
		*(word *)a = *(word *)b;
		*(word *)b = t;
	}
	for (; n; n--, a++, b++) {
		char t = *a;
		*a = *b;
		*b = t;
	}
}

static inline int less(const struct sort *st, const char *a, const char *b)
{
	return st->cmp(a, b, st->arg) < 0;
}

static void insertion(const struct sort *st, char *base, size_t n)
{
	for (size_t i = 1; i < n; i++)
		for (char *p = base + i * st->size; p > base && less(st, p, p - st->size); p -= st->size)
			swap(st, p, p - st->size);
}

static void sift(const struct sort *st, char *base, size_t i, size_t n)
{
	for (size_t c; (c = 2 * i + 1) < n; i = c) {
		if (c + 1 < n && less(st, base + c * st->size, base + (c + 1) * st->size))
			c++;
		if (!less(st, base + i * st->size, base + c * st->size))
			return;
		swap(st, base + i * st->size, base + c * st->size);
	}
}

static void heapsort(const struct sort *st, char *base, size_t n)
{
	for (size_t i = n / 2; i-- > 0; )
		sift(st, base, i, n);
	while (n-- > 1) {
		swap(st, base, base + n * st->size);
		sift(st, base, 0, n);
	}
}

/* Puts the median of three in the first place. */
static void pick_pivot(const struct sort *st, char *base, size_t n)
{
	char *a = base, *b = base + n / 2 * st->size, *c = base + (n - 1) * st->size;
	char *m = less(st, a, b) ? (less(st, b, c) ? b : less(st, a, c) ? c : a)
		: (less(st, a, c) ? a : less(st, b, c) ? c : b);
	if (m != base)
		swap(st, base, m);
}

/* Splits by the pivot at base; returns the pivot's final index. */
static size_t partition(const struct sort *st, char *base, size_t n)
{
	size_t size = st->size, i = 0, j = n;
	for (;;) {
		do
			i++;
		while (i < n && less(st, base + i * size, base));
		do
			j--;
		while (j > 0 && less(st, base, base + j * size));
		if (i >= j)
			break;
		swap(st, base + i * size, base + j * size);
	}
	if (j)
		swap(st, base, base + j * size);
	return j;
}

static int sorted(const struct sort *st, const char *base, size_t n)
{
	for (size_t i = 1; i < n; i++)
		if (less(st, base + i * st->size, base + (i - 1) * st->size))
			return 0;
	return 1;
}

static void sort(const struct sort *st, char *base, size_t n, int depth)
{
	while (n > 12) {
		if (depth-- == 0) {
			heapsort(st, base, n);
			return;
		}
		pick_pivot(st, base, n);
		size_t p = partition(st, base, n);
		if (p < n - p) {
			sort(st, base, p, depth);
			base += (p + 1) * st->size;
			n -= p + 1;
		} else {
			sort(st, base + (p + 1) * st->size, n - p - 1, depth);
			n = p;
		}
	}
	insertion(st, base, n);
}

void qsort_r(void *base, size_t n, size_t size, cmpfn *cmp, void *arg)
{
	struct sort st = { size, cmp, arg };
	if (n < 2 || !size || sorted(&st, base, n))
		return;
	sort(&st, base, n, 2 * (64 - __builtin_clzl(n)));
}

static int plain(const void *a, const void *b, void *fn)
{
	return ((int (*)(const void *, const void *))(uintptr_t)fn)(a, b);
}

void qsort(void *base, size_t n, size_t size, int (*cmp)(const void *, const void *))
{
	qsort_r(base, n, size, plain, (void *)(uintptr_t)cmp);
}
