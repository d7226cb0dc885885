/* SPDX-License-Identifier: MIT */
/* Ports that several sockets of the device share, and those that they do not. */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>
#include "../../os/check.h"

#define REUSEADDR	1
#define REUSEPORT	2

static struct sockaddr_in at(uint32_t ip, int port)
{
	return (struct sockaddr_in){ .sin_family = AF_INET, .sin_port = htons((uint16_t)port),
				     .sin_addr.s_addr = htonl(ip) };
}

/* A socket with these options, bound; -1 with bind's errno. */
static int bound(int type, int options, uint32_t ip, int port)
{
	struct sockaddr_in a = at(ip, port);
	int fd = socket(AF_INET, type, 0), on = 1, e;

	CHECK(fd >= 0);
	CHECK(!(options & REUSEADDR) || !setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on)));
	CHECK(!(options & REUSEPORT) || !setsockopt(fd, SOL_SOCKET, SO_REUSEPORT, &on, sizeof(on)));
	if (!bind(fd, (struct sockaddr *)&a, sizeof(a)))
		return fd;
	e = errno;
	close(fd);
	errno = e;
	return -1;
}

static int port_of(int fd)
{
	struct sockaddr_in a;
	socklen_t len = sizeof(a);

	CHECK(!getsockname(fd, (struct sockaddr *)&a, &len));
	return ntohs(a.sin_port);
}

/* Is a second socket with these options refused beside fd? */
static int refused(int fd, int type, int options, uint32_t ip)
{
	int two = bound(type, options, ip, port_of(fd));

	if (two >= 0)
		close(two);
	return two < 0 && errno == EADDRINUSE;
}

static int option(int fd, int name)
{
	int v = -1;
	socklen_t len = sizeof(v);

	CHECK(!getsockopt(fd, SOL_SOCKET, name, &v, &len));
	return v;
}

static void the_two_options_are_two(void)
{
	int a = bound(SOCK_STREAM, REUSEADDR, INADDR_LOOPBACK, 0);
	int p = bound(SOCK_DGRAM, REUSEPORT, INADDR_LOOPBACK, 0);

	CHECK(option(a, SO_REUSEADDR) == 1 && option(a, SO_REUSEPORT) == 0);
	CHECK(option(p, SO_REUSEADDR) == 0 && option(p, SO_REUSEPORT) == 1);
	close(a);
	close(p);
}

static void an_option_alone_does_not_help(void)
{
	static const int types[] = { SOCK_STREAM, SOCK_DGRAM };

	for (int i = 0; i < 2; i++) {
		for (int options = 0; options <= 2; options++) {
			int fd = bound(types[i], options, INADDR_LOOPBACK, 0);

			CHECK(fd >= 0 && refused(fd, types[i], 0, INADDR_LOOPBACK));
			CHECK(refused(fd, types[i], REUSEADDR, INADDR_ANY) == (options != REUSEADDR));
			CHECK(refused(fd, types[i], REUSEPORT, INADDR_ANY) == (options != REUSEPORT));
			close(fd);
		}
	}
}

static void nobody_comes_beside_a_listener_by_reuseaddr(void)
{
	int a = bound(SOCK_STREAM, REUSEADDR, INADDR_LOOPBACK, 0);
	int b = bound(SOCK_STREAM, REUSEADDR, INADDR_LOOPBACK, port_of(a));

	CHECK(a >= 0 && b >= 0 && !listen(a, 4));
	CHECK(refused(a, SOCK_STREAM, REUSEADDR, INADDR_ANY));
	CHECK(listen(b, 4) < 0 && errno == EADDRINUSE);
	close(a);
	CHECK(!listen(b, 4));
	close(b);
}

