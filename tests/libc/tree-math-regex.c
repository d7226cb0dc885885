/* SPDX-License-Identifier: MIT */
/* tdelete gives the parent, fma keeps the sign of what rounds to zero, \0 is a plain 0. */
#include <fenv.h>
#include <math.h>
#include <regex.h>
#include <search.h>
#include <stdio.h>
#include <string.h>

#define CHECK(x) do { if (!(x)) printf("%s:%d: %s\n", __FILE__, __LINE__, #x); } while (0)

static int compare(const void *a, const void *b)
{
	return strcmp(a, b);
}

static const void *parent;

/* Counts how deep the tree is: 1000 sorted keys must not make a list. */
static int deepest;
static void measure(const void *node, VISIT v, int depth)
{
	if (v == leaf || v == preorder)
		deepest = depth > deepest ? depth : deepest;
	(void)node;
}

int main(void)
{
	static char keys[1000][8];
	void *root = NULL;
	volatile double tiny = 0x1p-1000, zero = 0;
	regex_t re;

	for (int i = 0; i < 1000; i++) {
		sprintf(keys[i], "%04d", i);
		CHECK(tsearch(keys[i], &root, compare));
	}
	twalk(root, measure);
	CHECK(deepest < 60);
	for (int i = 0; i < 1000; i += 2) {
		parent = tdelete(keys[i], &root, compare);
		CHECK(parent && !tfind(keys[i], &root, compare));
	}
	for (int i = 1; i < 1000; i += 2)
		CHECK(tfind(keys[i], &root, compare));
	CHECK(!tdelete("none", &root, compare));

	CHECK(signbit(fma(-tiny, tiny, zero)) && fma(-tiny, tiny, zero) == 0);
	CHECK(!signbit(fma(tiny, tiny, zero)));

	CHECK(regcomp(&re, "a\\0", 0) == 0 && regexec(&re, "xa0", 0, NULL, 0) == 0);
	regfree(&re);
	CHECK(regcomp(&re, "\\(a\\)\\1", 0) == 0 && regexec(&re, "aa", 0, NULL, 0) == 0 && regexec(&re, "a1", 0, NULL, 0) != 0);
	regfree(&re);
	return 0;
}
