/* SPDX-License-Identifier: MIT */
/* Arguments by number, in any order and more than once. */
#include <assert.h>
#include <stdio.h>
#include <string.h>

int main(void)
{
	char s[100];
	assert(snprintf(s, sizeof(s), "%2$s %1$d %2$s %3$*4$d", 7, "x", 5, 4) == 10);
	assert(!strcmp(s, "x 7 x    5"));
	assert(snprintf(s, sizeof(s), "%1$.*2$f %3$Lg", 3.14159, 2, 2.5L) == 8);
	assert(!strcmp(s, "3.14 2.5"));
	return 0;
}
