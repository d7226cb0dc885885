/* SPDX-License-Identifier: MIT */
/* The table of the environment, and which of its strings are ours to free. */
#include <stdlib.h>
#include <string.h>
#include "env.h"

extern char **__environ;
static char **table;		/* our own copy of the table, once it had to grow */
static char **owned;		/* strings made by setenv that are in use or free slots (NULL) */
static size_t owned_count;

void __env_swap(char *old, char *new)
{
	for (size_t i = 0; i < owned_count; i++) {
		if (owned[i] == old && old) {
			free(old);
			owned[i] = new;
			return;
		}
	}
	if (!new)
		return;
	for (size_t i = 0; i < owned_count; i++) {
		if (!owned[i]) {
			owned[i] = new;
			return;
		}
	}
	char **t = reallocarray(owned, owned_count + 1, sizeof(*t));
	if (!t)
		return;
	owned = t;
	owned[owned_count++] = new;
}

/* A table with room for one more than count; the old one is freed if it was ours. */
static int grow(size_t count)
{
	char **t;
	if (__environ && __environ == table) {
		t = reallocarray(table, count + 2, sizeof(*t));
		if (!t)
			return -1;
	} else {
		t = reallocarray(NULL, count + 2, sizeof(*t));
		if (!t)
			return -1;
		if (count)
			memcpy(t, __environ, count * sizeof(*t));
		free(table);
	}
	__environ = table = t;
	return 0;
}

int __env_put(char *s, size_t n, char *own)
{
	size_t i = 0;
	for (char **e = __environ; e && *e; e++, i++) {
		if (!strncmp(s, *e, n + 1)) {
			char *old = *e;
			*e = s;
			__env_swap(old, own);
			return 0;
		}
	}
	if (grow(i) < 0) {
		free(own);
		return -1;
	}
	__environ[i] = s;
	__environ[i + 1] = NULL;
	if (own)
		__env_swap(NULL, own);
	return 0;
}

void __env_remove(const char *name, size_t n)
{
	char **to = __environ;
	if (!to)
		return;
	for (char **e = __environ; *e; e++) {
		if (!strncmp(name, *e, n) && (*e)[n] == '=')
			__env_swap(*e, NULL);
		else
			*to++ = *e;
	}
	*to = NULL;
}
