/* SPDX-License-Identifier: MIT */
/* Runs the test named on the command line. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dev.h"
#include "tests.h"

static const struct {
	const char *name;
	void (*run)(void);
} tests[] = {
	{ "names", test_names },
	{ "many_names", test_many_names },
	{ "large_file", test_large_file },
	{ "sparse", test_sparse },
	{ "times", test_times },
	{ "orphans", test_orphans },
	{ "readdir_cookies", test_readdir_cookies },
	{ "model", test_model },
	{ "model_small_disk", test_model_small },
	{ "crash", test_crash },
	{ "bit_flips", test_flips },
	{ "full_disk", test_full },
	{ "reservations", test_reserve },
	{ "failing_disk", test_failing },
	{ "snapshots_and_copies", test_churn },
	{ "extended_attributes", test_xattrs },
	{ "both_copies", test_twins },
	{ "fuzz", test_fuzz },
};

int main(int argc, char **argv)
{
	const char *seed = getenv("SEED");

	rnd_seed(seed ? strtoull(seed, NULL, 0) : 1);
	for (size_t i = 0; i < sizeof tests / sizeof tests[0]; i++) {
		if (argc < 2) {
			puts(tests[i].name);
		} else if (!strcmp(argv[1], tests[i].name)) {
			tests[i].run();
			return 0;
		}
	}
	return argc < 2 ? 0 : 2;
}
