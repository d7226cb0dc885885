/* SPDX-License-Identifier: MIT */
/* Signals as bytes of a pipe. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stddef.h>
#include <string.h>
#include <unistd.h>

#include "signals.h"
#include "util.h"

static const int caught[] = { SIGCHLD, SIGINT, SIGTERM, SIGHUP };
#define NCAUGHT (sizeof(caught) / sizeof(caught[0]))

static int fds[2] = { -1, -1 };		/* both ends never block */

static void
on_signal(int number)
{
	unsigned char byte = (unsigned char)number;
	int kept = errno;

	/* A full pipe is readable already: what is lost says nothing new but for SIGINT and its like. */
	if (write(fds[1], &byte, 1) < 0)
		errno = kept;
	errno = kept;
}

static void
set_all(void (*handler)(int))
{
	struct sigaction sa = { .sa_handler = handler, .sa_flags = SA_RESTART };
	size_t i;

	sigemptyset(&sa.sa_mask);
	for (i = 0; i < NCAUGHT; i++)
		sigaction(caught[i], &sa, NULL);
}

int
signals_open(void)
{
	int i;

	if (pipe(fds) < 0)
		die("pipe: %s", strerror(errno));
	for (i = 0; i < 2; i++) {
		fcntl(fds[i], F_SETFL, O_NONBLOCK);
		fcntl(fds[i], F_SETFD, FD_CLOEXEC);
	}
	set_all(on_signal);
	return fds[0];
}

int
signals_next(void)
{
	unsigned char byte;

	return read(fds[0], &byte, 1) == 1 ? byte : 0;
}

void
signals_reset(void)
{
	if (fds[0] < 0)
		return;
	set_all(SIG_DFL);
	close(fds[0]);
	close(fds[1]);
	fds[0] = fds[1] = -1;
}
