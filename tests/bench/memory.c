/* SPDX-License-Identifier: MIT */
/* Memory: mapping and page faults. */
#include <sys/mman.h>

#include "bench.h"

#define FAULTS	1024

static volatile char *
map(size_t n)
{
	char *p = mmap(NULL, n, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (p == MAP_FAILED)
		CHECK(-1);
	return p;
}

static void
map_touch_unmap(long n)
{
	while (n--) {
		volatile char *p = map(65536);
		int i;

		for (i = 0; i < 65536; i += 4096)
			p[i] = 1;
		munmap((void *)p, 65536);
	}
}

static volatile char *area;

static void
map_area(void)
{
	area = map((FAULTS + 1) * 4096);
}

static void
unmap_area(void)
{
	munmap((void *)area, (FAULTS + 1) * 4096);
}

/* The first call, of one operation, takes the last page. */
static void
fault(long n)
{
	long i;

	for (i = 0; i < n; i++)
		area[(n == 1 ? FAULTS : i) * 4096] = 1;
}

const struct bench memory_tests[] = {
	{ "map-64k-touch-unmap", 200, map_touch_unmap, NULL, NULL },
	{ "page-fault", FAULTS, fault, map_area, unmap_area },
	{ NULL, 0, NULL, NULL, NULL },
};
