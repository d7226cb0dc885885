/* SPDX-License-Identifier: MIT */
/* Locales: C, POSIX and UTF-8 under any name; the environment chooses. */
#include <assert.h>
#include <langinfo.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>

int main(void)
{
	assert(!strcmp(setlocale(LC_ALL, NULL), "C"));
	unsetenv("LC_ALL");
	setenv("LANG", "de_DE.UTF-8", 1);
	setenv("LC_NUMERIC", "C", 1);
	assert(setlocale(LC_ALL, "") && !strcmp(setlocale(LC_CTYPE, NULL), "de_DE.UTF-8"));
	char *all = strdup(setlocale(LC_ALL, NULL));
	assert(!strcmp(nl_langinfo(CODESET), "UTF-8") && strchr(all, ';'));
	assert(setlocale(LC_ALL, "POSIX") && strcmp(nl_langinfo(CODESET), "UTF-8"));
	assert(setlocale(LC_ALL, all) && !strcmp(setlocale(LC_ALL, NULL), all));
	assert(!setlocale(LC_ALL, "xx_XX.ISO-8859-7") && !strcmp(localeconv()->decimal_point, "."));
	locale_t l = newlocale(LC_ALL_MASK, "C", NULL), old = uselocale(l);
	assert(l && old == LC_GLOBAL_LOCALE && MB_CUR_MAX == 1 && uselocale(old) == l && MB_CUR_MAX == 4);
	freelocale(l);
	assert(!strcmp(nl_langinfo(ALTMON_12), "December") && !strcmp(nl_langinfo(ABALTMON_1), "Jan"));
	return 0;
}
