/* SPDX-License-Identifier: MIT */
/* gettext and its family: which catalogue, which message of it. Catalogues are read by mo.c. */
#include <errno.h>
#include <libintl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "libc.h"
#include "locale_impl.h"
#include "lock.h"
#include "mo.h"

#define DEFAULT_DIR "/usr/share/locale"
#define DEFAULT_DOMAIN "messages"

/* What bindtextdomain and bind_textdomain_codeset said; lives for ever, as the pointers returned do. */
struct binding {
	struct binding *next;
	char *dir, *codeset;
	char domain[];
};

static struct lock binding_lock;
static struct binding *bindings;	/* under binding_lock */
static char *current;			/* under binding_lock; NULL: DEFAULT_DOMAIN */

static const char *const category_names[] = {
	"LC_CTYPE", "LC_NUMERIC", "LC_TIME", "LC_COLLATE", "LC_MONETARY", "LC_MESSAGES",
};

char *textdomain(const char *name)
{
	char *new = NULL, *r;

	if (name && *name && strlen(name) > NAME_MAX) {
		errno = EINVAL;
		return NULL;
	}
	if (name && *name && !(new = strdup(name)))
		return NULL;
	lock(&binding_lock);
	if (name)
		current = new;
	r = current ? current : (char *)DEFAULT_DOMAIN;
	unlock(&binding_lock);
	return r;
}

/* Called with binding_lock held. NULL: not there, or no memory to make it. */
static struct binding *binding_of(const char *domain, int make)
{
	struct binding *b;

	for (b = bindings; b && strcmp(b->domain, domain); b = b->next)
		;
	if (!b && make && (b = calloc(1, sizeof(*b) + strlen(domain) + 1))) {
		strcpy(b->domain, domain);
		b->next = bindings;
		bindings = b;
	}
	return b;
}

/* Sets or asks for one of a binding's texts; offset says which. */
static char *bind(const char *domain, const char *value, size_t offset, char *absent)
{
	char *copy = NULL, *r = NULL;
	struct binding *b;

	if (!domain || !*domain)
		return NULL;
	if (value && !(copy = strdup(value)))
		return NULL;
	lock(&binding_lock);
	b = binding_of(domain, value != NULL);
	if (b) {
		char **at = (char **)((char *)b + offset);
		if (value && (!*at || strcmp(*at, value)))
			*at = copy, copy = NULL;
		r = *at;
	}
	unlock(&binding_lock);
	free(copy);
	return r ? r : value ? NULL : absent;
}

char *bindtextdomain(const char *domain, const char *dir)
{
	return bind(domain, dir, offsetof(struct binding, dir), (char *)DEFAULT_DIR);
}

char *bind_textdomain_codeset(const char *domain, const char *set)
{
	return bind(domain, set, offsetof(struct binding, codeset), NULL);
}

/*
 * The catalogues of a locale ll_CC.codeset@modifier, the best first: with all of it, without codeset,
 * then without territory, at last without modifier. Returns the first that has the message.
 */
static const char *in_locale(const char *dir, const char *locale, int category, const char *domain,
	const struct mo_query *q)
{
	char path[PATH_MAX];
	int lang = strcspn(locale, "_.@"), terr = strcspn(locale, ".@"), all = strlen(locale);
	const char *mod = strchr(locale, '@');
	const struct { int len; const char *mod; } tries[] = {
		{ all, "" }, { terr, mod }, { lang, mod }, { terr, "" }, { lang, "" },
	};

	if (strchr(locale, '/'))
		return NULL;
	for (size_t i = 0; i < sizeof(tries) / sizeof(*tries); i++) {
		if (!tries[i].mod || (i == 3 && terr == all) || (i == 4 && lang == terr))
			continue;
		if (snprintf(path, sizeof(path), "%s/%.*s%s/%s/%s.mo", dir, tries[i].len, locale, tries[i].mod,
			category_names[category], domain) >= (int)sizeof(path))
			continue;
		const struct mo *mo = __mo_open(path);
		const char *s = mo ? __mo_find(mo, q) : NULL;
		if (s)
			return s;
	}
	return NULL;
}

/* LANGUAGE is a list of locales to try, but not where the locale is C. */
static const char *find(const char *dir, const char *locale, int category, const char *domain,
	const struct mo_query *q)
{
	const char *list = __libc.secure ? NULL : getenv("LANGUAGE"), *s;
	char one[64];

	while (list && *list) {
		size_t n = strcspn(list, ":");
		if (n && n < sizeof(one)) {
			memcpy(one, list, n);
			one[n] = 0;
			if ((s = in_locale(dir, one, category, domain, q)))
				return s;
		}
		list += n + (list[n] == ':');
	}
	return in_locale(dir, locale, category, domain, q);
}

static char *translate(const char *domain, const struct mo_query *q, int category,
	const struct __locale_struct *l)
{
	const char *plain = !q->many || q->n == 1 ? q->one : q->many, *s = NULL, *dir, *name;
	struct binding *b;
	int e = errno;

	if (l == LC_GLOBAL_LOCALE)
		l = &__global_locale;
	name = (unsigned)category < 6 && q->one ? l->name[category] : "C";
	if (strcmp(name, "C") && strncmp(name, "C.", 2)) {
		lock(&binding_lock);
		if (!domain || !*domain)
			domain = current ? current : DEFAULT_DOMAIN;
		b = binding_of(domain, 0);
		dir = b && b->dir ? b->dir : DEFAULT_DIR;
		unlock(&binding_lock);
		s = find(dir, name, category, domain, q);
	}
	errno = e;
	return (char *)(s ? s : plain);
}

char *dcngettext_l(const char *d, const char *one, const char *many, unsigned long n, int c, locale_t l)
{
	return translate(d, &(struct mo_query){ one, many, n }, c, l);
}

char *dcngettext(const char *d, const char *one, const char *many, unsigned long n, int c)
{
	return translate(d, &(struct mo_query){ one, many, n }, c, __cur_locale());
}

char *dngettext_l(const char *d, const char *one, const char *many, unsigned long n, locale_t l)
{
	return dcngettext_l(d, one, many, n, LC_MESSAGES, l);
}

char *dngettext(const char *d, const char *one, const char *many, unsigned long n)
{
	return dcngettext(d, one, many, n, LC_MESSAGES);
}

char *ngettext_l(const char *one, const char *many, unsigned long n, locale_t l)
{
	return dcngettext_l(NULL, one, many, n, LC_MESSAGES, l);
}

char *ngettext(const char *one, const char *many, unsigned long n)
{
	return dcngettext(NULL, one, many, n, LC_MESSAGES);
}

char *dcgettext_l(const char *d, const char *m, int c, locale_t l)
{
	return dcngettext_l(d, m, NULL, 1, c, l);
}

char *dcgettext(const char *d, const char *m, int c)
{
	return dcngettext(d, m, NULL, 1, c);
}

char *dgettext_l(const char *d, const char *m, locale_t l)
{
	return dcgettext_l(d, m, LC_MESSAGES, l);
}

char *dgettext(const char *d, const char *m)
{
	return dcgettext(d, m, LC_MESSAGES);
}

char *gettext_l(const char *m, locale_t l)
{
	return dcgettext_l(NULL, m, LC_MESSAGES, l);
}

char *gettext(const char *m)
{
	return dcgettext(NULL, m, LC_MESSAGES);
}