static void reuseaddr_takes_a_port_with_old_connections(void)
{
	int l = bound(SOCK_STREAM, REUSEADDR, INADDR_LOOPBACK, 0), port = port_of(l), c, s = -1;
	struct sockaddr_in a = at(INADDR_LOOPBACK, port);
	char byte;

	c = socket(AF_INET, SOCK_STREAM, 0);
	CHECK(!listen(l, 4) && !connect(c, (struct sockaddr *)&a, sizeof(a)) && (s = accept(l, NULL, NULL)) >= 0);
	close(l);
	l = bound(SOCK_STREAM, REUSEADDR, INADDR_ANY, port);
	CHECK(l >= 0 && !listen(l, 4));
	close(l);
	CHECK(bound(SOCK_STREAM, 0, INADDR_ANY, port) < 0 && errno == EADDRINUSE);
	/* The side that closes first is in TIME-WAIT then. */
	shutdown(s, SHUT_WR);
	CHECK(!read(c, &byte, 1));
	close(c);
	CHECK(!read(s, &byte, 1));
	close(s);
	CHECK(bound(SOCK_STREAM, 0, INADDR_ANY, port) < 0 && errno == EADDRINUSE);
	l = bound(SOCK_STREAM, REUSEADDR, INADDR_ANY, port);
	CHECK(l >= 0 && !listen(l, 4));
	close(l);
}

/* 64 connections or datagrams; which of the two had how many. */
static void spread(const int fd[2], int type, int had[2])
{
	struct sockaddr_in a = at(INADDR_LOOPBACK, port_of(fd[0]));

	had[0] = had[1] = 0;
	for (int i = 0; i < 64; i++) {
		struct pollfd p[2] = { { .fd = fd[0], .events = POLLIN }, { .fd = fd[1], .events = POLLIN } };
		int c = socket(AF_INET, type, 0), who, s;
		char byte;

		CHECK(!connect(c, (struct sockaddr *)&a, sizeof(a)) && write(c, "x", 1) == 1);
		CHECK(poll(p, 2, 60000) == 1);
		who = p[1].revents != 0;
		had[who]++;
		s = type == SOCK_STREAM ? accept(fd[who], NULL, NULL) : dup(fd[who]);
		CHECK(s >= 0 && read(s, &byte, 1) == 1 && byte == 'x');
		close(c);
		close(s);
	}
}

static void a_group_shares_what_comes(int type)
{
	int fd[2], had[2], one[2];

	fd[0] = bound(type, REUSEPORT, INADDR_LOOPBACK, 0);
	fd[1] = bound(type, REUSEPORT, INADDR_LOOPBACK, port_of(fd[0]));
	CHECK(fd[0] >= 0 && fd[1] >= 0);
	CHECK(type != SOCK_STREAM || (!listen(fd[0], 4) && !listen(fd[1], 4)));
	spread(fd, type, had);
	CHECK(had[0] + had[1] == 64 && had[0] > 4 && had[1] > 4);
	/* One alone takes all. */
	close(fd[1]);
	one[0] = fd[0];
	one[1] = -1;
	spread(one, type, had);
	CHECK(had[0] == 64);
	close(fd[0]);
}

static void listeners_share_a_port(void)
{
	a_group_shares_what_comes(SOCK_STREAM);
}

static void datagram_sockets_share_a_port(void)
{
	a_group_shares_what_comes(SOCK_DGRAM);
}

static void another_user_does_not_get_into_the_group(void)
{
	int fd = bound(SOCK_DGRAM, REUSEPORT, INADDR_LOOPBACK, 0), status;
	pid_t pid = fork();

	if (!pid) {
		if (setuid(1234))
			_exit(2);
		_exit(!refused(fd, SOCK_DGRAM, REUSEPORT, INADDR_LOOPBACK));
	}
	CHECK(waitpid(pid, &status, 0) == pid && !status);
	close(fd);
}

#define T(f) { #f, f }
int main(void)
{
	static const struct test tests[] = {
		T(the_two_options_are_two), T(an_option_alone_does_not_help),
		T(nobody_comes_beside_a_listener_by_reuseaddr), T(reuseaddr_takes_a_port_with_old_connections),
		T(listeners_share_a_port), T(datagram_sockets_share_a_port),
		T(another_user_does_not_get_into_the_group), { NULL, NULL },
	};

	setvbuf(stdout, NULL, _IOLBF, 0);
	return run_tests(tests);
}
