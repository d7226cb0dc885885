/* SPDX-License-Identifier: MIT */
/* strtok. */
#include <string.h>

char *strtok(char *restrict s, const char *restrict sep)
{
	static char *rest;
	return strtok_r(s, sep, &rest);
}
