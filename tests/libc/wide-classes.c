/* SPDX-License-Identifier: MIT */
/* Classes, case and width of wide characters. */
#include <assert.h>
#include <wchar.h>
#include <wctype.h>

int main(void)
{
	assert(towupper(0xe4) == 0xc4 && towlower(0xc4) == 0xe4 && towupper(0x3b1) == 0x391);
	assert(towlower(0x100) == 0x101 && towupper(0x101) == 0x100 && towlower(0x101) == 0x101);
	assert(towupper(0xdf) == 0xdf && towlower(0x130) != 0x130 + 1 && towupper(0xff) == 0x178);
	assert(iswalpha(0xe4) && iswalpha(0x4e00) && !iswalpha(0x20ac) && iswpunct(0x20ac));
	assert(iswspace(0x3000) && !iswspace(0xa0) && iswupper(0x391) && iswlower(0x3b1));
	assert(wcwidth('a') == 1 && wcwidth(0x4e00) == 2 && wcwidth(0x301) == 0 && wcwidth(7) == -1);
	assert(wcwidth(0x1f600) == 2 && wcwidth(0xad) == 1 && wcwidth(0x200b) == 0 && wcwidth(0) == 0);
	assert(wcswidth(L"a\u4e00", 5) == 3 && iswctype(L'x', wctype("xdigit")) == 0);
	for (wint_t c = 0; c < 0x20000; c++) {
		assert(!iswupper(c) || iswalpha(c));
		assert(!iswprint(c) || wcwidth(c) >= 0);
		if (c < 128)
			assert(towlower(towupper(c)) == towlower(c));
	}
	return 0;
}
