/* SPDX-License-Identifier: MIT */
/*
 * Which port is built when.  A port is ready when its whole closure is in the store;
 * which of the ready ones goes first says choice.h.  The first build runs for free,
 * each further one holds a token of the jobserver.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "ask.h"
#include "cache.h"
#include "choice.h"
#include "host/host.h"
#include "progress.h"
#include "share.h"
#include "signals.h"
#include "terminal.h"
#include "timeline.h"

struct sched {
	struct cook *c;
	struct port **order;		/* dependencies first */
	int signals;			/* readable when SIGCHLD, SIGINT, SIGTERM or SIGHUP came */
	int running;
	int free_slot;			/* the build that needs no token does not run */
	int failed;
	int stop;			/* a signal told us to end */
	double started;
	struct progress pr;
};

/* --- states --- */

static enum state
worst(struct port *const *v, size_t n, enum state so_far)
{
	size_t i;

	for (i = 0; i < n; i++) {
		if (v[i]->state == PORT_FAILED || v[i]->state == PORT_BLOCKED)
			return PORT_BLOCKED;
		if (v[i]->state == PORT_LEFT)
			so_far = PORT_LEFT;
		else if (v[i]->state != PORT_DONE && so_far != PORT_LEFT)
			so_far = PORT_WAITING;
	}
	return so_far;
}

/* 1 when the name of n bytes is in COOK_HOLD. */
static int
name_is_held(const char *name, size_t n)
{
	const char *hold = getenv("COOK_HOLD"), *at;

	for (at = hold ? hold : ""; *at; at += strspn(at, " ")) {
		size_t len = strcspn(at, " ");

		if (len == n && strncmp(at, name, n) == 0)
			return 1;
		at += len;
	}
	return 0;
}

/* 1 when line is an input "dependency NAME HASH" with NAME in COOK_HOLD. */
static int
is_held(const char *line)
{
	const char *name = strchr(line, ' ') + 1;

	if (strncmp(line, "dependency ", 11) != 0 && strncmp(line, "tool ", 5) != 0)
		return 0;
	return name_is_held(name, strcspn(name, " "));
}

static void
drop_held(const struct list *from, struct list *to)
{
	size_t i;

	for (i = 0; i < from->n; i++)
		if (!is_held(from->v[i]))
			list_add(to, from->v[i]);
}

/*
 * For work on a library that everything is linked with: what COOK_HOLD names
 * stays as it was built last, whatever changed in it; so does a port whose last
 * build differs only in these.
 */
static int
hold_last(struct cook *c, struct port *p)
{
	char *last = getenv("COOK_HOLD") ? store_last(c, p->name) : NULL;
	struct list all = { 0 }, old = { 0 }, new = { 0 };
	size_t i;
	int same;

	if (!last)
		return 0;
	if (name_is_held(p->name, strlen(p->name))) {
		snprintf(p->key, sizeof(p->key), "%s", last);
		free(last);
		return store_find(c, p);
	}
	store_meta_all(c, last, "input", &all);
	drop_held(&all, &old);
	drop_held(&p->inputs, &new);
	same = old.n > 0 && old.n == new.n;
	for (i = 0; same && i < old.n; i++)
		same = strcmp(old.v[i], new.v[i]) == 0;
	if (same)
		snprintf(p->key, sizeof(p->key), "%s", last);
	cpk_list_free(&all);
	cpk_list_free(&old);
	cpk_list_free(&new);
	free(last);
	return same && store_find(c, p);
}

/* With fill set what the store lacks is taken from the cache of others. */
static void
look_at(struct cook *c, struct port *p, int fill)
{
	enum state s;

	if (p->state != PORT_WAITING)
		return;
	if (!p->r || p->errors.n) {
		p->state = PORT_FAILED;
		return;
	}
	s = worst(p->tools, p->ntools, PORT_DONE);
	if (s != PORT_BLOCKED)
		s = worst(p->sys, p->nsys, s);
	if (s == PORT_DONE) {
		if (key_compute(c, p) < 0)
			s = PORT_FAILED;
		else
			s = store_find(c, p) || hold_last(c, p) ||
				(fill && (share_get(c, p) || cache_get(c, p))) ? PORT_DONE : PORT_READY;
	}
	p->state = s;
}

