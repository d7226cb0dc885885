/* SPDX-License-Identifier: MIT */
/* fgets. */
#include <string.h>
#include "stdio_impl.h"

char *fgets_unlocked(char *s, int n, FILE *f)
{
	char *p = s;
	if (n <= 0)
		return NULL;
	while (--n > 0) {
		size_t k = f->rend - f->rpos;
		if (!k) {
			int c = __underflow(f);
			if (c < 0) {
				/* An error loses what was read; the end of file does not. */
				if (p == s || !(f->flags & F_EOF))
					return NULL;
				break;
			}
			*p++ = c;
			if (c == '\n')
				break;
			continue;
		}
		k = k < (size_t)n ? k : (size_t)n;
		unsigned char *nl = memchr(f->rpos, '\n', k);
		if (nl)
			k = nl + 1 - f->rpos;
		memcpy(p, f->rpos, k);
		f->rpos += k;
		p += k;
		n -= k - 1;
		if (nl)
			break;
	}
	*p = 0;
	return s;
}

char *fgets(char *restrict s, int n, FILE *restrict f)
{
	int locked = __flock(f);
	s = fgets_unlocked(s, n, f);
	__funlock(f, locked);
	return s;
}
