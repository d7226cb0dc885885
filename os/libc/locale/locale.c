/* SPDX-License-Identifier: MIT */
/* The locales there are, and finding one by name. */
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include "locale_impl.h"
#include "lock.h"

#define ALL6(x) { x, x, x, x, x, x }

struct __locale_struct __global_locale = { ALL6("C"), 0 };
const struct __locale_struct __c_locale = { ALL6("C"), 0 };
const struct __locale_struct __utf8_locale = { ALL6("C.UTF-8"), 1 };

static const char *const env_names[] = {
	"LC_CTYPE", "LC_NUMERIC", "LC_TIME", "LC_COLLATE", "LC_MONETARY", "LC_MESSAGES",
};

struct interned { struct interned *next; char text[]; };

/* A copy of name that lives for ever; there are few. */
static const char *intern(const char *name)
{
	static struct interned *list;
	static struct lock list_lock;
	struct interned *i;
	lock(&list_lock);
	for (i = list; i && strcmp(i->text, name); i = i->next)
		;
	if (!i && (i = malloc(sizeof(*i) + strlen(name) + 1))) {
		strcpy(i->text, name);
		i->next = list;
		list = i;
	}
	unlock(&list_lock);
	return i ? i->text : NULL;
}

static const char *from_env(int category)
{
	const char *s = getenv("LC_ALL");
	if (!s || !*s)
		s = getenv(env_names[category]);
	if (!s || !*s)
		s = getenv("LANG");
	return s && *s ? s : "C.UTF-8";
}

static int names_utf8(const char *name)
{
	const char *dot = strchr(name, '.');
	if (!dot)
		return 0;
	size_t l = strcspn(++dot, "@");
	return (l == 5 && !strncasecmp(dot, "UTF-8", 5)) || (l == 4 && !strncasecmp(dot, "utf8", 4));
}

const char *__locale_name(int category, const char *name)
{
	if (!*name)
		name = from_env(category);
	if (!strcmp(name, "C") || !strcmp(name, "POSIX"))
		return "C";
	if (!strcmp(name, "C.UTF-8"))
		return "C.UTF-8";
	if (!names_utf8(name) || strlen(name) > 64 || strpbrk(name, "/;="))
		return NULL;
	return intern(name);
}

void __locale_set(struct __locale_struct *l, int category, const char *name)
{
	l->name[category] = name;
	if (category == LC_CTYPE)
		l->utf8 = strcmp(name, "C") != 0;
}
