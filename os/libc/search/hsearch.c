/* SPDX-License-Identifier: MIT */
/* hsearch: a hash table with open addressing that grows at three quarters. */
#include <errno.h>
#include <search.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

struct __tab {
	ENTRY *slot;
	size_t mask, used;
};

static size_t
hash(const char *s)
{
	uint64_t h = 14695981039346656037u;	/* FNV-1a */

	while (*s)
		h = (h ^ (unsigned char)*s++) * 1099511628211u;
	return (size_t)(h ^ h >> 32);
}

static ENTRY *
find(const struct __tab *t, const char *key)
{
	size_t i = hash(key);

	while (t->slot[i & t->mask].key && strcmp(t->slot[i & t->mask].key, key))
		i++;
	return &t->slot[i & t->mask];
}

static int
resize(struct __tab *t, size_t want)
{
	struct __tab new = { NULL, 7, t->used };
	size_t i;

	if (want > SIZE_MAX / 4 / sizeof(ENTRY)) {
		errno = ENOMEM;
		return 0;
	}
	while (new.mask + 1 < want + want / 2)
		new.mask = 2 * new.mask + 1;
	new.slot = calloc(new.mask + 1, sizeof(*new.slot));
	if (!new.slot)
		return 0;
	for (i = 0; t->slot && i <= t->mask; i++)
		if (t->slot[i].key)
			*find(&new, t->slot[i].key) = t->slot[i];
	free(t->slot);
	*t = new;
	return 1;
}

int
hcreate_r(size_t n, struct hsearch_data *h)
{
	h->__tab = calloc(1, sizeof(*h->__tab));
	if (h->__tab && resize(h->__tab, n))
		return 1;
	free(h->__tab);
	h->__tab = NULL;
	return 0;
}

void
hdestroy_r(struct hsearch_data *h)
{
	if (h->__tab)
		free(h->__tab->slot);
	free(h->__tab);
	h->__tab = NULL;
}

int
hsearch_r(ENTRY item, ACTION action, ENTRY **out, struct hsearch_data *h)
{
	struct __tab *t = h->__tab;
	ENTRY *e = find(t, item.key);

	*out = NULL;
	if (e->key) {
		*out = e;
		return 1;
	}
	if (action == FIND) {
		errno = ESRCH;
		return 0;
	}
	if (4 * (t->used + 1) > 3 * (t->mask + 1)) {
		if (!resize(t, 2 * (t->mask + 1)))
			return 0;
		e = find(t, item.key);
	}
	t->used++;
	*e = item;
	*out = e;
	return 1;
}

static struct hsearch_data shared;

int
hcreate(size_t n)
{
	return hcreate_r(n, &shared);
}

void
hdestroy(void)
{
	hdestroy_r(&shared);
}

ENTRY *
hsearch(ENTRY item, ACTION action)
{
	ENTRY *e;

	hsearch_r(item, action, &e, &shared);
	return e;
}
