/* SPDX-License-Identifier: MIT */
/* Pipes and UNIX sockets, within a process and between two. */
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bench.h"

static int in, out;
static pid_t child;

static void
echo(int from, int to)
{
	char c;

	while (read(from, &c, 1) == 1 && write(to, &c, 1) == 1)
		;
	_exit(0);
}

static void
own_pipe(void)
{
	int p[2];

	CHECK(pipe(p));
	in = p[0];
	out = p[1];
	child = 0;
}

static void
pipe_pair(void)
{
	int p[2], q[2];

	CHECK(pipe(p));
	CHECK(pipe(q));
	child = (pid_t)CHECK(fork());
	if (!child) {
		close(p[1]);
		close(q[0]);
		echo(p[0], q[1]);
	}
	close(p[0]);
	close(q[1]);
	out = p[1];
	in = q[0];
}

static void
socket_pair(void)
{
	int s[2];

	CHECK(socketpair(AF_UNIX, SOCK_STREAM, 0, s));
	child = (pid_t)CHECK(fork());
	if (!child) {
		close(s[0]);
		echo(s[1], s[1]);
	}
	close(s[1]);
	in = out = s[0];
}

/* The child answers a byte for each MiB it has read. */
static void
sink(void)
{
	int p[2], q[2];
	long got = 0;

	CHECK(pipe(p));
	CHECK(pipe(q));
	child = (pid_t)CHECK(fork());
	if (!child) {
		ssize_t k;

		close(p[1]);
		close(q[0]);
		while ((k = read(p[0], bench_buf, sizeof(bench_buf))) > 0)
			for (got += k; got >= MIB; got -= MIB)
				if (write(q[1], "x", 1) != 1)
					_exit(1);
		_exit(0);
	}
	close(p[0]);
	close(q[1]);
	out = p[1];
	in = q[0];
}

static void
hang_up(void)
{
	close(out);
	if (in != out)
		close(in);
	if (child)
		waitpid(child, NULL, 0);
}

static void
ping_pong(long n)
{
	char c = 'x';

	while (n--) {
		CHECK(write(out, &c, 1));
		CHECK(read(in, &c, 1));
	}
}

static void
pour(long n)
{
	char c;

	while (n--) {
		write_all(out, MIB);
		CHECK(read(in, &c, 1));
	}
}

const struct bench pipe_tests[] = {
	{ "pipe-self", 1000, ping_pong, own_pipe, hang_up },
	{ "pipe-round-trip", 500, ping_pong, pipe_pair, hang_up },
	{ "unix-round-trip", 500, ping_pong, socket_pair, hang_up },
	{ "pipe-1M", 5, pour, sink, hang_up },
	{ NULL, 0, NULL, NULL, NULL },
};
