/* SPDX-License-Identifier: MIT */
/*
 * cook build --slurm: one job of Slurm for each port that is not in the store, with Slurm's own
 * dependencies between them.  A job is `cook build NAME` on some node; the cache is a folder that
 * all nodes share, so what a job leaves is there for the next.  Nothing is kept outside the store:
 * a job that Slurm starts again after its node died does the same work, and of two that build one
 * key the store's lock lets one.  Cook itself waits, and looks into the store when a job is gone.
 */
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "host/host.h"
#include "choice.h"
#include "slurm.h"

#define POLL_SECONDS	2
#define MAX_NICE	1000000		/* what users may ask for, and far below Slurm's bound */

enum job_state { JOB_NONE, JOB_QUEUED, JOB_RUNNING, JOB_GONE, JOB_ENDED };

struct slurm_job {
	struct port *p;
	long id;
	enum job_state state;
};

struct slurm {
	struct cook *c;
	struct slurm_job *job;		/* one for each port, in the order of the graph */
	size_t n;
	char *self;
	int failed;
};

static volatile sig_atomic_t stopped;

static void
stop(int number)
{
	stopped = number;
}

static struct slurm_job *
job_of(struct slurm *s, const struct port *p)
{
	size_t i;

	for (i = 0; i < s->n; i++)
		if (s->job[i].p == p)
			return &s->job[i];
	return NULL;
}

/* --- submitting --- */

static void
add_dependency(struct slurm *s, struct buf *b, const struct port *d, int *any)
{
	struct slurm_job *j = job_of(s, d);

	if (j && j->state == JOB_QUEUED)
		buf_fmt(b, "%s%ld", (*any)++ ? ":" : " --dependency=afterok:", j->id);
}

static void
add_dependencies(struct slurm *s, struct buf *b, const struct port *p)
{
	size_t i;
	int any = 0;

	for (i = 0; i < p->ndirect; i++)
		add_dependency(s, b, p->direct[i], &any);
	for (i = 0; i < p->ntools; i++)
		add_dependency(s, b, p->tools[i], &any);
	for (i = 0; i < p->nsys; i++)
		add_dependency(s, b, p->sys[i], &any);
}

/* What the node runs: the same cook with the same options, for this port alone. */
static char *
node_command(struct slurm *s, const struct port *p)
{
	struct buf b = { 0 };

	buf_str(&b, "exec ");
	buf_quote(&b, s->self);
	buf_fmt(&b, " -j %d%s", s->c->jobs, s->c->sandbox ? "" : " --no-sandbox");
	if (strchr(p->name, '@'))
		buf_fmt(&b, " --target %s", strchr(p->name, '@') + 1);
	if (s->c->cache_from) {
		buf_str(&b, " --cache ");
		buf_quote(&b, s->c->cache_from);
	}
	buf_fmt(&b, " build %.*s", (int)strcspn(p->name, "@"), p->name);
	return b.s;
}

static char *
submit_command(struct slurm *s, const struct port *p, double longest)
{
	const char *own = getenv("COOK_SBATCH");
	char *command = node_command(s, p), *log = cook_path(s->c, "logs/slurm-%s.log", p->name);
	double nice = longest - p->path;
	struct buf b = { 0 };

	buf_fmt(&b, "sbatch --parsable --requeue --kill-on-invalid-dep=yes --open-mode=append "
			"--job-name=cook-%s --cpus-per-task=%d --nice=%.0f --output=", p->name, s->c->jobs,
			nice > MAX_NICE ? MAX_NICE : nice);
	buf_quote(&b, log);
	buf_str(&b, " --chdir=");
	buf_quote(&b, s->c->root);
	add_dependencies(s, &b, p);
	buf_fmt(&b, " %s --wrap=", own ? own : "");
	buf_quote(&b, command);
	free(command);
	free(log);
	return b.s;
}

static int
submit(struct slurm *s, struct slurm_job *j, double longest)
{
	char *command = submit_command(s, j->p, longest), line[128] = "";
	FILE *f = popen(command, "r");

	free(command);
	if (f && !fgets(line, sizeof(line), f))
		line[0] = '\0';
	j->id = strtol(line, NULL, 10);
	if (!f || pclose(f) != 0 || j->id <= 0) {
		warn_("%s: sbatch did not take the job", j->p->name);
		return -1;
	}
	j->state = JOB_QUEUED;
	printf("job %ld %s\n", j->id, j->p->name);
	return 0;
}

/* A port whose recipe is broken, or that needs one, is not worth a job. */
static int
is_hopeless(struct slurm *s, const struct port *p)
{
	size_t i;

	if (!p->r || p->errors.n || p->state == PORT_FAILED || p->state == PORT_BLOCKED)
		return 1;
	for (i = 0; i < p->ndirect; i++) {
		struct slurm_job *j = job_of(s, p->direct[i]);

		if (j && j->state == JOB_NONE && j->p->state != PORT_DONE)
			return 1;
	}
	return 0;
}

static void
print_errors(const struct port *p)
{
	size_t i;

	for (i = 0; i < p->errors.n; i++)
		fprintf(stderr, "%s\n", p->errors.v[i]);
	printf("blocked %s\n", p->name);
}

