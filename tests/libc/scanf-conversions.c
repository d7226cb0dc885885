/* SPDX-License-Identifier: MIT */
/* scanf: sets, widths, allocation, counts, what stays unread. */
#include <assert.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

int main(void)
{
	int a, b, n;
	char s[20], *p;
	double d;
	wchar_t w[10];
	assert(sscanf("12abc 0x1f", "%d%[a-c] %i%n", &a, s, &b, &n) == 3 && b == 31 && n == 10);
	assert(sscanf("key = value", "%ms = %3s", &p, s) == 2 && !strcmp(p, "key") && !strcmp(s, "val"));
	free(p);
	assert(sscanf("]x-", "%[]x-]%n", s, &n) == 1 && n == 3);
	assert(sscanf("1.5e3x", "%lf%c", &d, s) == 2 && d == 1500 && *s == 'x');
	assert(sscanf("", "%d", &a) == EOF && sscanf("x", "%d", &a) == 0);
	assert(sscanf("5 6", "%2$d %1$d", &a, &b) == 2 && a == 6 && b == 5);
	assert(setlocale(LC_ALL, "C.UTF-8"));
	assert(sscanf("\u00e4\u00f6 x", "%ls", w) == 1 && !wcscmp(w, L"\u00e4\u00f6"));
	assert(swscanf(L"\u00e47", L"\u00e4%d", &a) == 1 && a == 7);
	FILE *f = fmemopen("42-7", 4, "r");
	assert(fscanf(f, "%d", &a) == 1 && a == 42 && fgetc(f) == '-');
	return 0;
}
