/* SPDX-License-Identifier: MIT */
/* Wide printf and scanf, and conversion of random bytes to wide characters and back. */
#include <errno.h>
#include <locale.h>
#include <stdio.h>
#include <wchar.h>
#include "random.h"

int main(int argc, char **argv)
{
	random_init(argc, argv);
	setlocale(LC_ALL, "C.UTF-8");
	for (int i = 0; i < 3000; i++) {
		unsigned char s[30];
		wchar_t w[64], v[64];
		int n = random_below(10);
		for (int k = 0; k < n; k++)
			s[k] = random_below(2) ? 'a' + random_below(26) : random_below(2) ? 0xc3 : 0x80 + random_below(64);
		s[n] = 0;
		errno = 0;
		size_t r = mbstowcs(w, (char *)s, 64);
		printf("%zd", r);
		if (r == (size_t)-1) {
			printf(" %d\n", errno);
			continue;
		}
		int width = random_below(12), prec = random_below(8), c;
		c = swprintf(v, 64, L"%*.*ls|%-*s|%d|%lc", width, prec, w, width, "\u00e4x", i, L'\u20ac');
		printf(" %d", c);
		for (int k = 0; k < c; k++)
			printf(" %x", (unsigned)v[k]);
		char back[100];
		c = snprintf(back, sizeof(back), "%*.*ls|", width, prec, w);
		printf(" %d [%s]", c, c < 0 ? "" : back);
		wchar_t word[20] = L"";
		int num = -1, got = swscanf(v, L"%4l[^|]|%d", word, &num);
		printf(" %d %zu %d\n", got, wcslen(word), num);
	}
	return 0;
}
