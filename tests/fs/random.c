/* SPDX-License-Identifier: MIT */
/* Random operations against the model, with remounts and checks in between. */
#include <stdio.h>
#include <stdlib.h>

#include "ops.h"
#include "tests.h"

static void run(uint64_t nblocks, unsigned long ops, uint32_t max_pages, uint32_t cache)
{
	struct dev *d = dev_new(nblocks);
	struct cfs *fs = dev_mkfs(d);
	struct model *m = model_new(max_pages);

	for (unsigned long i = 1; i <= ops; i++) {
		model_step(m, fs);
		if (!pick(200))
			OK(cfs_sync(fs));
		if (i % 4000 == 0)
			model_compare(m, fs);
		if (i % 10000 && i != ops)
			continue;
		model_close_all(m, fs);
		OK(cfs_unmount(fs));
		if (dev_check(d, 0, true))
			FAIL("the check finds faults after %lu operations", i);
		fs = dev_mount(d, 0, cache);
		model_compare(m, fs);
	}
	cfs_abandon(fs);
	model_free(m);
	dev_free(d);
}

void test_model(void)
{
	const char *n = getenv("MODEL_OPS");

	run(16384, n ? strtoul(n, NULL, 0) : 100000, 200, 64);
}

/* So small that the disk is full most of the time. */
void test_model_small(void)
{
	run(700, 60000, 40, 64);
	CHECK(op_enospc > 100);
}
