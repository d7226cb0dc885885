/* SPDX-License-Identifier: MIT */
/* gettext and its family: messages stay as they are. */
#include <libintl.h>
#include <string.h>
#include <stddef.h>

char *gettext(const char *m)
{
	return (char *)m;
}

char *dgettext(const char *d, const char *m)
{
	(void)d;
	return (char *)m;
}

char *dcgettext(const char *d, const char *m, int c)
{
	(void)d;
	(void)c;
	return (char *)m;
}

char *ngettext(const char *one, const char *many, unsigned long n)
{
	return (char *)(n == 1 ? one : many);
}

char *dngettext(const char *d, const char *one, const char *many, unsigned long n)
{
	(void)d;
	return ngettext(one, many, n);
}

char *dcngettext(const char *d, const char *one, const char *many, unsigned long n, int c)
{
	(void)c;
	return dngettext(d, one, many, n);
}

char *textdomain(const char *name)
{
	static char current[256] = "messages";
	if (name && strlen(name) < sizeof(current))
		strcpy(current, *name ? name : "messages");
	return current;
}

char *bindtextdomain(const char *domain, const char *dir)
{
	return !domain || !*domain ? NULL : (char *)(dir ? dir : "/usr/share/locale");
}

char *bind_textdomain_codeset(const char *domain, const char *set)
{
	(void)domain;
	return (char *)set;
}
