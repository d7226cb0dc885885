/* SPDX-License-Identifier: MIT */
/* Reading floating numbers: digits at random, values near halves, hexadecimal, junk behind. */
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include "random.h"

static void show(const char *s)
{
	char *e;
	errno = 0;
	double d = strtod(s, &e);
	uint64_t u;
	memcpy(&u, &d, sizeof(u));
	printf("%s: %016lx %d %d", s, d == d ? u : 0, (int)(e - s), errno);
	errno = 0;
	float f = strtof(s, &e);
	printf(" %.9g %d", f, errno);
	errno = 0;
	long double l = strtold(s, &e);
	printf(" %.30Lg %d\n", l, errno);
}

/* The decimal form of the point half-way between two neighbours, or just beside it. */
static void halfway(void)
{
	char buf[1200];
	double d = random_double(), n = nextafter(d, INFINITY);
	if (!isfinite(d) || !isfinite(n))
		return;
	snprintf(buf, sizeof(buf), "%.1100Lg", ((long double)d + n) / 2);
	if (strchr(buf, '.') && !strchr(buf, 'e') && random_below(2))
		strcat(buf, random_below(2) ? "0000" : "0001");
	show(buf);
}

int main(int argc, char **argv)
{
	random_init(argc, argv);
	for (int i = 0; i < 3000; i++) {
		char s[200], *p = s;
		if (!random_below(5)) {
			halfway();
			continue;
		}
		int hex = !random_below(6);
		p += sprintf(p, "%s%s", random_below(3) ? "" : "-", hex ? "0x" : "");
		for (int n = random_below(random_below(4) ? 20 : 60); n >= 0; n--) {
			*p++ = hex ? "0123456789abcdef"[random_below(16)] : '0' + random_below(10);
			if (!random_below(12) && !memchr(s, '.', p - s))
				*p++ = '.';
		}
		if (random_below(3))
			p += sprintf(p, "%c%d", hex ? 'p' : 'e', random_below(4) ? (int)random_below(60) - 30
				: hex ? (int)random_below(2600) - 1300 : (int)random_below(700) - 350);
		*p = 0;
		if (!random_below(10))
			strcpy(p, "e+x");
		show(s);
	}
	return 0;
}
