/* SPDX-License-Identifier: MIT */
/* check.c: a long option with a value, a short one, and what is left. */
#include <popt.h>
#include <stdio.h>

int main(int argc, const char **argv)
{
	int number = 0, verbose = 0, c;
	struct poptOption options[] = {
		{ "number", 'n', POPT_ARG_INT, &number, 0, "a number", "N" },
		{ "verbose", 'v', POPT_ARG_NONE, &verbose, 0, "say more", NULL },
		POPT_AUTOHELP POPT_TABLEEND
	};
	poptContext p = poptGetContext(NULL, argc, argv, options, 0);

	c = poptGetNextOpt(p);
	if (c < -1)
		return fprintf(stderr, "%s: %s\n", poptBadOption(p, 0), poptStrerror(c)), 1;
	printf("%d %d", number, verbose);
	for (const char *a; (a = poptGetArg(p)); )
		printf(" %s", a);
	putchar('\n');
	return 0;
}
