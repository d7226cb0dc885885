/* SPDX-License-Identifier: MIT */
/* The smallest program whose stack frame the compiler protects. */
#include <stdio.h>
#include <string.h>

int main(int argc, char **argv)
{
	char name[32];

	snprintf(name, sizeof name, "%s", argc > 1 ? argv[1] : "hello");
	puts(name);
	return strcmp(name, "hello") != 0;
}
