/* SPDX-License-Identifier: MIT */
/* Options in all orders: short and long, with and without arguments, wrong ones, permutation. */
#include <getopt.h>
#include <stdio.h>
#include <unistd.h>
#include "random.h"

static const struct option longs[] = {
	{ "alpha", no_argument, NULL, 'a' }, { "alps", required_argument, NULL, 2 },
	{ "beta", required_argument, NULL, 'b' }, { "gamma", optional_argument, NULL, 3 },
	{ "c", no_argument, NULL, 4 }, { NULL, 0, NULL, 0 },
};

int main(int argc, char **argv)
{
	static const char *const words[] = { "-a", "-b", "-bx", "-ab", "-c", "-cval", "--alpha", "--alp", "--alps=1",
		"--alps", "--beta=", "--be", "--gamma", "--gamma=7", "--nope", "--", "-", "file", "x", "-z", "--alpha=3",
		"-axb", "--g=1", "-W", "--c" };
	static const char *const opts[] = { "ab:c::", "+ab:c::", "-ab:c::", ":ab:c::", "abc" };
	random_init(argc, argv);
	dup2(1, 2);
	for (int i = 0; i < 2000; i++) {
		char *v[12] = { "prog" };
		int n = 1 + random_below(8), c, index = -1;
		const char *o = opts[random_below(5)];
		for (int k = 1; k < n; k++)
			v[k] = (char *)words[random_below(sizeof(words) / sizeof(*words))];
		optind = 0;
		int mode = random_below(3);
		while ((c = mode == 0 ? getopt(n, v, o) : mode == 1 ? getopt_long(n, v, o, longs, &index)
		    : getopt_long_only(n, v, o, longs, &index)) != -1) {
			printf("%d %s opt %d ind %d\n", c, optarg ? optarg : "(none)", c == '?' || c == ':' ? optopt : 0, optind);
			fflush(stdout);
			optarg = NULL;
		}
		printf("%d %s:", optind, o);
		for (int k = 0; k < n; k++)
			printf(" %s", v[k]);
		putchar('\n');
		fflush(stdout);
	}
	return 0;
}
