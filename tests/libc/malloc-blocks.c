/* SPDX-License-Identifier: MIT */
/* Blocks do not overlap, are aligned, keep their contents when they grow. */
#include <assert.h>
#include <errno.h>
#include <malloc.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define N 2000
static unsigned char *block[N];
static size_t size[N];

static void check(int i)
{
	for (size_t k = 0; k < size[i]; k++)
		assert(block[i][k] == (unsigned char)i);
}

int main(void)
{
	void *p;
	srand(1);
	for (int round = 0; round < 60000; round++) {
		int i = rand() % N;
		check(i);
		size_t n = rand() % 8 ? rand() % 300 : rand() % 100 ? rand() % 20000 : rand() % 2000000;
		if (rand() % 3 || !block[i]) {
			unsigned char *q = realloc(block[i], n + 1);
			assert(q && (uintptr_t)q % 16 == 0 && malloc_usable_size(q) > n);
			for (size_t k = 0; k < n && k < size[i]; k++)
				assert(q[k] == (unsigned char)i);
			memset(q, i, n);
			block[i] = q;
			size[i] = n;
		} else {
			free(block[i]);
			block[i] = rand() % 2 ? calloc(1, n + 1) : NULL;
			for (size_t k = 0; block[i] && k < n; k++)
				assert(!block[i][k]);
			size[i] = 0;
		}
	}
	for (size_t a = 16; a <= 1 << 20; a *= 2) {
		assert(posix_memalign(&p, a, a + 7) == 0 && (uintptr_t)p % a == 0);
		memset(p, 1, a + 7);
		free(p);
	}
	volatile size_t huge = SIZE_MAX / 2;
	assert(!malloc(huge) && errno == ENOMEM && !calloc(huge, 4) && !reallocarray(NULL, huge, 3));
	return 0;
}
