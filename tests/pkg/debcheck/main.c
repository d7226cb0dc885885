/* SPDX-License-Identifier: MIT */
/* debcheck INDEX: the packages of an index that cannot be installed, "NAME VERSION" a line. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>

#include "solve.h"

int
main(int argc, char **argv)
{
	static struct pkg k = { .arch = "x86_64-pc-calx", .lockfd = -1, .nrepos = 1 };
	struct cpk_error err;
	struct solving g;
	unsigned char *can;
	char *text;
	size_t n;
	Id p;

	if (argc != 2 || cpk_init() || slurp(AT_FDCWD, argv[1], CPK_MAX_INDEX, &text, &n))
		return 2;
	if (cpk_index_parse(&k.repos[0].index, text, n, argv[1], &err)) {
		fprintf(stderr, "%s\n", err.text);
		return 2;
	}
	free(text);
	k.repos[0].known = true;
	solving_begin(&g, &k, NULL, false);
	can = find_installable(&g);
	for (p = 1; p < g.pool->nsolvables; p++)
		if (origin_of(&g, p)->p && !can[p])
			printf("%s %s\n", origin_of(&g, p)->p->name, origin_of(&g, p)->p->version);
	free(can);
	solving_end(&g);
	return 0;
}
