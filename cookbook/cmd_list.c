/* SPDX-License-Identifier: MIT */
/* cook list, why, out, keys, order: the commands that only look. */
#include <stdlib.h>
#include <string.h>

#include "cook.h"

static const char *
state_name(const struct port *p)
{
	switch (p->state) {
	case PORT_DONE:		return "built";
	case PORT_READY:	return "needed";
	case PORT_FAILED:	return "broken";
	case PORT_BLOCKED:	return "blocked";
	default:		return "waiting";
	}
}

/*
 * tests.tsv, written by the runner of the device tests: name, key, result.  A result
 * counts for the packages it was made with, so only under their key.
 */
static const char *
tested(const struct port *p, const struct list *lines)
{
	const char *result = "no";
	size_t i, n = strlen(p->name);

	for (i = 0; i < lines->n; i++) {
		const char *s = lines->v[i];

		if (p->state != PORT_DONE || strncmp(s, p->name, n) != 0 || s[n] != '\t' ||
		    strncmp(s + n + 1, p->key, CPK_HEX - 1) != 0 || s[n + CPK_HEX] != '\t')
			continue;
		result = strncmp(s + n + CPK_HEX + 1, "ok", 2) == 0 ? "yes" : "failed";
	}
	return p->r && (p->r->arch == ARCH_HOST || !p->r->test.n) ? "-" : result;
}

static void
read_lines(const char *path, struct list *out)
{
	char *text = read_file(path, NULL), *line, *save;

	for (line = text ? strtok_r(text, "\n", &save) : NULL; line;
	     line = strtok_r(NULL, "\n", &save))
		list_add(out, line);
	free(text);
}

static int
named(const struct cook *c, const struct port *p, int argc, char **argv)
{
	int k;

	if (!cook_selected(c, p))
		return 0;
	for (k = 0; k < argc; k++)
		if (strcmp(argv[k], p->plain) == 0)
			return 1;
	return argc == 0;
}

int
cmd_list(struct cook *c, int argc, char **argv)
{
	char *path = cook_path(c, "tests.tsv");
	struct list tests = { 0 };
	size_t i;

	want_named(c, argc, argv);
	sched_scan(c);
	read_lines(path, &tests);
	for (i = 0; i < c->nports; i++) {
		struct port *p = &c->port[i];

		if (named(c, p, argc, argv))
			printf(c->tsv ? "%s\t%s\t%s\t%s\n" : "%-16s %-16s %-8s %s\n", p->plain,
				p->r ? p->r->version : "-", state_name(p), tested(p, &tests));
	}
	cpk_list_free(&tests);
	free(path);
	return 0;
}

/* --- why --- */

/* The line of l with the same "KIND NAME " as line, or NULL. */
static const char *
same_input(const struct list *l, const char *line)
{
	size_t n = (size_t)(strrchr(line, ' ') - line) + 1, i;

	for (i = 0; i < l->n; i++)
		if (strncmp(l->v[i], line, n) == 0 && !strchr(l->v[i] + n, ' '))
			return l->v[i];
	return NULL;
}

static void
print_input(const char *what, const char *line)
{
	printf("%s: %.*s\n", what, (int)(strrchr(line, ' ') - line), line);
}

static void
compare_inputs(const struct list *old, const struct list *new)
{
	const char *other;
	size_t i;

	for (i = 0; i < new->n; i++) {
		other = same_input(old, new->v[i]);
		if (!other)
			print_input("new", new->v[i]);
		else if (strcmp(other, new->v[i]) != 0)
			print_input("changed", new->v[i]);
	}
	for (i = 0; i < old->n; i++)
		if (!same_input(new, old->v[i]))
			print_input("gone", old->v[i]);
}

static void
why_waiting(struct port *const *v, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (v[i]->state != PORT_DONE)
			printf("needs %s, which is %s\n", v[i]->name, state_name(v[i]));
}

static void
print_errors(const struct port *p)
{
	size_t i;

	for (i = 0; i < p->errors.n; i++)
		printf("%s\n", p->errors.v[i]);
}

int
cmd_why(struct cook *c, int argc, char **argv)
{
	struct list old = { 0 };
	struct port *p;
	char *last;

	if (argc != 1)
		misuse("usage: cook why NAME");
	p = cook_need(c, argv[0]);
	graph_want(c, p);
	sched_scan(c);
	last = store_last(c, p->name);
	if (last)
		store_meta_all(c, last, "input", &old);
	print_errors(p);
	if (p->state == PORT_DONE)
		printf("%s is built: nothing changed\n", p->name);
	else if (p->state == PORT_WAITING || p->state == PORT_BLOCKED) {
		why_waiting(p->tools, p->ntools);
		why_waiting(p->sys, p->nsys);
	} else if (p->state == PORT_READY && !old.n)
		printf("%s was never built here\n", p->name);
	else if (p->state == PORT_READY)
		compare_inputs(&old, &p->inputs);
	cpk_list_free(&old);
	free(last);
	return 0;
}

/* --- out, keys, order --- */

static int
is_published(struct cook *c, const struct port *p)
{
	char *value = store_meta(c, p->key, "publishable");
	int yes = value && strcmp(value, "yes") == 0;

	free(value);
	return yes;
}

static int
print_out(struct cook *c, struct port *p)
{
	struct list packages = { 0 };
	size_t i;

	if (p->state != PORT_DONE) {
		warn_("%s is not built", p->name);
		return 1;
	}
	if (c->published && !is_published(c, p))
		return 0;
	store_meta_all(c, p->key, "package", &packages);
	for (i = 0; i < packages.n; i++) {
		char *file = strchr(packages.v[i], ' ');

		*file++ = '\0';
		if (strcmp(file, "-") == 0)
			printf("%s/store/%s/out/%s\n", c->cache, p->key, packages.v[i]);
		else
			printf("%s/store/%s/%s\n", c->cache, p->key, file);
	}
	cpk_list_free(&packages);
	return 0;
}

int
cmd_out(struct cook *c, int argc, char **argv)
{
	int bad = 0, k;
	size_t i;

	want_named(c, argc, argv);
	sched_scan(c);
	for (k = 0; k < argc; k++)
		bad |= print_out(c, cook_need(c, argv[k]));
	for (i = 0; argc == 0 && i < c->nports; i++)
		if (cook_selected(c, &c->port[i]) && c->port[i].state == PORT_DONE &&
		    c->port[i].r->arch != ARCH_HOST)
			bad |= print_out(c, &c->port[i]);
	return bad;
}

int
cmd_keys(struct cook *c, int argc, char **argv)
{
	size_t i;

	want_named(c, argc, argv);
	sched_scan(c);
	for (i = 0; i < c->nports; i++)
		if (named(c, &c->port[i], argc, argv) && c->port[i].state == PORT_DONE)
			printf("%s\t%s\n", c->port[i].name, c->port[i].key);
	return 0;
}

int
cmd_order(struct cook *c, int argc, char **argv)
{
	struct port **order = xalloc((c->nports + 1) * sizeof(*order));
	size_t i;

	want_named(c, argc, argv);
	graph_order(c, order);
	for (i = 0; i < c->nports; i++)
		if (order[i]->wanted)
			printf("%s\n", order[i]->name);
	free(order);
	return 0;
}
