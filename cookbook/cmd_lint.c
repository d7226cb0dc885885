/* SPDX-License-Identifier: MIT */
/* cook lint: what is wrong in recipes and patches; --stats: how small the recipes are. */
#include <stdlib.h>
#include <string.h>

#include "cook.h"

static int
print_list(const struct list *l)
{
	size_t i;

	for (i = 0; i < l->n; i++)
		printf("%s\n", l->v[i]);
	return l->n != 0;
}

static int
lint(struct cook *c, struct port *p)
{
	if (!p->errors.n)
		lint_port(c, p);
	return print_list(&p->errors);
}

/* --- --stats --- */

/* Lines that say something: neither blank nor a comment alone. */
static int
count_lines(const struct cook *c, const struct recipe *r)
{
	char *path = fmt("%s/%s", c->root, r->file), *text = read_file(path, NULL), *line, *save;
	int n = 0;

	for (line = text ? strtok_r(text, "\n", &save) : NULL; line;
	     line = strtok_r(NULL, "\n", &save)) {
		line += strspn(line, " \t\r");
		n += *line && *line != '#';
	}
	free(text);
	free(path);
	return n;
}

static int
has_shell(const struct recipe *r)
{
	return r->before.n || r->after.n || r->system == SYSTEM_SHELL;
}

static int
by_number(const void *a, const void *b)
{
	return *(const int *)a - *(const int *)b;
}

static int
print_stats(const struct cook *c)
{
	int *lines = xalloc((c->nports + 1) * sizeof(*lines)), n = 0, shell = 0;
	size_t i;

	for (i = 0; i < c->nports; i++) {
		const struct port *p = &c->port[i];

		if (!p->r || strncmp(p->dir, "ports/", 6) != 0)
			continue;
		lines[n++] = count_lines(c, p->r);
		shell += has_shell(p->r);
	}
	qsort(lines, (size_t)n, sizeof(*lines), by_number);
	if (n)
		printf("%d ports: median %d lines, longest %d; %d with shell (%d %%)\n", n,
			lines[(n - 1) / 2], lines[n - 1], shell, shell * 100 / n);
	free(lines);
	return 0;
}

int
cmd_lint(struct cook *c, int argc, char **argv)
{
	struct list rest = { 0 };
	int bad = 0, k;
	size_t i;

	if (c->stats)
		return print_stats(c);
	for (k = 0; k < argc; k++)
		bad |= lint(c, cook_need(c, argv[k]));
	for (i = 0; argc == 0 && i < c->nports; i++)
		bad |= lint(c, &c->port[i]);
	if (argc == 0)
		lint_tree(c, &rest);
	bad |= print_list(&rest);
	cpk_list_free(&rest);
	return bad;
}