static int
submit_all(struct slurm *s)
{
	double longest = 0;
	size_t i;

	for (i = 0; i < s->n; i++)
		if (s->job[i].p->path > longest)
			longest = s->job[i].p->path;
	for (i = 0; i < s->n && !stopped; i++) {
		struct port *p = s->job[i].p;

		if (!p->wanted || p->state == PORT_DONE)
			continue;
		if (is_hopeless(s, p)) {
			print_errors(p);
			s->failed++;
		} else if (submit(s, &s->job[i], longest) < 0) {
			return -1;
		}
	}
	return 0;
}

/* --- waiting --- */

/* What squeue says: marks those that run; 0, or -1 when the controller does not answer. */
static int
ask(struct slurm *s, char *seen)
{
	FILE *f = popen("squeue -h -u \"$(id -un)\" -o '%A %T %N' 2>/dev/null", "r");
	char line[512], state[64], node[256];
	size_t i;
	long id;

	memset(seen, 0, s->n);
	while (f && fgets(line, sizeof(line), f)) {
		node[0] = '\0';
		if (sscanf(line, "%ld %63s %255s", &id, state, node) < 2)
			continue;
		for (i = 0; i < s->n && s->job[i].id != id; i++)
			;
		if (i == s->n)
			continue;
		seen[i] = 1;
		if (strcmp(state, "RUNNING") == 0 && s->job[i].state != JOB_RUNNING) {
			s->job[i].state = JOB_RUNNING;
			printf("build %s on %s\n", s->job[i].p->name, node);
		} else if (strcmp(state, "PENDING") == 0 && s->job[i].state == JOB_RUNNING) {
			s->job[i].state = JOB_QUEUED;
			printf("again %s: its node is gone\n", s->job[i].p->name);
		}
	}
	return f && pclose(f) == 0 ? 0 : -1;
}

static void
look_again(struct cook *c)
{
	size_t i;

	for (i = 0; i < c->nports; i++)
		if (c->port[i].state != PORT_DONE && c->port[i].state != PORT_FAILED)
			c->port[i].state = PORT_WAITING;
	sched_scan(c);
}

/* A job that is gone is judged by the store, and only the second time: folders come late to others. */
static void
settle(struct slurm *s, struct slurm_job *j)
{
	if (j->p->state == PORT_DONE) {
		printf("done %s\n", j->p->name);
		j->state = JOB_ENDED;
	} else if (j->state == JOB_GONE) {
		printf("failed %s: logs/slurm-%s.log and logs/%s.log in %s\n", j->p->name, j->p->name,
				j->p->name, s->c->cache);
		s->failed++;
		j->state = JOB_ENDED;
	} else {
		j->state = JOB_GONE;
	}
}

static int
is_open(const struct slurm_job *j)
{
	return j->state != JOB_NONE && j->state != JOB_ENDED;
}

/* How many jobs are still open. */
static size_t
poll_jobs(struct slurm *s, char *seen)
{
	size_t i, open = 0;
	int gone = 0;

	if (ask(s, seen) == 0) {
		for (i = 0; i < s->n; i++)
			gone |= is_open(&s->job[i]) && !seen[i];
		if (gone)
			look_again(s->c);
		for (i = 0; i < s->n; i++)
			if (is_open(&s->job[i]) && !seen[i])
				settle(s, &s->job[i]);
	}
	for (i = 0; i < s->n; i++)
		open += is_open(&s->job[i]);
	fflush(stdout);
	return open;
}

static void
cancel_all(struct slurm *s)
{
	struct buf b = { 0 };
	size_t i;
	int any = 0;

	buf_str(&b, "scancel");
	for (i = 0; i < s->n; i++)
		if (is_open(&s->job[i])) {
			buf_fmt(&b, " %ld", s->job[i].id);
			any = 1;
		}
	if (any && system(b.s) != 0)
		warn_("scancel failed; the jobs are called cook-NAME");
	warn_("interrupted; what was finished is kept");
	free(b.s);
}

int
slurm_run(struct cook *c)
{
	struct slurm s = { .c = c, .n = c->nports, .self = host_self() };
	struct port **order = xalloc((c->nports + 1) * sizeof(*order));
	struct sigaction act = { .sa_handler = stop };
	char *seen = xalloc(c->nports + 1);
	size_t i;

	if (!s.self || system("command -v sbatch >/dev/null 2>&1") != 0)
		die("--slurm: there is no sbatch here");
	sched_scan(c);
	hashes_save(c);
	records_estimate(c);
	graph_order(c, order);
	choice_paths(c, order);
	s.job = xalloc((s.n + 1) * sizeof(*s.job));
	for (i = 0; i < s.n; i++)
		s.job[i].p = order[i];
	sigaction(SIGINT, &act, NULL);
	sigaction(SIGTERM, &act, NULL);
	if (submit_all(&s) < 0)
		stopped = 1;
	fflush(stdout);
	while (!stopped && poll_jobs(&s, seen))
		sleep(POLL_SECONDS);
	if (stopped)
		cancel_all(&s);
	free(s.job);
	free(s.self);
	free(seen);
	free(order);
	return stopped || s.failed;
}
