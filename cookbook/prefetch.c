/* SPDX-License-Identifier: MIT */
/*
 * Fetching ahead: while the first ports build, a process of its own downloads what
 * the others will need, in the order of the builds.  Locks on the sources keep it
 * and the builds apart; its failures are left to the builds to report.
 */
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cook.h"
#include "host/host.h"

static int
lacks_sources(const struct cook *c, const struct port *p)
{
	size_t i;

	if (!p->wanted || !p->r || p->state == PORT_DONE || p->state == PORT_FAILED)
		return 0;
	for (i = 0; i < p->r->source.n; i++)
		if (!source_have(c, p->r, i))
			return 1;
	return 0;
}

static void
fetch_all(const struct cook *c, struct port *const *order)
{
	size_t i, k;

	for (i = 0; i < c->nports; i++) {
		if (!lacks_sources(c, order[i]))
			continue;
		for (k = 0; k < order[i]->r->source.n; k++)
			if (!source_have(c, order[i]->r, k))
				free(source_get(c, order[i]->r, k));
	}
}

static void
to_log(const struct cook *c)
{
	char *path = cook_path(c, "logs/.fetch.log");
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);

	if (fd >= 0) {
		dup2(fd, 1);
		dup2(fd, 2);
		close(fd);
	}
	free(path);
}

pid_t
prefetch_start(const struct cook *c, struct port *const *order)
{
	size_t i;
	pid_t pid;

	for (i = 0; i < c->nports && !lacks_sources(c, order[i]); i++)
		;
	if (i == c->nports)
		return 0;
	fflush(stdout);
	pid = fork();
	if (pid != 0)
		return pid < 0 ? 0 : pid;
	setpgid(0, 0);
	host_die_with_parent();
	to_log(c);
	fetch_all(c, order);
	_exit(0);
}

void
prefetch_stop(pid_t pid)
{
	/* It may have ended and been waited for; then its number is not ours any more. */
	if (pid > 0 && waitpid(pid, NULL, WNOHANG) == 0) {
		kill(pid, SIGKILL);
		waitpid(pid, NULL, 0);
	}
}
