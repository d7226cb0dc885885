/* SPDX-License-Identifier: MIT */
/* Pipes and UNIX sockets, within a process and between two. */
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bench.h"

int bench_in, bench_out;
pid_t bench_child;

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
	bench_in = p[0];
	bench_out = p[1];
	bench_child = 0;
}

static void
pipe_pair(void)
{
	int p[2], q[2];

	CHECK(pipe(p));
	CHECK(pipe(q));
	bench_child = (pid_t)CHECK(fork());
	if (!bench_child) {
		close(p[1]);
		close(q[0]);
		echo(p[0], q[1]);
	}
	close(p[0]);
	close(q[1]);
	bench_out = p[1];
	bench_in = q[0];
}

static void
socket_pair(void)
{
	int s[2];

	CHECK(socketpair(AF_UNIX, SOCK_STREAM, 0, s));
	bench_child = (pid_t)CHECK(fork());
	if (!bench_child) {
		close(s[0]);
		echo(s[1], s[1]);
	}
	close(s[1]);
	bench_in = bench_out = s[0];
}

/* The child answers a byte for each MiB it has read. */
static void
sink(void)
{
	int p[2], q[2];
	long got = 0;

	CHECK(pipe(p));
	CHECK(pipe(q));
	bench_child = (pid_t)CHECK(fork());
	if (!bench_child) {
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
	bench_out = p[1];
	bench_in = q[0];
}

void
hang_up(void)
{
	close(bench_out);
	if (bench_in != bench_out)
		close(bench_in);
	if (bench_child)
		waitpid(bench_child, NULL, 0);
}

void
ping_pong(long n)
{
	char c = 'x';

	while (n--) {
		CHECK(write(bench_out, &c, 1));
		CHECK(read(bench_in, &c, 1));
	}
}

void
pour(long n)
{
	char c;

	while (n--) {
		write_all(bench_out, MIB);
		CHECK(read(bench_in, &c, 1));
	}
}

const struct bench pipe_tests[] = {
	{ "pipe-self", 1000, ping_pong, own_pipe, hang_up },
	{ "pipe-round-trip", 500, ping_pong, pipe_pair, hang_up },
	{ "unix-round-trip", 500, ping_pong, socket_pair, hang_up },
	{ "pipe-1M", 5, pour, sink, hang_up },
	{ NULL, 0, NULL, NULL, NULL },
};
