/* SPDX-License-Identifier: MIT */
/* cook repro: shows that ports come out the same wherever and whenever they are built. */
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "host/host.h"
#include "repro.h"

char *
repro_report(const struct cook *c, const struct port *p)
{
	return cook_path(c, "logs/%s.differs", p->name);
}

/* What changes the host's programs stands beside cook. */
static char *
find_preload(void)
{
	char *self = host_self(), *path;

	if (!self)
		return NULL;
	path = fmt("%.*s/cook-vary.so", (int)(strrchr(self, '/') - self), self);
	free(self);
	return path;
}

static void
build_otherwise(struct cook *c, struct port *p)
{
	char *preload = find_preload();
	int status;

	c->vary = 1;
	c->vary_preload = preload && exists(preload) ? preload : NULL;
	c->jobs = c->jobs == 1 ? 2 : 1;
	jobs_open(c);
	status = build_port(c, p);
	jobs_close();
	_exit(status);
}

static void
start(struct cook *c, struct port *p)
{
	char *report = repro_report(c, p);

	unlink(report);
	free(report);
	fflush(stdout);
	p->started = now();
	p->pid = fork();
	if (p->pid < 0)
		die("cannot start a process");
	if (p->pid == 0)
		build_otherwise(c, p);
}

/* A line of repro.tsv: name, key, result, seconds, time. */
static void
record(const struct cook *c, const struct port *p, const char *result)
{
	records_append(c, "repro.tsv", fmt("%s\t%s\t%s\t%.0f\t%lld\n", p->name, p->key, result, now() - p->started,
			(long long)time(NULL)));
}

/* 0 when the same came out; 1 and *why (fresh) when not. */
static int
ended(struct cook *c, struct port *p, int status, char **why)
{
	char *report = repro_report(c, p);
	int built = WIFEXITED(status) && WEXITSTATUS(status) == 0;

	p->pid = 0;
	*why = read_file(report, NULL);
	if (*why || built)
		record(c, p, *why ? "differs" : "same");
	else
		*why = fmt("the second build failed, log %s/logs/%s.repro.log", c->cache, p->name);
	unlink(report);
	free(report);
	return *why != NULL;
}

int
repro_port(struct cook *c, struct port *p, char **why)
{
	int status;

	start(c, p);
	if (waitpid(p->pid, &status, 0) < 0)
		die("cannot wait for a process");
	return ended(c, p, status, why);
}

/* --- the command --- */

static int
say(const struct port *p, const char *why)
{
	if (why)
		printf("differs %s: %s\n", p->name, why);
	else
		printf("same %s\n", p->name);
	fflush(stdout);
	return why != NULL;
}

static struct port *
wait_for_port(struct cook *c, int *status)
{
	pid_t pid;
	size_t i;

	while ((pid = wait(status)) >= 0)
		for (i = 0; i < c->nports; i++)
			if (c->port[i].pid == pid)
				return &c->port[i];
	die("cannot wait for a process");
}

/* Waits for one of them; 1 when it differs. */
static int
wait_for_one(struct cook *c)
{
	int status, bad;
	struct port *p = wait_for_port(c, &status);
	char *why;

	ended(c, p, status, &why);
	bad = say(p, why);
	free(why);
	return bad;
}

/* Each has one processor: as many at a time as there are jobs. */
static int
run_all(struct cook *c, struct port **v, size_t n)
{
	int running = 0, bad = 0;
	size_t i;

	for (i = 0; i < n; i++) {
		if (running == c->jobs) {
			bad |= wait_for_one(c);
			running--;
		}
		start(c, v[i]);
		running++;
	}
	while (running-- > 0)
		bad |= wait_for_one(c);
	return bad;
}

/* 1 when the last record of this key says that the same came out. */
static int
is_known(const struct port *p, const struct list *records)
{
	size_t i;

	for (i = records->n; i-- > 0;) {
		const char *key = strchr(records->v[i], '\t');

		if (key && strncmp(key + 1, p->key, CPK_HEX - 1) == 0 && key[CPK_HEX] == '\t')
			return strncmp(key + CPK_HEX + 1, "same\t", 5) == 0;
	}
	return 0;
}

static int
by_seconds(const void *a, const void *b)
{
	const struct port *x = *(struct port *const *)a, *y = *(struct port *const *)b;

	return x->estimate < y->estimate ? -1 : x->estimate > y->estimate;
}

/* What `cook repro` alone builds, the shortest first; names what it need not build. */
static size_t
choose(struct cook *c, struct port **v)
{
	char *path = cook_path(c, "repro.tsv"), *text = read_file(path, NULL), *line, *save;
	struct list records = { 0 };
	size_t n = 0, i;

	for (line = text ? strtok_r(text, "\n", &save) : NULL; line; line = strtok_r(NULL, "\n", &save))
		list_add(&records, line);
	for (i = 0; i < c->nports; i++) {
		struct port *p = &c->port[i];

		if (!cook_selected(c, p))
			continue;
		if (!c->all && is_known(p, &records))
			say(p, NULL);
		else
			v[n++] = p;
	}
	if (n)
		qsort(v, n, sizeof(*v), by_seconds);
	cpk_list_free(&records);
	free(text);
	free(path);
	return n;
}

static void
add_once(struct port **v, size_t *n, struct port *p)
{
	size_t i;

	for (i = 0; i < *n && v[i] != p; i++)
		;
	v[i] = p;
	*n += i == *n;
}

int
cmd_repro(struct cook *c, int argc, char **argv)
{
	struct port **v = xalloc((c->nports + (size_t)argc + 1) * sizeof(*v));
	size_t n = 0;
	int bad, k;

	want_named(c, argc, argv);
	need_sandbox(c);
	if (sched_run(c) != 0)
		return 1;
	for (k = 0; k < argc; k++)
		add_once(v, &n, cook_need(c, argv[k]));
	if (argc == 0)
		n = choose(c, v);
	bad = run_all(c, v, n);
	free(v);
	return bad;
}
