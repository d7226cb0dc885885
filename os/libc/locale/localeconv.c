/* SPDX-License-Identifier: MIT */
/* localeconv: that of the C locale in all of them. */
#include <locale.h>
#include <limits.h>

struct lconv *localeconv(void)
{
	static struct lconv conv = {
		".", "", "", "", "", "", "", "", "", "",
		CHAR_MAX, CHAR_MAX, CHAR_MAX, CHAR_MAX, CHAR_MAX, CHAR_MAX, CHAR_MAX, CHAR_MAX,
		CHAR_MAX, CHAR_MAX, CHAR_MAX, CHAR_MAX, CHAR_MAX, CHAR_MAX,
	};
	return &conv;
}
