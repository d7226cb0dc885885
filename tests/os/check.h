/* SPDX-License-Identifier: MIT */
/* Tests on the host: a function each, one line of result each. */
#ifndef CHECK_H
#define CHECK_H

#include <stdio.h>
#include <stdlib.h>

static const char *check_why;

/* Notes the first condition that does not hold. */
#define CHECK(cond) do { \
	if (!(cond) && !check_why) \
		check_why = #cond; \
} while (0)

struct test { const char *name; void (*fn)(void); };

static int run_tests(const struct test *t)
{
	int failed = 0;

	for (; t->name; t++) {
		check_why = NULL;
		t->fn();
		if (check_why)
			printf("FAIL %s: not so: %s\n", t->name, check_why);
		else
			printf("ok %s\n", t->name);
		failed |= check_why != NULL;
	}
	return failed;
}

#endif
