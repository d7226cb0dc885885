/* SPDX-License-Identifier: MIT */
/* Locales: C, and UTF-8 under any name that ends in UTF-8. */
#ifndef INTERNAL_LOCALE_IMPL_H
#define INTERNAL_LOCALE_IMPL_H

#include <locale.h>
#include "hidden.h"
#include "thread.h"

/* Names are either static strings or interned for ever, so locales can be copied freely. */
struct __locale_struct {
	const char *name[6];	/* by LC_CTYPE ... LC_MESSAGES */
	int utf8;		/* LC_CTYPE's encoding is UTF-8, else single bytes */
};

extern hidden struct __locale_struct __global_locale;
extern hidden const struct __locale_struct __c_locale, __utf8_locale;

static inline const struct __locale_struct *__cur_locale(void)
{
	struct __locale_struct *l = __self()->locale;
	return l ? l : &__global_locale;
}

static inline int __is_utf8(void)
{
	return __cur_locale()->utf8;
}

/* The name that is really meant by a locale's name ("" asks the environment); NULL: not known. */
hidden const char *__locale_name(int category, const char *name);
hidden void __locale_set(struct __locale_struct *l, int category, const char *name);

#endif
