/* SPDX-License-Identifier: MIT */
/* Random bytes between all kinds of character sets: output, what is left, and the error. */
#include <errno.h>
#include <iconv.h>
#include <stdio.h>
#include "random.h"

int main(int argc, char **argv)
{
	static const char *const sets[] = { "UTF-8", "UTF-16LE", "UTF-16BE", "UTF-32LE", "ISO-8859-1", "ISO-8859-7",
		"ISO-8859-15", "CP1251", "KOI8-R", "CP437", "ASCII", "UCS-4BE" };
	random_init(argc, argv);
	for (int i = 0; i < 3000; i++) {
		const char *from = sets[random_below(12)], *to = sets[random_below(12)];
		char in[40], out[200], *p = in, *o = out;
		size_t n = 4 * random_below(6), left = random_below(8) ? sizeof(out) : random_below(12), all = left;
		for (size_t k = 0; k < n; k++)
			in[k] = random_below(3) ? 'a' + random_below(26) : random_u64();
		if (strstr(from, "32") || strstr(from, "UCS"))
			for (size_t k = 0; k < n; k += 4)
				memcpy(in + k, *from == 'U' && from[1] == 'T' ? "\xe4\0\0\0" : "\0\0\x04\x16", 4);
		iconv_t cd = iconv_open(to, from);
		if (cd == (iconv_t)-1) {
			printf("%s %s: cannot\n", from, to);
			continue;
		}
		errno = 0;
		size_t r = iconv(cd, &p, &n, &o, &left);
		/* Which of two troubles is told first, bad input or no room, is a matter of taste. */
		printf("%s %s: %zd %d in %zu out %zu:", from, to, r, errno != 0, n, all - left);
		for (char *q = out; q < o; q++)
			printf(" %02x", (unsigned char)*q);
		putchar('\n');
		iconv_close(cd);
	}
	return 0;
}
