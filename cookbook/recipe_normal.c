/* SPDX-License-Identifier: MIT */
/* What is done with a recipe by its schema: freeing it, and its normal form, which goes into keys. */
#include <stdlib.h>
#include <string.h>

#include "recipe_schema.h"
#include "recipe_values.h"

static void
free_table(const struct key *k, void *base)
{
	for (; k->name; k++) {
		void *field = (char *)base + k->at;

		if (k->kind == STR)
			free(*(char **)field);
		else if (k->kind == LIST || k->kind == MAP)
			cpk_list_free(field);
	}
}

void
recipe_free(struct recipe *r)
{
	size_t i;

	if (!r)
		return;
	free_table(top_keys, r);
	free_table(build_keys, r);
	free_table(test_keys, r);
	for (i = 0; i < r->nsplits; i++) {
		free_table(split_keys, &r->splits[i]);
		free(r->splits[i].name);
	}
	free(r->splits);
	free(r->dir);
	free(r->file);
	free(r);
}

/* One value of the normal form: its length goes first, so nothing can be confused. */
static void
put_value(struct buf *b, const char *s)
{
	buf_fmt(b, " %zu:%s", strlen(s), s);
}

static int
is_set(const struct key *k, const void *field)
{
	if (k->kind == STR)
		return *(char *const *)field != NULL;
	if (k->kind == LIST || k->kind == MAP)
		return ((const struct list *)field)->n > 0;
	if (k->kind == INT || k->kind == BOOL)
		return *(const int64_t *)field != 0;
	return *(const unsigned *)field != 0;
}

static void
put_table(struct buf *b, const struct key *k, const void *base)
{
	size_t i;

	for (; k->name; k++) {
		const void *field = (const char *)base + k->at;
		const struct list *l = field;

		if ((k->flags & LATER) && !is_set(k, field))
			continue;
		buf_str(b, k->name);
		if (k->flags & OUTSIDE)
			;
		else if (k->kind == STR && *(char *const *)field)
			put_value(b, *(char *const *)field);
		else if (k->kind == INT || k->kind == BOOL)
			buf_fmt(b, " %lld", (long long)*(const int64_t *)field);
		else if (k->kind == LIST || k->kind == MAP)
			for (i = 0; i < l->n; i++)
				put_value(b, l->v[i]);
		else if (k->kind != STR)
			buf_fmt(b, " %u", *(const unsigned *)field);
		buf_str(b, "\n");
	}
}

char *
recipe_normal(const struct recipe *r)
{
	struct buf b = { 0 };
	size_t i;

	put_table(&b, top_keys, r);
	put_table(&b, build_keys, r);
	put_table(&b, test_keys, r);
	for (i = 0; i < r->nsplits; i++) {
		put_value(&b, r->splits[i].name);
		put_table(&b, split_keys, &r->splits[i]);
	}
	return b.s;
}
