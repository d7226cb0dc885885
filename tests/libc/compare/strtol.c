/* SPDX-License-Identifier: MIT */
/* Reading integers in all bases. No b: older hosts do not know 0b. */
#include <errno.h>
#include <stdio.h>
#include "random.h"

int main(int argc, char **argv)
{
	random_init(argc, argv);
	for (int i = 0; i < 5000; i++) {
		char s[60], *p = s, *e;
		p += sprintf(p, "%s%s%s", random_below(4) ? "" : " \t", random_below(3) ? "" : "-",
			random_below(4) ? "" : random_below(2) ? "0x" : "0");
		for (int n = random_below(24); n >= 0; n--)
			*p++ = "0123456789acdxyzF- "[random_below(random_below(10) ? 10 : 19)];
		*p = 0;
		int base = random_below(3) ? (int[]){ 0, 10, 16, 8 }[random_below(4)] : 2 + random_below(35);
		errno = 0;
		long a = strtol(s, &e, base);
		printf("[%s] %d: %ld %d %d", s, base, a, (int)(e - s), errno);
		errno = 0;
		unsigned long b = strtoul(s, &e, base);
		printf(" %lu %d %d\n", b, (int)(e - s), errno);
	}
	return 0;
}