static void
look_at_all(struct cook *c, struct port **order, int fill)
{
	size_t i;

	for (i = 0; i < c->nports; i++)
		if (order[i]->wanted)
			look_at(c, order[i], fill);
}

void
sched_scan(struct cook *c)
{
	struct port **order = xalloc((c->nports + 1) * sizeof(*order));

	graph_order(c, order);
	look_at_all(c, order, 0);
	free(order);
}

/* --- starting --- */

static void
run_child(struct cook *c, struct port *p)
{
	int fd = open("/dev/null", O_RDONLY);

	setpgid(0, 0);
	host_die_with_parent();
	if (getppid() == 1)
		_exit(1);
	signals_reset();
	signal(SIGPIPE, SIG_DFL);
	if (fd > 0) {
		dup2(fd, 0);
		close(fd);
	}
	_exit(build_port(c, p));
}

static void
start(struct sched *s, struct port *p)
{
	fflush(stdout);
	fflush(stderr);
	p->pid = fork();
	if (p->pid < 0)
		die("cannot start a process: %s", strerror(errno));
	if (p->pid == 0)
		run_child(s->c, p);
	setpgid(p->pid, p->pid);
	p->state = PORT_RUNNING;
	p->started = now();
	p->token = !s->free_slot;
	s->free_slot = 0;
	s->running++;
	progress_start(&s->pr, p);
}

/* Of the budget, when there is one. */
static double
seconds_left(const struct sched *s)
{
	return s->c->budget - (now() - s->started);
}

static struct port *
best_ready(struct sched *s)
{
	return choice_best(s->c, s->order, seconds_left(s));
}

static int
fits_budget(const struct sched *s, const struct port *p)
{
	return s->c->budget <= 0 || choice_seconds(p) <= seconds_left(s);
}

/* Starts what can be started now; 1 when something ready waits for a token. */
static int
start_ready(struct sched *s)
{
	struct port *p;

	while (!s->stop && (p = best_ready(s))) {
		if (!fits_budget(s, p)) {
			p->state = PORT_LEFT;
			look_at_all(s->c, s->order, 1);
			continue;
		}
		if (s->running == 0)
			jobs_refill(s->c);
		if (!s->free_slot && !jobs_take())
			return 1;
		start(s, p);
	}
	return 0;
}

/* --- ending --- */

static void
ended_well(struct sched *s, struct port *p, int code)
{
	if (store_find(s->c, p)) {
		p->state = PORT_DONE;
		if (code == 0)
			records_add(s->c, p, now() - p->started, "ok");
		progress_done(&s->pr, p);
	} else {
		p->state = PORT_FAILED;
	}
}

static void
clean_up(struct sched *s, struct port *p, pid_t pid, int failed)
{
	char *dir = build_dir(s->c, p, pid);

	if (s->c->ask && failed && !s->stop && exists(dir)) {
		p->kept = dir;
		return;
	}
	if (!s->c->keep)
		remove_tree(dir);
	free(dir);
}

static void
ended(struct sched *s, struct port *p, int status)
{
	int code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;

	clean_up(s, p, p->pid, code != 0 && code != BUILD_FOUND && code != BUILD_RESTART);
	s->running--;
	if (p->token)
		jobs_give(1);
	else
		s->free_slot = 1;
	p->pid = 0;
	if (code == 0 || code == BUILD_FOUND) {
		ended_well(s, p, code);
	} else if (code == BUILD_RESTART && p->restarts++ < 5) {
		p->state = PORT_WAITING;
	} else {
		p->state = PORT_FAILED;
		if (!s->stop) {
			records_add(s->c, p, now() - p->started, "failed");
			progress_failed(&s->pr, p);
		}
	}
	if (p->state == PORT_DONE || p->state == PORT_FAILED)
		timeline_add(p, p->state == PORT_DONE);
	s->failed += p->state == PORT_FAILED;
	look_at_all(s->c, s->order, 1);
}

static void
kill_all(struct sched *s)
{
	size_t i;

	for (i = 0; i < s->c->nports; i++)
		if (s->c->port[i].pid > 0)
			kill(-s->c->port[i].pid, SIGKILL);
}

/* --- what the user says about failures --- */

static void
forget_failure(struct sched *s, struct port *p)
{
	if (p->kept && !s->c->keep)
		remove_tree(p->kept);
	free(p->kept);
	p->kept = NULL;
}

