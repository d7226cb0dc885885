/* SPDX-License-Identifier: MIT */
/*
 * cook check: all that a port must pass: lint, a build, the same build again under other
 * conditions, an interface that keeps old programs running, and its [test] on a device.
 */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "abi.h"
#include "job.h"
#include "repro.h"

static int
result(const char *step, const char *name, int bad, const char *why)
{
	printf("%s %s %s%s%s\n", bad ? "FAIL" : "ok", step, name, why ? ": " : "", why ? why : "");
	fflush(stdout);
	return bad;
}

static int
check_lint(struct cook *c, struct port *p)
{
	size_t i;

	if (!p->errors.n)
		lint_port(c, p);
	for (i = 0; i < p->errors.n; i++)
		printf("%s\n", p->errors.v[i]);
	return result("lint", p->name, p->errors.n != 0, NULL);
}

static int
check_build(struct cook *c, struct port *p)
{
	graph_want(c, p);
	need_sandbox(c);
	return result("build", p->name, sched_run(c) != 0, NULL);
}

static int
check_repro(struct cook *c, struct port *p)
{
	char *why;
	int bad = repro_port(c, p, &why);

	result("repro", p->name, bad, why);
	free(why);
	return bad;
}

/* The key of the build before this one that is still in the store, fresh, or NULL. */
static char *
build_before(const struct cook *c, const struct port *p)
{
	char *path = cook_path(c, "records.tsv"), *text = read_file(path, NULL), *line, *save;
	char *found = NULL, key[CPK_HEX], name[CPK_MAX_NAME + 1], how[16];

	free(path);
	for (line = text ? strtok_r(text, "\n", &save) : NULL; line;
	     line = strtok_r(NULL, "\n", &save)) {
		if (sscanf(line, "%64s %64s %*s %15s", key, name, how) != 3 ||
		    strcmp(name, p->name) != 0 || strcmp(how, "ok") != 0 || strcmp(key, p->key) == 0)
			continue;
		path = cook_path(c, "store/%s/meta", key);
		if (exists(path)) {
			free(found);
			found = xdup(key);
		}
		free(path);
	}
	free(text);
	return found;
}

static int
check_abi(struct cook *c, struct port *p)
{
	char *before = build_before(c, p);
	struct list lines = { 0 };
	size_t i;
	int bad;

	if (!before) {
		printf("skip abi %s: no build before this one is in the store\n", p->name);
		return 0;
	}
	bad = abi_compare(c, before, p->key, &lines) > 0;
	for (i = 0; i < lines.n; i++)
		printf("abi: %s\n", lines.v[i]);
	result("abi", p->name, bad, bad ? "programs linked before would not run: another soname is "
			"due" : NULL);
	cpk_list_free(&lines);
	free(before);
	return bad;
}

/* --- the device --- */

/* The package of p's last build that provides "cmd:WORD", fresh, or NULL. */
static char *
package_with(const struct cook *c, const struct port *p, const char *word)
{
	char *key = store_last(c, p->name), *path, *text, *line, *save, *package = NULL, *found = NULL;

	path = cook_path(c, "store/%s/meta", key ? key : "-");
	text = key ? read_file(path, NULL) : NULL;
	for (line = text ? strtok_r(text, "\n", &save) : NULL; line && !found;
	     line = strtok_r(NULL, "\n", &save)) {
		if (strncmp(line, "package ", 8) == 0)
			package = line + 8;
		else if (package && strncmp(line, "provides cmd:", 13) == 0 &&
		    strcmp(line + 13, word) == 0)
			found = fmt("%.*s", (int)strcspn(package, " "), package);
	}
	free(text);
	free(path);
	free(key);
	return found;
}

static void
add_maker(const struct cook *c, const char *word, struct list *out)
{
	size_t i;

	for (i = 0; i < c->nports; i++) {
		char *package = c->port[i].r && c->port[i].r->arch != ARCH_HOST ?
			package_with(c, &c->port[i], word) : NULL;

		if (!package)
			continue;
		if (!list_has(out, package))
			list_add(out, package);
		free(package);
		return;
	}
}

