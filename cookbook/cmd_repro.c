/* SPDX-License-Identifier: MIT */
/* cook repro: shows that ports come out the same wherever and whenever they are built. */
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
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

int
repro_port(struct cook *c, struct port *p, char **why)
{
	char *report = repro_report(c, p);
	int status;
	pid_t pid;

	unlink(report);
	fflush(stdout);
	pid = fork();
	if (pid == 0)
		build_otherwise(c, p);
	if (pid < 0 || waitpid(pid, &status, 0) < 0)
		die("cannot start a process");
	*why = read_file(report, NULL);
	if (!*why && !(WIFEXITED(status) && WEXITSTATUS(status) == 0))
		*why = fmt("the second build failed, log %s/logs/%s.repro.log", c->cache, p->name);
	unlink(report);
	free(report);
	return *why != NULL;
}

int
cmd_repro(struct cook *c, int argc, char **argv)
{
	int bad = 0, k;
	char *why;

	if (argc < 1)
		die("usage: cook repro NAME...");
	want_named(c, argc, argv);
	need_sandbox(c);
	if (sched_run(c) != 0)
		return 1;
	for (k = 0; k < argc; k++) {
		struct port *p = cook_need(c, argv[k]);

		if (repro_port(c, p, &why)) {
			printf("differs %s: %s\n", p->name, why);
			bad = 1;
		} else {
			printf("same %s\n", p->name);
		}
		free(why);
	}
	return bad;
}
