/* SPDX-License-Identifier: MIT */
/* Multibyte characters: all of Unicode there and back, nothing else. */
#include <assert.h>
#include <errno.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>
#include <uchar.h>
#include <wchar.h>

static void refused(const char *s)
{
	wchar_t w;
	mbstate_t st = { 0 };
	errno = 0;
	assert(mbrtowc(&w, s, strlen(s), &st) == (size_t)-1 && errno == EILSEQ);
}

int main(void)
{
	char b[8];
	wchar_t w;
	mbstate_t st = { 0 };
	assert(MB_CUR_MAX == 1 && mbrtowc(&w, "\xff", 1, &st) == 1 && wctomb(b, w) == 1 && b[0] == '\xff');
	assert(setlocale(LC_CTYPE, "en_US.UTF-8") && MB_CUR_MAX == 4);
	for (unsigned c = 1; c < 0x110000; c++) {
		int n = wctomb(b, c);
		if (c - 0xd800 < 0x800) {
			assert(n == -1);
			continue;
		}
		assert(n == (c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4));
		for (int i = 0; i < n; i++)
			assert(mbrtowc(&w, b + i, 1, &st) == (i == n - 1 ? 1 : (size_t)-2));
		assert(w == (wchar_t)c && mbsinit(&st));
	}
	refused("\x80");
	refused("\xc0\x80");
	refused("\xc1\xbf");
	refused("\xe0\x80\x80");
	refused("\xed\xa0\x80");
	refused("\xf0\x80\x80\x80");
	refused("\xf4\x90\x80\x80");
	refused("\xf5\x80");
	refused("\xe2\x28\xa1");
	assert(wctomb(b, 0x110000) == -1);
	char16_t h;
	assert(mbrtoc16(&h, "\U0001f600", 4, &st) == 4 && h == 0xd83d);
	assert(mbrtoc16(&h, "", 1, &st) == (size_t)-3 && h == 0xde00);
	return 0;
}