void
test_packages(const struct cook *c, const struct port *p, struct list *all)
{
	struct list words = { 0 };
	char *word, *save;
	size_t i;

	list_add(all, p->plain);
	for (i = 0; i < p->r->test.n; i++) {
		char *line = xdup(p->r->test.v[i]);

		for (word = strtok_r(line, " \t\n|;&()'\"`$<>=!", &save); word;
		     word = strtok_r(NULL, " \t\n|;&()'\"`$<>=!", &save))
			list_add(&words, word);
		free(line);
	}
	cpk_list_sort(&words);
	for (i = 0; i < words.n; i++)
		add_maker(c, words.v[i], all);
	cpk_list_free(&words);
}

static void
want_package(struct cook *c, const char *name, size_t n)
{
	char *word = fmt("%.*s", (int)n, name);
	struct port *p = cook_find(c, word);

	if (p && p->r && p->r->arch != ARCH_HOST)
		graph_want(c, p);
	free(word);
}

/* What the image holds from the start: a name a line, with comments. */
static void
want_image(struct cook *c)
{
	char *path = fmt("%s/scripts/packages.image", c->root), *text = read_file(path, NULL);
	char *line, *save;

	for (line = text ? strtok_r(text, "\n", &save) : NULL; line; line = strtok_r(NULL, "\n", &save)) {
		line[strcspn(line, "#")] = '\0';
		line += strspn(line, " \t");
		want_package(c, line, strcspn(line, " \t"));
	}
	free(text);
	free(path);
}

/* Recipes that are called like a command of the line: it may be that they were never built. */
static void
want_commands(struct cook *c, const char *line)
{
	int first = 1;			/* the next word is a command */
	size_t n;

	for (; *line; line += n ? n : 1) {
		n = strcspn(line, " \t\n|;&()`\"'$<>=!");
		if (n && first)
			want_package(c, line, n);
		if (n)
			first = 0;
		else if (strchr("\n|;&(`!", *line))
			first = 1;
	}
}

static char *
join(const struct list *l)
{
	struct buf b = { 0 };
	size_t i;

	for (i = 0; i < l->n; i++)
		buf_fmt(&b, "%s%s", i ? " " : "", l->v[i]);
	return b.s;
}

static int
run_device(struct cook *c, struct port *p)
{
	struct list all = { 0 };
	char *guest = fmt("%s/scripts/guest", c->root), *repo = fmt("%s/scripts/repo", c->root);
	char *test = fmt("mkdir /tmp/t && cd /tmp/t && sh -e /usr/share/ports/%s/test", p->name);
	char *limit = fmt("%lld", 120 + (long long)p->r->test_timeout);
	char *lay_out[] = { repo, "--no-build", NULL };
	char *packages = (test_packages(c, p, &all), join(&all));
	char *run[] = { guest, "-t", limit, "-p", packages, test, NULL };
	int bad = run_program(lay_out) != 0 || run_program(run) != 0;

	free(guest);
	free(repo);
	free(test);
	free(limit);
	free(packages);
	cpk_list_free(&all);
	return result("device", p->name, bad, NULL);
}

int
check_device(struct cook *c, struct port *p)
{
	char *guest = fmt("%s/scripts/guest", c->root);
	int here = exists(guest);
	size_t i;

	free(guest);
	if (!p->r->test.n || p->r->arch == ARCH_HOST || !here) {
		printf("skip device %s: %s\n", p->name, here ? "it has no [test]" :
				"there is no scripts/guest in this tree");
		return 0;
	}
	want_image(c);
	for (i = 0; i < p->r->test.n; i++)
		want_commands(c, p->r->test.v[i]);
	if (sched_run(c) != 0)
		return result("device", p->name, 1, "what its test needs cannot be built");
	return run_device(c, p);
}

int
cmd_check(struct cook *c, int argc, char **argv)
{
	struct port *p;
	int bad;

	if (argc != 1)
		misuse("usage: cook check NAME");
	p = cook_need(c, argv[0]);
	if (check_lint(c, p) || check_build(c, p))
		return 1;
	bad = check_repro(c, p);
	bad |= check_abi(c, p);
	bad |= check_device(c, p);
	return bad;
}
