/* SPDX-License-Identifier: MIT */
/* Searching and comparing strings at all alignments. */
#include <stdio.h>
#include <string.h>
#include "random.h"

static int sign(int v)
{
	return (v > 0) - (v < 0);
}

int main(int argc, char **argv)
{
	static char a[400], b[400], c[400];
	random_init(argc, argv);
	for (int i = 0; i < 5000; i++) {
		unsigned oa = random_below(33), ob = random_below(33), n = random_below(150), m = random_below(6);
		unsigned letters = 1 + random_below(4);
		char *s = a + oa, *t = b + ob;
		for (unsigned k = 0; k < n; k++)
			s[k] = 'a' + random_below(letters);
		s[n] = 0;
		if (random_below(2))
			strcpy(t, s);
		else
			memcpy(t, s, m), t[m] = 0;
		if (n && random_below(2))
			t[random_below(n)] = random_below(3) ? 'z' : -1;
		char *p = strstr(s, t), *q = memmem(s, n, t, strlen(t)), *r = strrchr(s, 'b');
		printf("%d %d %d %d", p ? (int)(p - s) : -1, q ? (int)(q - s) : -1, r ? (int)(r - s) : -1,
			sign(strcmp(s, t)));
		printf(" %d %d %zu %zu", sign(strncmp(s, t, m)), sign(memcmp(s, t, n)), strlen(s), strnlen(t, 7));
		p = memchr(s, 'c', n);
		q = memrchr(s, 'a', n);
		printf(" %d %d %zu %zu", p ? (int)(p - s) : -1, q ? (int)(q - s) : -1, strspn(s, "ab"), strcspn(s, "cd"));
		printf(" %d %d %d", sign(strcasecmp(s, t)), (int)(strchrnul(s, 'd') - s), sign(strverscmp(s, t)));
		memset(c, '.', sizeof(c));
		memcpy(c + ob, s, n);
		memmove(c + oa, c + ob, n);
		memset(c + 200 + oa, 'x', n);
		strncpy(c + 380, s, 10);
		unsigned h = 0;
		for (unsigned k = 0; k < sizeof(c); k++)
			h = h * 31 + (unsigned char)c[k];
		printf(" %u\n", h);
		char v1[20], v2[20];
		sprintf(v1, "%.*s%u%s", (int)random_below(3), "v0.", random_below(200), random_below(2) ? "a" : ".01");
		sprintf(v2, "%.*s%u%s", (int)random_below(3), "v0.", random_below(200), random_below(2) ? "a" : ".010");
		printf("%s %s %d\n", v1, v2, sign(strverscmp(v1, v2)));
	}
	return 0;
}