/* As if it had never been tried; what it blocked waits for it again. */
static void
retry(struct sched *s, struct port *p)
{
	size_t i;

	forget_failure(s, p);
	p->state = PORT_WAITING;
	s->failed--;
	for (i = 0; i < s->c->nports; i++)
		if (s->c->port[i].state == PORT_BLOCKED)
			s->c->port[i].state = PORT_WAITING;
	look_at_all(s->c, s->order, 0);
}

/* 1 when there is still something to ask about. */
static int
take_answers(struct sched *s)
{
	struct port *p = ask_about(s->c);

	switch (s->c->ask ? ask_take_keys(s->c, p) : ANSWER_NONE) {
	case ANSWER_RETRY:	retry(s, p); break;
	case ANSWER_SKIP:	forget_failure(s, p); break;
	case ANSWER_QUIT:
		s->stop = SIGINT;
		kill_all(s);
		break;
	case ANSWER_NONE:	break;
	}
	if (s->stop)
		while ((p = ask_about(s->c)))
			forget_failure(s, p);
	return ask_about(s->c) != NULL;
}

static void
reap(struct sched *s)
{
	int status;
	pid_t pid;
	size_t i;

	while ((pid = waitpid(-1, &status, WNOHANG)) > 0)
		for (i = 0; i < s->c->nports; i++)
			if (s->c->port[i].pid == pid)
				ended(s, &s->c->port[i], status);
}

static void
take_signals(struct sched *s)
{
	int number;

	while ((number = signals_next()) != 0) {
		if (number == SIGCHLD)
			continue;
		s->stop = number;
		kill_all(s);
	}
	reap(s);
}

static void
wait_for_something(struct sched *s, int want_token)
{
	struct pollfd fds[3] = {
		{ .fd = s->signals, .events = POLLIN },
		{ .fd = terminal_fd(), .events = POLLIN },
		{ .fd = jobs_fd(), .events = POLLIN },
	};

	poll(fds, want_token ? 3 : 2, s->pr.tty ? 500 : s->c->timeline ? 2000 : 10000);
	timeline_sample();
	take_signals(s);
	progress_tick(&s->pr, s->c);
}

static int
report(struct sched *s)
{
	int bad = s->stop != 0;
	size_t i;

	progress_end(&s->pr);
	for (i = 0; i < s->c->nports; i++) {
		struct port *p = s->order[i];

		if (!p->wanted)
			continue;
		if (p->state == PORT_LEFT)
			printf("skipped %s\n", p->name);
		if (p->state == PORT_BLOCKED)
			printf("blocked %s: something it needs failed\n", p->name);
		if (p->state == PORT_FAILED || p->state == PORT_BLOCKED)
			bad = 1;
	}
	if (s->stop)
		warn_("interrupted; what was finished is kept");
	return bad;
}

/* Recipes that cannot be built at all, before anything starts. */
static void
report_broken(struct sched *s)
{
	size_t i, k;

	for (i = 0; i < s->c->nports; i++) {
		struct port *p = s->order[i];

		for (k = 0; p->wanted && p->state == PORT_FAILED && k < p->errors.n; k++)
			fprintf(stderr, "%s\n", p->errors.v[k]);
	}
}

int
sched_run(struct cook *c)
{
	struct sched s = { .c = c, .free_slot = 1, .started = now() };
	int want_token, bad;
	pid_t prefetch = 0;

	s.order = xalloc((c->nports + 1) * sizeof(*s.order));
	graph_order(c, s.order);
	look_at_all(c, s.order, 1);
	hashes_save(c);
	report_broken(&s);
	records_estimate(c);
	choice_prepare(c, s.order);
	progress_begin(&s.pr, c);
	timeline_begin();
	if (best_ready(&s)) {
		prefetch = prefetch_start(c, s.order);
		s.signals = signals_open();
		jobs_open(c);
		build_sweep(c);
		c->ask = terminal_open();
	}
	for (;;) {
		want_token = start_ready(&s);
		if (!s.running && !take_answers(&s)) {
			if (s.stop || !best_ready(&s))
				break;
			continue;
		}
		wait_for_something(&s, want_token);
		take_answers(&s);
	}
	terminal_close();
	prefetch_stop(prefetch);
	signals_reset();
	bad = report(&s);
	if (c->timeline && timeline_write(c->timeline, c->jobs) < 0)
		bad = 1;
	free(s.order);
	return bad;
}
