/* SPDX-License-Identifier: MIT */
/* {name} and other placeholders in what a recipe says. */
#include <stdlib.h>
#include <string.h>

#include "script.h"

static const char *
lookup(const struct job *j, const char *name, char *number, size_t size)
{
	const struct { const char *name, *value; } names[] = {
		{ "name", j->r->name }, { "version", j->r->version }, { "target", j->p->target->triple },
		{ "platform", j->p->target->platform },
		{ "src", j->src }, { "build", j->build }, { "dest", j->dest },
		{ "tools", j->see_tools }, { "sysroot", j->see_sysroot },
		{ "recipe", j->recipe }, { "jobs", number },
		{ "prefix", j->r->arch == ARCH_HOST ? "/calx/tools" : "/usr" },
	};
	size_t i;

	snprintf(number, size, "%d", j->c->jobs);
	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (strcmp(names[i].name, name) == 0)
			return names[i].value;
	return NULL;
}

char *
job_expand(const struct job *j, const char *s)
{
	char name[32], number[16];
	struct buf b = { 0 };
	const char *value;
	size_t n;

	buf_str(&b, "");
	while (*s) {
		n = strcspn(s, "{");
		buf_add(&b, s, n);
		s += n;
		n = *s ? strspn(s + 1, "abcdefghijklmnopqrstuvwxyz") : 0;
		if (*s && n && n < sizeof(name) && s[n + 1] == '}') {
			memcpy(name, s + 1, n);
			name[n] = '\0';
			value = lookup(j, name, number, sizeof(number));
			if (value) {
				buf_str(&b, value);
				s += n + 2;
				continue;
			}
		}
		if (*s)
			buf_add(&b, s++, 1);	/* a brace of the shell's */
		if (s[-1] == '{' && *s == '{')
			s++;
	}
	return b.s;
}

void
put_words(const struct job *j, struct buf *b, const struct list *l)
{
	size_t i;

	for (i = 0; i < l->n; i++) {
		char *s = job_expand(j, l->v[i]);

		buf_str(b, " ");
		buf_quote(b, s);
		free(s);
	}
}

void
put_lines(const struct job *j, struct buf *b, const struct list *l)
{
	size_t i;

	for (i = 0; i < l->n; i++) {
		char *s = job_expand(j, l->v[i]);

		buf_fmt(b, "%s\n", s);
		free(s);
	}
}
