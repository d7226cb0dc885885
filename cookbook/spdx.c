/* SPDX-License-Identifier: MIT */
/* SPDX licence expressions: a check of form and of the identifiers we know. */
#include <string.h>

#include "recipe.h"

struct spdx {
	const char *s;
	char word[64];			/* current word, "" at the end */
};

static int
step(struct spdx *p)
{
	size_t n;

	p->s += strspn(p->s, " ");
	n = *p->s == '(' || *p->s == ')' ? 1 : strcspn(p->s, " ()");
	if (n >= sizeof(p->word))
		return -1;
	memcpy(p->word, p->s, n);
	p->word[n] = '\0';
	p->s += n;
	return 0;
}

static int
known(const char *const *table, const char *word)
{
	for (; *table; table++)
		if (strcmp(*table, word) == 0)
			return 1;
	return 0;
}

static const char *parse_or(struct spdx *p, int depth);

static const char *
parse_one(struct spdx *p, int depth)
{
	const char *why;

	if (strcmp(p->word, "(") == 0) {
		if (depth > 16 || step(p) < 0)
			return "nested too deeply";
		why = parse_or(p, depth + 1);
		if (why)
			return why;
		if (strcmp(p->word, ")") != 0)
			return "expected ')'";
	} else if (!known(spdx_ids, p->word) && strncmp(p->word, "LicenseRef-", 11) != 0) {
		return "not an SPDX licence identifier that is known here";
	}
	if (step(p) < 0)
		return "word too long";
	if (strcmp(p->word, "WITH") != 0)
		return NULL;
	if (step(p) < 0 || !known(spdx_exceptions, p->word))
		return "not an SPDX exception that is known here";
	return step(p) < 0 ? "word too long" : NULL;
}

static const char *
parse_or(struct spdx *p, int depth)
{
	const char *why;

	for (;;) {
		why = parse_one(p, depth);
		if (why)
			return why;
		if (strcmp(p->word, "AND") != 0 && strcmp(p->word, "OR") != 0)
			return NULL;
		if (step(p) < 0)
			return "word too long";
	}
}

const char *
spdx_refused(const char *expr)
{
	struct spdx p = { .s = expr };
	const char *why;

	for (; *expr; expr++)
		if ((unsigned char)*expr < ' ')
			return "control character";
	if (step(&p) < 0)
		return "word too long";
	why = parse_or(&p, 0);
	if (why)
		return why;
	return p.word[0] ? "expected AND, OR or the end" : NULL;
}
