/* SPDX-License-Identifier: MIT */
/* The classes of bytes in a given locale: the same in all. */
#include <ctype.h>

#define SAME(name) \
	int name##_l(int c, locale_t l) \
	{ \
		(void)l; \
		return name(c); \
	}

SAME(isalnum)
SAME(isalpha)
SAME(isblank)
SAME(iscntrl)
SAME(isdigit)
SAME(isgraph)
SAME(islower)
SAME(isprint)
SAME(ispunct)
SAME(isspace)
SAME(isupper)
SAME(isxdigit)
SAME(tolower)
SAME(toupper)
