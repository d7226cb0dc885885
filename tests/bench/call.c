/* SPDX-License-Identifier: MIT */
/* Single calls: null call, clock, small reads, signals. */
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "bench.h"

static int fd;

static void
null_call(long n)
{
	while (n--)
		getppid();
}

static void
gettime(long n)
{
	struct timespec t;

	while (n--)
		clock_gettime(CLOCK_MONOTONIC, &t);
}

static void
open_zero(void)
{
	fd = (int)CHECK(open("/dev/zero", O_RDONLY));
}

static void
close_fd(void)
{
	close(fd);
}

static void
read_one(long n)
{
	while (n--)
		CHECK(read(fd, bench_buf, 1));
}

static volatile long caught;

static void
handler(int signo)
{
	(void)signo;
	caught++;
}

static void
catch_usr1(void)
{
	struct sigaction sa = { .sa_handler = handler };

	CHECK(sigaction(SIGUSR1, &sa, NULL));
}

static void
signal_caught(long n)
{
	while (n--)
		raise(SIGUSR1);
}

static void
set_action(long n)
{
	struct sigaction sa = { .sa_handler = handler };

	while (n--)
		sigaction(SIGUSR2, &sa, NULL);
}

static struct pollfd set[100];
static int ends[2];

static void
poll_setup(void)
{
	int i;

	CHECK(pipe(ends));
	for (i = 0; i < 100; i++) {
		set[i].fd = (int)CHECK(dup(ends[0]));
		set[i].events = POLLIN;
	}
}

static void
poll_cleanup(void)
{
	int i;

	for (i = 0; i < 100; i++)
		close(set[i].fd);
	close(ends[0]);
	close(ends[1]);
}

static void
poll_hundred(long n)
{
	while (n--)
		CHECK(poll(set, 100, 0));
}

const struct bench call_tests[] = {
	{ "getppid", 2000, null_call, NULL, NULL },
	{ "clock_gettime", 2000, gettime, NULL, NULL },
	{ "read-1-zero", 1000, read_one, open_zero, close_fd },
	{ "signal-caught", 500, signal_caught, catch_usr1, NULL },
	{ "sigaction", 1000, set_action, NULL, NULL },
	{ "poll-100", 200, poll_hundred, poll_setup, poll_cleanup },
	{ NULL, 0, NULL, NULL, NULL },
};
