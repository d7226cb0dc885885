/* SPDX-License-Identifier: MIT */
/* Floating conversions with all flags. */
#include <stdio.h>
#include "random.h"

int main(int argc, char **argv)
{
	random_init(argc, argv);
	for (int i = 0; i < 3000; i++) {
		char fmt[40], *p = fmt, out[12000];
		double v = random_double();
		*p++ = '%';
		for (const char *f = "-+ #0"; *f; f++)
			if (!random_below(4))
				*p++ = *f;
		if (random_below(2))
			p += sprintf(p, "%u", random_below(40));
		if (random_below(3))
			p += sprintf(p, ".%u", random_below(random_below(10) ? 20 : 400));
		int ld = !random_below(4);
		if (ld)
			*p++ = 'L';
		*p++ = ld ? "eEfFgG"[random_below(6)] : "eEfFgGaA"[random_below(8)];
		*p = 0;
		int n = ld ? snprintf(out, sizeof(out), fmt, (long double)v * 3)
			: snprintf(out, sizeof(out), fmt, v);
		/* Not alike: the sign of a NaN, the leading digit of subnormal numbers. */
		if (v != v || (v && (p[-1] | 32) == 'a' && v < 1e-300 && v > -1e-300))
			continue;
		printf("%s %d [%s]\n", fmt, n, out);
	}
	return 0;
}
