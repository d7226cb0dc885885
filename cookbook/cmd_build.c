/* SPDX-License-Identifier: MIT */
/* cook build, fetch, clean, sysroot, tools: the commands that change something. */
#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cook.h"
#include "host/host.h"
#include "slurm.h"
#include "supply.h"

/* Marks the named ports and all that they need; every port when none is named. */
void
want_named(struct cook *c, int argc, char **argv)
{
	size_t i;
	int k;

	for (k = 0; k < argc; k++)
		graph_want(c, cook_need(c, argv[k]));
	if (!c->nports)
		die("%s: no recipes", c->root);
	for (i = 0; argc == 0 && i < c->nports; i++)
		if (cook_selected(c, &c->port[i]))
			graph_want(c, &c->port[i]);
}

void
need_sandbox(const struct cook *c)
{
	int r = c->sandbox ? host_sandbox_check() : 0;

	if (r < 0)
		die("cannot make namespaces here (%s); --no-sandbox builds without them, "
			"what it makes is not for publishing", strerror(-r));
}

int
cmd_build(struct cook *c, int argc, char **argv)
{
	want_named(c, argc, argv);
	if (supply_options.slurm)
		return slurm_run(c);
	need_sandbox(c);
	return sched_run(c);
}

/* Several at once, each in a process; a failure does not stop the others. */
static int
fetch_wait(int *running)
{
	int status;

	if (wait(&status) < 0)
		return 1;
	(*running)--;
	return !WIFEXITED(status) || WEXITSTATUS(status) != 0;
}

static void
fetch_start(struct cook *c, struct port *p, size_t i)
{
	pid_t pid = fork();

	if (pid < 0)
		die("cannot start a process");
	if (pid == 0) {
		char *path = source_get(c, p->r, i);

		_exit(path ? 0 : 1);
	}
}

int
cmd_fetch(struct cook *c, int argc, char **argv)
{
	int running = 0, failed = 0;
	size_t i, k;

	want_named(c, argc, argv);
	for (i = 0; i < c->nports; i++) {
		struct port *p = &c->port[i];

		for (k = 0; p->wanted && p->r && k < p->r->source.n; k++) {
			if (source_have(c, p->r, k))
				continue;
			if (running == 6)
				failed |= fetch_wait(&running);
			fetch_start(c, p, k);
			running++;
		}
	}
	while (running)
		failed |= fetch_wait(&running);
	return failed;
}

/* --- clean --- */

static void
clean_folder(struct cook *c, const char *folder, const struct list *keep)
{
	char *dir = cook_path(c, "%s", folder);
	struct list names = { 0 };
	size_t i, n = 0;

	list_dir(dir, &names);
	for (i = 0; i < names.n; i++) {
		char *path = fmt("%s/%s", dir, names.v[i]);

		if (names.v[i][0] != '.' && !list_has(keep, names.v[i])) {
			remove_tree(path);
			n++;
		}
		free(path);
	}
	if (n)
		printf("removed %zu from %s\n", n, dir);
	cpk_list_free(&names);
	free(dir);
}

/* The last builds for targets that this run does not look at: last/NAME@TARGET. */
static void
keep_other_targets(struct cook *c, struct list *keep)
{
	char *dir = cook_path(c, "last");
	struct list names = { 0 };
	size_t i;

	list_dir(dir, &names);
	for (i = 0; i < names.n; i++)
		if (strchr(names.v[i], '@') || c->target != &target_first)
			list_take(keep, store_last(c, names.v[i]));
	cpk_list_free(&names);
	free(dir);
}

int
cmd_clean(struct cook *c, int argc, char **argv)
{
	struct list keep = { 0 };
	size_t i;

	(void)argv;
	if (argc)
		die("clean takes no names");
	want_named(c, 0, NULL);
	sched_scan(c);
	if (!c->all)
		keep_other_targets(c, &keep);
	for (i = 0; i < c->nports; i++) {
		char *last = store_last(c, c->port[i].name);

		if (!c->all && c->port[i].state == PORT_DONE)
			list_add(&keep, c->port[i].key);
		if (!c->all && last)
			list_add(&keep, last);
		free(last);
	}
	clean_folder(c, "store", &keep);
	cpk_list_free(&keep);
	clean_folder(c, "merged", &keep);
	build_sweep(c);
	return 0;
}

/* --- sysroot, tools --- */

static int
copy_merged(struct cook *c, const struct merge_set *set, const char *to)
{
	char *from = store_merged(c, set), clash[PATH_MAX];
	int r;

	if (!from)
		return -1;
	r = merge_tree(from, to, 0, clash);
	if (r < 0)
		warn_("%s: %s", *clash ? clash : to, strerror(-r));
	free(from);
	return r;
}

static int
build_wanted(struct cook *c)
{
	need_sandbox(c);
	return sched_run(c);
}

int
cmd_sysroot(struct cook *c, int argc, char **argv)
{
	struct port **v = xalloc((c->nports + 1) * sizeof(*v)), *p = NULL;
	struct merge_set set = { .v = v };
	size_t i, n = 0;
	int all, r;

	if (argc != 2)
		misuse("usage: cook sysroot NAME|all DIR");
	all = strcmp(argv[0], "all") == 0;
	if (!all)
		p = cook_need(c, argv[0]);
	for (i = 0; i < c->nports; i++)
		if (all && cook_selected(c, &c->port[i]) && c->port[i].r && c->port[i].r->arch != ARCH_HOST)
			v[n++] = &c->port[i];
	for (i = 0; p && i < p->nsys; i++)
		v[n++] = p->sys[i];
	for (i = 0; i < n; i++)
		graph_want(c, v[i]);
	set.n = n;
	set.whole = all;
	set.extra = p ? p->extra : NULL;
	set.nextra = p ? p->nextra : 0;
	r = build_wanted(c);
	if (r == 0)
		r = copy_merged(c, &set, argv[1]);
	free(v);
	return r != 0;
}

int
cmd_tools(struct cook *c, int argc, char **argv)
{
	static const char *const names[] = { "binutils", "gcc", "libgcc", "libstdcxx", "glue", NULL };
	struct port *tools[16], *sys[1];
	struct merge_set tool_set = { .v = tools, .tools = 1 };
	struct merge_set sys_set = { .v = sys, .n = 1, .whole = 1 };
	size_t n, i;
	char *to;
	int r;

	if (argc != 1)
		misuse("usage: cook tools DIR");
	for (n = 0; names[n]; n++) {
		tools[n] = cook_need(c, names[n]);
		graph_want(c, tools[n]);
	}
	for (i = 0; i < c->target->tools.n && n < sizeof(tools) / sizeof(tools[0]); i++, n++) {
		tools[n] = cook_need(c, c->target->tools.v[i]);
		graph_want(c, tools[n]);
	}
	tool_set.n = n;
	sys[0] = cook_need(c, "libc");
	graph_want(c, sys[0]);
	r = build_wanted(c);
	to = fmt("%s/" COOK_TARGET "/sysroot", argv[0]);
	if (r == 0)
		r = remove_tree(argv[0]);
	if (r == 0)
		r = copy_merged(c, &tool_set, argv[0]);
	if (r == 0)
		r = copy_merged(c, &sys_set, to);
	free(to);
	return r != 0;
}
