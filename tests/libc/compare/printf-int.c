/* SPDX-License-Identifier: MIT */
/* Integer and string conversions with all flags. */
#include <stdio.h>
#include "random.h"

int main(int argc, char **argv)
{
	static const char *const len[] = { "", "hh", "h", "l", "ll", "j", "z", "t" };
	random_init(argc, argv);
	for (int i = 0; i < 5000; i++) {
		char fmt[60], *p = fmt, out[600];
		*p++ = '%';
		for (const char *f = "-+ #0"; *f; f++)
			if (!random_below(4))
				*p++ = *f;
		int star = !random_below(4), w = (int)random_below(40) - 10, n;
		if (star)
			*p++ = '*';
		else if (random_below(2))
			p += sprintf(p, "%u", random_below(40));
		if (random_below(3))
			p += sprintf(p, ".%u", random_below(30));
		long v = random_u64() >> random_below(64);
		if (!random_below(5))
			v = 0;
		if (random_below(6)) {
			p += sprintf(p, "%s%c", len[random_below(8)], "diouxX"[random_below(6)]);
			n = star ? snprintf(out, sizeof(out), fmt, w, v) : snprintf(out, sizeof(out), fmt, v);
		} else {
			const char *s = "the quick brown fox" + random_below(19);
			p += sprintf(p, "s%%%%%%c");
			n = star ? snprintf(out, random_below(50), fmt, w, s, 'x')
				: snprintf(out, sizeof(out), fmt, s, 'y');
			if (star)
				out[0] = 0;
		}
		printf("%s %d [%s]\n", fmt, n, out);
	}
	return 0;
}
