/* SPDX-License-Identifier: MIT */
/*
 * cook test: builds ports and runs their [test].  For a target whose programs run on this
 * host that is done in a root of packages of its own, in seconds; else on a device by
 * scripts/guest.  Results are kept in tests.tsv under the key they were made with.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "job.h"

#define PATIENCE 4			/* how often a test may take its time: the host may be busy */

static void
record(const struct cook *c, const struct port *p, int ok)
{
	records_append(c, "tests.tsv", fmt("%s\t%s\t%s\n", p->name, p->key, ok ? "ok" : "failed"));
}

static char *
log_path(const struct cook *c, const struct port *p)
{
	return cook_path(c, "logs/%s.test.log", p->name);
}

static void
to_log(const struct cook *c, const struct port *p)
{
	char *path = log_path(c, p);
	int fd;

	unlink(path);
	fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_APPEND | O_CLOEXEC, 0644);
	if (fd < 0)
		die("%s: %s", path, strerror(errno));
	dup2(fd, 1);
	dup2(fd, 2);
	close(fd);
	free(path);
}

static void
describe_box(struct job *j, const char *packages)
{
	static const char *const env[] = {
		"PATH=/usr/bin:/bin", "HOME=/root", "USER=root", "LOGNAME=root", "SHELL=/bin/sh",
		"TERM=dumb", NULL
	};
	size_t i;

	for (i = 0; env[i]; i++)
		list_add(&j->box.env, env[i]);
	j->box.on = 1;
	j->box.top = fmt("%s/top", j->work);
	j->box.packages = packages;
	j->box.cwd = xdup("/tmp");
}

/* In a process of its own: 0 passed, 1 failed, the log says why. */
static int
run_native(struct cook *c, struct port *p)
{
	struct job j = { .c = c, .p = p, .r = p->r, .work = build_dir(c, p, getpid()) };
	char *packages = fmt("%s/dest", j.work), *why = NULL;
	char *script = fmt("/usr/share/ports/%s/test", p->plain);
	struct list names = { 0 };
	int status = 1;

	to_log(c, p);
	test_packages(c, p, &names);
	if (job_open(&j) == 0) {
		describe_box(&j, packages);
		if (root_make(c, p->target, &names, packages, &why) == 0)
			status = sandbox_run(&j.box, script);
		if (why)
			printf("%s\n", why);
		else if (status)
			printf("status %d\n", status);
		fflush(stdout);
		job_throw_away(&j);
	}
	cpk_list_free(&names);
	free(script);
	free(packages);
	return status != 0;
}

/* Its status; a process that takes too long is killed, and with it its sandbox. */
static int
wait_until(pid_t pid, double deadline)
{
	int status;

	while (waitpid(pid, &status, WNOHANG) == 0) {
		if (now() > deadline) {
			kill(pid, SIGKILL);
			waitpid(pid, &status, 0);
			return -1;
		}
		nanosleep(&(struct timespec){ .tv_nsec = 20000000 }, NULL);
	}
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

/* What the last line of its log says, fresh. */
static char *
last_line(const char *path)
{
	char *text = read_file(path, NULL), *end, *line;

	if (!text)
		return xdup("no log");
	end = text + strlen(text);
	while (end > text && end[-1] == '\n')
		*--end = '\0';
	line = strrchr(text, '\n');
	line = xdup(line ? line + 1 : text);
	free(text);
	return line;
}

static int
test_native(struct cook *c, struct port *p)
{
	double started = now();
	char *log = log_path(c, p), *line;
	pid_t pid;
	int status;

	fflush(stdout);
	pid = fork();
	if (pid == 0)
		_exit(run_native(c, p));
	status = pid < 0 ? -1 : wait_until(pid, started + PATIENCE * (double)p->r->test_timeout);
	record(c, p, status == 0);
	if (status == 0) {
		printf("ok %s (%.1f s)\n", p->plain, now() - started);
	} else {
		line = last_line(log);
		printf("FAIL %s: %s (%s)\n", p->plain, status < 0 ? "took too long" : line, log);
		free(line);
	}
	fflush(stdout);
	free(log);
	return status != 0;
}

static int
test_one(struct cook *c, struct port *p)
{
	int bad;

	if (!p->r || p->r->arch == ARCH_HOST || !p->r->test.n) {
		printf("skip %s: it has no [test]\n", p->plain);
		return 0;
	}
	if (p->state != PORT_DONE) {
		printf("FAIL %s: it is not built\n", p->plain);
		return 1;
	}
	if (p->target->native)
		return test_native(c, p);
	bad = check_device(c, p);
	record(c, p, !bad);
	return bad;
}

/* The recipes of a list of packages, as far as there are any. */
static void
want_packages(struct cook *c, const struct target *t, const struct list *names)
{
	struct port *p;
	size_t i;

	for (i = 0; i < names->n; i++) {
		p = graph_maker(c, t, names->v[i]);
		if (p && p->target == t)
			graph_want(c, p);
	}
}

int
cmd_test(struct cook *c, int argc, char **argv)
{
	struct list names = { 0 };
	size_t i;
	int bad = 0, k;

	want_named(c, argc, argv);
	for (k = 0; c->target->native && k < argc; k++)
		if (cook_need(c, argv[k])->r)
			test_packages(c, cook_need(c, argv[k]), &names);
	want_packages(c, c->target, &c->target->root);
	want_packages(c, c->target, &names);
	cpk_list_free(&names);
	need_sandbox(c);
	if (c->target->native && !c->sandbox)
		die("test: a root of packages needs namespaces; without them: scripts/guest");
	sched_run(c);
	for (k = 0; k < argc; k++)
		bad |= test_one(c, cook_need(c, argv[k]));
	for (i = 0; argc == 0 && i < c->nports; i++)
		if (cook_selected(c, &c->port[i]) && c->port[i].r && c->port[i].r->test.n)
			bad |= test_one(c, &c->port[i]);
	return bad;
}
