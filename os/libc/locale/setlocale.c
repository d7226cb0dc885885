/* SPDX-License-Identifier: MIT */
/* setlocale. */
#include <stdio.h>
#include <string.h>
#include "locale_impl.h"

/* One name when all categories agree, else all six with semicolons between. */
static char *all_names(void)
{
	static char buf[6 * 66];
	const char **n = __global_locale.name;
	char *p = buf;
	int same = 1;
	for (int i = 1; i < 6; i++)
		same &= !strcmp(n[0], n[i]);
	if (same)
		return (char *)n[0];
	for (int i = 0; i < 6; i++) {
		p = stpcpy(p, n[i]);
		*p++ = i < 5 ? ';' : 0;
	}
	return buf;
}

static int split(const char *s, const char *name[6])
{
	char part[66];
	for (int i = 0; i < 6; i++) {
		size_t l = strcspn(s, ";");
		if (l >= sizeof(part) || (i < 5 && !s[l]))
			return -1;
		memcpy(part, s, l);
		part[l] = 0;
		if (!(name[i] = __locale_name(i, part)))
			return -1;
		s += l + 1;
	}
	return 0;
}

static char *set_all(const char *s)
{
	const char *name[6];
	if (strchr(s, ';')) {
		if (split(s, name) < 0)
			return NULL;
	} else {
		for (int i = 0; i < 6; i++)
			if (!(name[i] = __locale_name(i, s)))
				return NULL;
	}
	for (int i = 0; i < 6; i++)
		__locale_set(&__global_locale, i, name[i]);
	return all_names();
}

char *setlocale(int category, const char *s)
{
	if ((unsigned)category > LC_ALL)
		return NULL;
	if (category == LC_ALL)
		return s ? set_all(s) : all_names();
	if (s) {
		const char *name = __locale_name(category, s);
		if (!name)
			return NULL;
		__locale_set(&__global_locale, category, name);
	}
	return (char *)__global_locale.name[category];
}
