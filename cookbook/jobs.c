/* SPDX-License-Identifier: MIT */
/*
 * GNU make's jobserver: one byte a token, as many as jobs minus one.  The first build runs for
 * free; every further one, and every further process that make or ninja start, holds a token.
 * It is a named pipe, so that it has both forms: descriptors that every make from 3.78 on
 * inherits, and a name, which ninja from 1.13 on asks for.  The reading end does not block.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cook.h"

static int fds[2] = { -1, -1 };
static char *fifo;
static pid_t owner;

/* High numbers: shells and configure scripts use the low ones for themselves. */
static int
move_high(int fd)
{
	int high = fcntl(fd, F_DUPFD, 60);

	if (high < 0)
		die("cannot make the jobserver");
	close(fd);
	return high;
}

void
jobs_close(void)
{
	if (fifo && getpid() == owner)
		unlink(fifo);
}

/* What cooks left that were killed. */
static void
sweep_fifos(const struct cook *c)
{
	struct list names = { 0 };
	size_t i;

	list_dir(c->cache, &names);
	for (i = 0; i < names.n; i++) {
		char *path = cook_path(c, "%s", names.v[i]);

		if (strncmp(names.v[i], ".jobs-", 6) == 0 && kill(atoi(names.v[i] + 6), 0) < 0 &&
		    errno == ESRCH)
			unlink(path);
		free(path);
	}
	cpk_list_free(&names);
}

void
jobs_open(struct cook *c)
{
	fifo = cook_path(c, ".jobs-%d", (int)getpid());
	owner = getpid();
	sweep_fifos(c);
	unlink(fifo);
	if (mkfifo(fifo, 0600) < 0)
		die("%s: cannot make the jobserver: %s", fifo, strerror(errno));
	atexit(jobs_close);
	fds[0] = open(fifo, O_RDONLY | O_NONBLOCK);
	fds[1] = open(fifo, O_WRONLY);
	fds[0] = move_high(fds[0]);
	fds[1] = move_high(fds[1]);
	jobs_give(c->jobs - 1);
}

int
jobs_fd(void)
{
	return fds[0];
}

int
jobs_take(void)
{
	char token;

	return fds[0] >= 0 && read(fds[0], &token, 1) == 1;
}

void
jobs_give(int n)
{
	while (n-- > 0)
		while (write(fds[1], "+", 1) < 0 && errno == EINTR)
			;
}

void
jobs_refill(const struct cook *c)
{
	while (jobs_take())
		;
	jobs_give(c->jobs - 1);
}

const char *
jobs_fifo(void)
{
	return fifo;
}

char *
jobs_makeflags(const struct cook *c, const char *name)
{
	if (fds[0] < 0 || c->jobs == 1)
		return xdup("");
	return name ? fmt(" -j%d --jobserver-auth=fifo:%s", c->jobs, name) :
		fmt(" -j%d --jobserver-auth=%d,%d", c->jobs, fds[0], fds[1]);
}
