/* SPDX-License-Identifier: MIT */
/* A block grown in small steps to many megabytes keeps its contents and does not take for ever. */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

int main(void)
{
	size_t n = 1000, old = 0;
	unsigned char *p = NULL;
	for (; n < 24u << 20; old = n, n += n < 100000 ? 1000 : 40000) {
		p = realloc(p, n);
		assert(p);
		memset(p + old, n / 1000, n - old);
	}
	size_t at = 0;
	for (size_t m = 1000; m <= old; at = m, m += m < 100000 ? 1000 : 40000)
		assert(p[at] == (unsigned char)(m / 1000) && p[m - 1] == p[at]);
	p = realloc(p, 5000000);
	assert(p && p[0] == 1);
	for (int i = 0; i < 5; i++) {
		p = realloc(p, 100);
		p = realloc(p, 3000000);
		assert(p && p[0] == 1);
		memset(p + 100, i, 2999900);
	}
	free(p);
	return 0;
}
