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
#include "choice.h"
#include "host/host.h"
#include "progress.h"
#include "signals.h"
#include "states.h"
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
			states_look(s->c, s->order, 1);
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
	states_look(s->c, s->order, 1);
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
	states_look(s->c, s->order, 0);
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

/* The failed port that kept p from being built. */
static const struct port *
culprit(const struct port *p)
{
	size_t i;

	for (i = 0; i < p->ntools; i++)
		if (p->tools[i]->state == PORT_FAILED)
			return p->tools[i];
	for (i = 0; i < p->nsys; i++)
		if (p->sys[i]->state == PORT_FAILED)
			return p->sys[i];
	for (i = 0; i < p->ntools + p->nsys; i++) {
		const struct port *d = i < p->ntools ? p->tools[i] : p->sys[i - p->ntools];

		if (d->state == PORT_BLOCKED)
			return culprit(d);
	}
	return p;
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
			printf("blocked %s: it needs %s, which failed\n", p->name, culprit(p)->name);
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
	states_look(c, s.order, 1);
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
