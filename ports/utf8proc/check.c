/* SPDX-License-Identifier: MIT */
/* The [test] of utf8proc: composition, case folding and the width of characters. */
#include <string.h>
#include <utf8proc.h>

int
main(void)
{
	utf8proc_uint8_t *s = utf8proc_NFC((const utf8proc_uint8_t *)"e\xcc\x81");

	if (strcmp((char *)s, "\xc3\xa9"))
		return 1;
	if (utf8proc_tolower(0x410) != 0x430 || utf8proc_charwidth(0x4e00) != 2)
		return 2;
	return utf8proc_category(0x30) == UTF8PROC_CATEGORY_ND ? 0 : 3;
}
