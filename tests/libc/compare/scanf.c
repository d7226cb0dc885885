/* SPDX-License-Identifier: MIT */
/* Formats of scanf against random text. */
#include <stdio.h>
#include "random.h"

int main(int argc, char **argv)
{
	static const char *const fmts[] = {
		"%d%n", "%i %i%n", "%3d%2d%n", "%x%n", "%o,%u%n", "%f%n", "%5f%n", "%s%n", "%4s%n",
		"%[a-c]%n", "%[^,],%n", "%c%c%n", "%*d%d%n", "a%db%n", "%hhd%n", "%%%d%n", "%2[0-9]%n",
	};
	random_init(argc, argv);
	for (int i = 0; i < 5000; i++) {
		char s[40], *p = s;
		unsigned f = random_below(17);
		for (int n = random_below(12); n >= 0; n--)
			*p++ = f == 5 || f == 6 ? "0123456789+-., "[random_below(15)]
				: "0123456789+-.,abce% "[random_below(20)];
		*p = 0;
		union { int i; unsigned u; float f; char s[64]; } a, b;
		int n = -1, c = -1, r;
		memset(&a, 0, sizeof(a));
		memset(&b, 0, sizeof(b));
		switch (f) {
		case 1: case 2: case 4: case 11:
			r = sscanf(s, fmts[f], &a, &b, &n);
			break;
		default:
			r = sscanf(s, fmts[f], &a, &n);
		}
		(void)c;
		printf("[%s] %s: %d %d %d %d %.6s\n", s, fmts[f], r, n, f == 5 || f == 6 ? 0 : a.i, b.i,
			f >= 7 && f <= 11 ? a.s : "");
		if (f == 5 || f == 6)
			printf("%g\n", a.f);
	}
	return 0;
}
