/* SPDX-License-Identifier: MIT */
/* TCP over the loopback, between two processes. */
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include "bench.h"

static struct sockaddr_in address;

static int
listener(void)
{
	socklen_t len = sizeof(address);
	int l = (int)CHECK(socket(AF_INET, SOCK_STREAM, 0));

	address = (struct sockaddr_in){ .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	CHECK(bind(l, (struct sockaddr *)&address, sizeof(address)));
	CHECK(listen(l, 8));
	CHECK(getsockname(l, (struct sockaddr *)&address, &len));
	return l;
}

static int
connected(void)
{
	int s = (int)CHECK(socket(AF_INET, SOCK_STREAM, 0)), one = 1;

	CHECK(connect(s, (struct sockaddr *)&address, sizeof(address)));
	setsockopt(s, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
	return s;
}

static void
echo(int s)
{
	char c;

	while (read(s, &c, 1) == 1 && write(s, &c, 1) == 1)
		;
}

/* A byte comes back for each MiB. */
static void
sink(int s)
{
	long got = 0;
	ssize_t k;

	while ((k = read(s, bench_buf, sizeof(bench_buf))) > 0)
		for (got += k; got >= MIB; got -= MIB)
			if (write(s, "x", 1) != 1)
				_exit(1);
}

/* A child serves one connection. */
static void
one_server(void (*serve)(int))
{
	int l = listener();

	bench_child = (pid_t)CHECK(fork());
	if (!bench_child) {
		int s = accept(l, NULL, NULL), one = 1;

		setsockopt(s, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
		serve(s);
		_exit(0);
	}
	close(l);
	bench_in = bench_out = connected();
}

static void
echo_server(void)
{
	one_server(echo);
}

static void
sink_server(void)
{
	one_server(sink);
}

/* A child takes one connection after the other until a byte says that it is enough. */
static void
closing_server(void)
{
	int l = listener();

	bench_child = (pid_t)CHECK(fork());
	if (!bench_child)
		for (;;) {
			char c;
			int s = accept(l, NULL, NULL);

			if (s < 0 || read(s, &c, 1))
				_exit(0);
			close(s);
		}
	close(l);
}

static void
enough(void)
{
	bench_in = bench_out = connected();
	CHECK(write(bench_out, "q", 1));
	hang_up();
}

static void
connect_close(long n)
{
	char c;

	while (n--) {
		int s = connected();

		shutdown(s, SHUT_WR);
		while (read(s, &c, 1) > 0)
			;
		close(s);
	}
}

const struct bench tcp_tests[] = {
	{ "tcp-round-trip", 100, ping_pong, echo_server, hang_up },
	{ "tcp-connect-close", 50, connect_close, closing_server, enough },
	{ "tcp-1M", 5, pour, sink_server, hang_up },
	{ NULL, 0, NULL, NULL, NULL },
};
