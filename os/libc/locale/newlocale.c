/* SPDX-License-Identifier: MIT */
/* newlocale, duplocale, freelocale, uselocale, getlocalename_l. */
#include <stdlib.h>
#include <string.h>
#include <errno.h>
#include "locale_impl.h"

static int is_static(locale_t l)
{
	return l == &__c_locale || l == &__utf8_locale || l == LC_GLOBAL_LOCALE || l == &__global_locale;
}

locale_t newlocale(int mask, const char *name, locale_t base)
{
	struct __locale_struct new = base && base != LC_GLOBAL_LOCALE ? *base : __c_locale;
	if (mask & ~LC_ALL_MASK) {
		errno = EINVAL;
		return NULL;
	}
	for (int i = 0; i < 6; i++) {
		const char *n;
		if (!(mask & 1 << i))
			continue;
		if (!(n = __locale_name(i, name))) {
			errno = ENOENT;
			return NULL;
		}
		__locale_set(&new, i, n);
	}
	if (!base || is_static(base)) {
		base = malloc(sizeof(*base));
		if (!base)
			return NULL;
	}
	*base = new;
	return base;
}

locale_t duplocale(locale_t old)
{
	locale_t l = malloc(sizeof(*l));
	if (l)
		*l = old == LC_GLOBAL_LOCALE ? __global_locale : *old;
	return l;
}

void freelocale(locale_t l)
{
	if (l && !is_static(l))
		free(l);
}

locale_t uselocale(locale_t new)
{
	struct __locale_struct **cur = &__self()->locale;
	locale_t old = *cur ? *cur : LC_GLOBAL_LOCALE;
	if (new)
		*cur = new == LC_GLOBAL_LOCALE ? NULL : new;
	return old;
}

const char *getlocalename_l(int category, locale_t l)
{
	if ((unsigned)category >= LC_ALL)
		return NULL;
	return (l == LC_GLOBAL_LOCALE ? &__global_locale : l)->name[category];
}
