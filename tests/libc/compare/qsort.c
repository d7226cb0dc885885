/* SPDX-License-Identifier: MIT */
/* Sorting: elements of all sizes, many equal keys, patterns. */
#include <stdio.h>
#include "random.h"

static int cmp(const void *a, const void *b)
{
	return *(unsigned char *)a - *(unsigned char *)b;
}

int main(int argc, char **argv)
{
	random_init(argc, argv);
	for (int i = 0; i < 200; i++) {
		size_t size = 1 + random_below(40), n = random_below(random_below(4) ? 60 : 3000);
		unsigned char *v = malloc(n * size + 1);
		unsigned sum = 0, kind = random_below(4);
		for (size_t k = 0; k < n * size; k++)
			v[k] = random_u64();
		for (size_t k = 0; k < n; k++)
			v[k * size] = kind == 0 ? k * 255 / n : kind == 1 ? 255 - k * 255 / n : kind == 2 ? k % 3 : v[k * size];
		qsort(v, n, size, cmp);
		printf("%zu %zu:", n, size);
		for (size_t k = 0; k < n; k++)
			printf(" %d", v[k * size]);
		for (size_t k = 0; k < n * size; k++)
			sum += v[k] * 2654435761u;
		printf(" %u\n", sum);
		free(v);
	}
	return 0;
}
