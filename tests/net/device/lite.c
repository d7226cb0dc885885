/* SPDX-License-Identifier: MIT */
/* UDP-Lite on the device: like UDP, with ports of its own and checksums that cover a part. */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
#include "../../os/check.h"

#define SEND_COVERAGE	10		/* UDPLITE_SEND_CSCOV, UDPLITE_RECV_CSCOV */
#define RECV_COVERAGE	11

static struct sockaddr_in at(int port)
{
	return (struct sockaddr_in){ .sin_family = AF_INET, .sin_port = htons((uint16_t)port),
				     .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
}

static int bound(int protocol, int port)
{
	struct sockaddr_in a = at(port);
	int fd = socket(AF_INET, SOCK_DGRAM, protocol);

	CHECK(fd >= 0 && !bind(fd, (struct sockaddr *)&a, sizeof(a)));
	return fd;
}

static int port_of(int fd)
{
	struct sockaddr_in a;
	socklen_t len = sizeof(a);

	CHECK(!getsockname(fd, (struct sockaddr *)&a, &len));
	return ntohs(a.sin_port);
}

static int dial(int protocol, int port)
{
	struct sockaddr_in a = at(port);
	int fd = socket(AF_INET, SOCK_DGRAM, protocol);

	CHECK(fd >= 0 && !connect(fd, (struct sockaddr *)&a, sizeof(a)));
	return fd;
}

static int waits(int fd)
{
	struct pollfd p = { .fd = fd, .events = POLLIN };

	return poll(&p, 1, 60000) == 1;
}

static void the_socket_knows_its_protocol(void)
{
	int fd = socket(AF_INET6, SOCK_DGRAM, IPPROTO_UDPLITE), v = 0;
	socklen_t len = sizeof(v);

	CHECK(fd >= 0 && !getsockopt(fd, SOL_SOCKET, SO_PROTOCOL, &v, &len) && v == IPPROTO_UDPLITE);
	close(fd);
	CHECK(socket(AF_INET, SOCK_STREAM, IPPROTO_UDPLITE) < 0 && errno == EPROTONOSUPPORT);
}

/* Both have the same port; each gets only its own protocol's. */
static void ports_are_not_those_of_udp(void)
{
	int lite = bound(IPPROTO_UDPLITE, 0), udp = bound(IPPROTO_UDP, port_of(lite));
	int to_lite = dial(IPPROTO_UDPLITE, port_of(lite)), to_udp = dial(IPPROTO_UDP, port_of(lite));
	struct sockaddr_in from, a = at(port_of(lite));
	socklen_t len = sizeof(from);
	int second = socket(AF_INET, SOCK_DGRAM, IPPROTO_UDPLITE);
	char buf[16];

	CHECK(bind(second, (struct sockaddr *)&a, sizeof(a)) < 0 && errno == EADDRINUSE);
	close(second);
	CHECK(write(to_lite, "lite", 4) == 4 && write(to_udp, "udp", 3) == 3);
	CHECK(waits(lite) && waits(udp));
	CHECK(recvfrom(lite, buf, sizeof(buf), 0, (struct sockaddr *)&from, &len) == 4 && !memcmp(buf, "lite", 4));
	CHECK(ntohs(from.sin_port) == port_of(to_lite));
	CHECK(recv(udp, buf, sizeof(buf), 0) == 3 && !memcmp(buf, "udp", 3));
	CHECK(recv(lite, buf, sizeof(buf), MSG_DONTWAIT) < 0 && recv(udp, buf, sizeof(buf), MSG_DONTWAIT) < 0);
	/* One's end is not the other's. */
	close(udp);
	CHECK(write(to_lite, "more", 4) == 4 && waits(lite) && recv(lite, buf, sizeof(buf), 0) == 4);
	close(lite);
	CHECK(write(to_lite, "x", 1) == 1 && waits(to_lite));
	CHECK(recv(to_lite, buf, sizeof(buf), 0) < 0 && errno == ECONNREFUSED);
	close(to_lite);
	close(to_udp);
}

static void large_datagrams_pass_by_both_versions(void)
{
	static char out[60000], in[60001];
	struct sockaddr_in6 a = { .sin6_family = AF_INET6, .sin6_addr = in6addr_loopback };
	socklen_t len = sizeof(a);
	int lite = bound(IPPROTO_UDPLITE, 0), c = dial(IPPROTO_UDPLITE, port_of(lite));

	memset(out, 'x', sizeof(out));
	CHECK(write(c, out, sizeof(out)) == sizeof(out) && waits(lite));
	CHECK(recv(lite, in, sizeof(in), 0) == sizeof(out) && !memcmp(in, out, sizeof(out)));
	close(lite);
	close(c);
	lite = socket(AF_INET6, SOCK_DGRAM, IPPROTO_UDPLITE);
	c = socket(AF_INET6, SOCK_DGRAM, IPPROTO_UDPLITE);
	CHECK(!bind(lite, (struct sockaddr *)&a, len) && !getsockname(lite, (struct sockaddr *)&a, &len));
	CHECK(sendto(c, out, sizeof(out), 0, (struct sockaddr *)&a, len) == sizeof(out) && waits(lite));
	CHECK(recv(lite, in, sizeof(in), 0) == sizeof(out) && !memcmp(in, out, sizeof(out)));
	close(lite);
	close(c);
}

static int set(int fd, int name, int v)
{
	return setsockopt(fd, IPPROTO_UDPLITE, name, &v, sizeof(v));
}

static int get(int fd, int name)
{
	int v = -1;
	socklen_t len = sizeof(v);

	CHECK(!getsockopt(fd, IPPROTO_UDPLITE, name, &v, &len) && len == sizeof(v));
	return v;
}

/* What a checksum covers too little of does not come; what comes after it does. */
static void coverage_is_kept_to(void)
{
	int lite = bound(IPPROTO_UDPLITE, 0), c = dial(IPPROTO_UDPLITE, port_of(lite)), udp = bound(IPPROTO_UDP, 0);
	char buf[64];

	CHECK(get(lite, RECV_COVERAGE) == 0 && get(c, SEND_COVERAGE) == 0);
	CHECK(!set(c, SEND_COVERAGE, 3) && get(c, SEND_COVERAGE) == 8);
	CHECK(write(c, "anything", 8) == 8 && waits(lite) && recv(lite, buf, sizeof(buf), 0) == 8);
	CHECK(!set(lite, RECV_COVERAGE, 12) && get(lite, RECV_COVERAGE) == 12);
	CHECK(write(c, "too little", 10) == 10);
	CHECK(!set(c, SEND_COVERAGE, 12) && write(c, "enough", 6) == 6);
	CHECK(waits(lite) && recv(lite, buf, sizeof(buf), 0) == 6 && !memcmp(buf, "enough", 6));
	CHECK(!set(lite, RECV_COVERAGE, 0) && write(c, "not all", 7) == 7);
	CHECK(!set(c, SEND_COVERAGE, 0) && write(c, "all", 3) == 3);
	CHECK(waits(lite) && recv(lite, buf, sizeof(buf), 0) == 3 && !memcmp(buf, "all", 3));
	CHECK(set(udp, SEND_COVERAGE, 8) < 0 && errno == ENOPROTOOPT);
	close(lite);
	close(c);
	close(udp);
}

#define T(f) { #f, f }
int main(void)
{
	static const struct test tests[] = {
		T(the_socket_knows_its_protocol), T(ports_are_not_those_of_udp),
		T(large_datagrams_pass_by_both_versions), T(coverage_is_kept_to), { NULL, NULL },
	};

	setvbuf(stdout, NULL, _IOLBF, 0);
	return run_tests(tests);
}
