/* SPDX-License-Identifier: MIT */
/*
 * GNU make's jobserver over a pipe: one byte a token, as many as jobs minus one.
 * The first build runs for free; every further one, and every further process that
 * make or ninja start, holds a token.  The pipe's reading end does not block.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "cook.h"

static int fds[2] = { -1, -1 };

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
jobs_open(struct cook *c)
{
	if (pipe(fds) < 0)
		die("cannot make the jobserver");
	fds[0] = move_high(fds[0]);
	fds[1] = move_high(fds[1]);
	fcntl(fds[0], F_SETFL, O_NONBLOCK);
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

char *
jobs_makeflags(const struct cook *c)
{
	if (fds[0] < 0 || c->jobs == 1)
		return xdup("");
	return fmt(" -j%d --jobserver-auth=%d,%d", c->jobs, fds[0], fds[1]);
}
