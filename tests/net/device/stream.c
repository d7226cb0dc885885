/* SPDX-License-Identifier: MIT */
/* Sockets over the loopback interface: what programs rely on. */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <pthread.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include "../../os/check.h"

static struct sockaddr_in loopback(int port)
{
	struct sockaddr_in sin = { .sin_family = AF_INET, .sin_port = htons((uint16_t)port) };

	sin.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	return sin;
}

/* A listening socket on a free port. */
static int listener(int *port)
{
	struct sockaddr_in sin = loopback(0);
	socklen_t len = sizeof(sin);
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	CHECK(fd >= 0);
	CHECK(!bind(fd, (struct sockaddr *)&sin, sizeof(sin)));
	CHECK(!listen(fd, 8));
	CHECK(!getsockname(fd, (struct sockaddr *)&sin, &len));
	*port = ntohs(sin.sin_port);
	CHECK(*port != 0);
	return fd;
}

static void pair(int fd[2])
{
	int port, l = listener(&port);
	struct sockaddr_in sin = loopback(port);

	fd[0] = socket(AF_INET, SOCK_STREAM, 0);
	CHECK(!connect(fd[0], (struct sockaddr *)&sin, sizeof(sin)));
	fd[1] = accept(l, NULL, NULL);
	CHECK(fd[1] >= 0);
	close(l);
}

static short ready(int fd, short events, int ms)
{
	struct pollfd p = { fd, events, 0 };

	return poll(&p, 1, ms) == 1 ? p.revents : 0;
}

static void bytes_go_both_ways(void)
{
	int fd[2];
	char buf[8];

	pair(fd);
	CHECK(write(fd[0], "ping", 4) == 4 && read(fd[1], buf, 8) == 4 && !memcmp(buf, "ping", 4));
	CHECK(write(fd[1], "pong", 4) == 4 && read(fd[0], buf, 8) == 4 && !memcmp(buf, "pong", 4));
	close(fd[0]);
	CHECK(read(fd[1], buf, 8) == 0);
	close(fd[1]);
}

static void half_close(void)
{
	int fd[2];
	char buf[8];

	pair(fd);
	CHECK(!shutdown(fd[0], SHUT_WR));
	CHECK(read(fd[1], buf, 8) == 0);
	CHECK(write(fd[1], "late", 4) == 4 && read(fd[0], buf, 8) == 4);
	close(fd[0]);
	close(fd[1]);
}

static void accept_tells_the_peer(void)
{
	int port, l = listener(&port), c, s;
	struct sockaddr_in sin = loopback(port), peer, own;
	socklen_t len = sizeof(peer), olen = sizeof(own);

	c = socket(AF_INET, SOCK_STREAM, 0);
	CHECK(!connect(c, (struct sockaddr *)&sin, sizeof(sin)));
	CHECK(ready(l, POLLIN, 1000) & POLLIN);
	s = accept4(l, (struct sockaddr *)&peer, &len, SOCK_NONBLOCK | SOCK_CLOEXEC);
	CHECK(s >= 0 && len == sizeof(peer) && peer.sin_family == AF_INET);
	CHECK(!getsockname(c, (struct sockaddr *)&own, &olen) && own.sin_port == peer.sin_port);
	CHECK(fcntl(s, F_GETFL) & O_NONBLOCK);
	CHECK(fcntl(s, F_GETFD) & FD_CLOEXEC);
	close(c);
	close(s);
	close(l);
}

static void nonblocking_accept_and_read(void)
{
	int port, l = listener(&port), fd[2];
	char c;

	fcntl(l, F_SETFL, O_NONBLOCK);
	CHECK(accept(l, NULL, NULL) < 0 && errno == EAGAIN);
	close(l);
	pair(fd);
	fcntl(fd[0], F_SETFL, O_NONBLOCK);
	CHECK(read(fd[0], &c, 1) < 0 && errno == EAGAIN);
	CHECK(recv(fd[1], &c, 1, MSG_DONTWAIT) < 0 && errno == EAGAIN);
	close(fd[0]);
	close(fd[1]);
}

static void full_buffers_block_and_drain(void)
{
	static char buf[65536];
	int fd[2], status;
	long sent = 0, got = 0;
	pid_t pid;

	pair(fd);
	fcntl(fd[0], F_SETFL, O_NONBLOCK);
	/* The other end still takes what is under way: full is who stays so. */
	do {
		for (ssize_t n; (n = write(fd[0], buf, sizeof(buf))) > 0; )
			sent += n;
		CHECK(errno == EAGAIN && sent < 100 << 20);
	} while (ready(fd[0], POLLOUT, 300) && !check_why);
	CHECK(sent > 65536);
	pid = fork();
	if (!pid) {
		close(fd[0]);
		for (ssize_t n; (n = read(fd[1], buf, sizeof(buf))) > 0; )
			got += n;
		_exit(got == sent + (1 << 20) ? 0 : 1);
	}
	close(fd[1]);
	fcntl(fd[0], F_SETFL, 0);
	for (int i = 0; i < 16; i++)
		CHECK(write(fd[0], buf, sizeof(buf)) == sizeof(buf));
	close(fd[0]);
	waitpid(pid, &status, 0);
	CHECK(!status);
}

/* Reads of odd sizes cut the packets anywhere: no byte may be lost, doubled or moved. */
static void odd_reads_give_every_byte_in_order(void)
{
	static unsigned char buf[16384];
	int fd[2], status;
	unsigned long at = 0, bad = 0;
	ssize_t n;
	pid_t pid;

	pair(fd);
	pid = fork();
	if (!pid) {
		for (unsigned i = 0; i < 200; i++) {
			for (unsigned k = 0; k < 5000; k++)
				buf[k] = (unsigned char)((i * 5000 + k) * 7919 >> 5);
			if (write(fd[0], buf, 5000) != 5000)
				_exit(1);
		}
		_exit(0);
	}
	close(fd[0]);
	for (size_t size = 1; (n = read(fd[1], buf, size)) > 0; size = size * 3 % 16381 + 1)
		for (ssize_t k = 0; k < n; k++, at++)
			bad += buf[k] != (unsigned char)(at * 7919 >> 5);
	CHECK(at == 1000000);
	CHECK(!bad);
	waitpid(pid, &status, 0);
	CHECK(!status);
	close(fd[1]);
}

static void refused_connection(void)
{
	struct sockaddr_in sin = loopback(1);
	int fd = socket(AF_INET, SOCK_STREAM, 0), e = 0;
	socklen_t len = sizeof(e);

	CHECK(connect(fd, (struct sockaddr *)&sin, sizeof(sin)) < 0 && errno == ECONNREFUSED);
	close(fd);
	fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
	CHECK(connect(fd, (struct sockaddr *)&sin, sizeof(sin)) < 0);
	CHECK(errno == EINPROGRESS || errno == ECONNREFUSED);
	CHECK(ready(fd, POLLOUT, 2000));
	CHECK(!getsockopt(fd, SOL_SOCKET, SO_ERROR, &e, &len) && e == ECONNREFUSED);
	close(fd);
}

static void unconnected_socket_says_so(void)
{
	int fd = socket(AF_INET, SOCK_STREAM, 0);
	struct sockaddr_in sin;
	socklen_t len = sizeof(sin);
	char c;

	CHECK(read(fd, &c, 1) < 0 && errno == ENOTCONN);
	CHECK(getpeername(fd, (struct sockaddr *)&sin, &len) < 0 && errno == ENOTCONN);
	close(fd);
}

static void writing_to_a_closed_one_gives_epipe(void)
{
	int fd[2], e = 0;

	pair(fd);
	close(fd[1]);
	for (int i = 0; i < 3000 && !e; i++) {
		if (send(fd[0], "x", 1, MSG_NOSIGNAL) < 0)
			e = errno;
		usleep(20000);
	}
	CHECK(e == EPIPE || e == ECONNRESET);
	close(fd[0]);
}

static void datagrams_keep_their_edges(void)
{
	struct sockaddr_in a = loopback(0), from;
	socklen_t len = sizeof(a);
	int r = socket(AF_INET, SOCK_DGRAM, 0), s = socket(AF_INET, SOCK_DGRAM, 0);
	char buf[16];

	CHECK(!bind(r, (struct sockaddr *)&a, sizeof(a)));
	CHECK(!getsockname(r, (struct sockaddr *)&a, &len));
	CHECK(sendto(s, "one", 3, 0, (struct sockaddr *)&a, sizeof(a)) == 3);
	CHECK(sendto(s, "second", 6, 0, (struct sockaddr *)&a, sizeof(a)) == 6);
	CHECK(ready(r, POLLIN, 60000));
	CHECK(recv(r, buf, sizeof(buf), MSG_PEEK) == 3);
	CHECK(recv(r, buf, sizeof(buf), 0) == 3 && !memcmp(buf, "one", 3));
	len = sizeof(from);
	CHECK(recvfrom(r, buf, 2, MSG_TRUNC, (struct sockaddr *)&from, &len) == 6);
	CHECK(from.sin_addr.s_addr == htonl(INADDR_LOOPBACK) && from.sin_port);
	close(r);
	close(s);
}

static void peek_and_waitall(void)
{
	int fd[2];
	char buf[8];

	pair(fd);
	CHECK(write(fd[0], "ab", 2) == 2);
	CHECK(recv(fd[1], buf, 1, MSG_PEEK) == 1 && buf[0] == 'a');
	if (!fork()) {
		usleep(100000);
		_exit(write(fd[0], "cd", 2) != 2);
	}
	CHECK(recv(fd[1], buf, 4, MSG_WAITALL) == 4 && !memcmp(buf, "abcd", 4));
	wait(NULL);
	close(fd[0]);
	close(fd[1]);
}

static void receive_timeout(void)
{
	struct timeval tv = { 0, 200000 };
	int fd[2];
	char c;

	pair(fd);
	CHECK(!setsockopt(fd[0], SOL_SOCKET, SO_RCVTIMEO, &tv, sizeof(tv)));
	CHECK(read(fd[0], &c, 1) < 0 && errno == EAGAIN);
	close(fd[0]);
	close(fd[1]);
}

static void options(void)
{
	int fd = socket(AF_INET, SOCK_STREAM, 0), v = 1;
	socklen_t len = sizeof(v);
	struct stat st;

	CHECK(!setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &v, sizeof(v)));
	CHECK(!setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &v, sizeof(v)));
	v = 0;
	CHECK(!getsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &v, &len) && v == 1);
	CHECK(!getsockopt(fd, SOL_SOCKET, SO_TYPE, &v, &len) && v == SOCK_STREAM);
	CHECK(setsockopt(fd, SOL_SOCKET, 9999, &v, sizeof(v)) < 0 && errno == ENOPROTOOPT);
	CHECK(!fstat(fd, &st) && S_ISSOCK(st.st_mode));
	CHECK(lseek(fd, 0, SEEK_SET) < 0 && errno == ESPIPE);
	close(fd);
}

/* Servers set these once, before they listen or after. */
static void connections_inherit_options(void)
{
	int port, l = listener(&port), c = socket(AF_INET, SOCK_STREAM, 0), a, v = 1;
	struct sockaddr_in sin = loopback(port);
	socklen_t len = sizeof(v);

	CHECK(!setsockopt(l, IPPROTO_TCP, TCP_NODELAY, &v, sizeof(v)));
	v = 77;
	CHECK(!setsockopt(l, IPPROTO_TCP, TCP_KEEPIDLE, &v, sizeof(v)));
	CHECK(!connect(c, (struct sockaddr *)&sin, sizeof(sin)));
	a = accept(l, NULL, NULL);
	CHECK(a >= 0);
	CHECK(!getsockopt(a, IPPROTO_TCP, TCP_NODELAY, &v, &len) && v == 1);
	CHECK(!getsockopt(a, IPPROTO_TCP, TCP_KEEPIDLE, &v, &len) && v == 77);
	CHECK(!getsockopt(c, IPPROTO_TCP, TCP_NODELAY, &v, &len) && v == 0);
	close(a);
	close(c);
	close(l);
}

static void address_in_use(void)
{
	int port, l = listener(&port), s = socket(AF_INET, SOCK_STREAM, 0);
	struct sockaddr_in sin = loopback(port);

	CHECK(bind(s, (struct sockaddr *)&sin, sizeof(sin)) < 0 && errno == EADDRINUSE);
	close(s);
	close(l);
}

static void epoll_edges(void)
{
	struct epoll_event ev = { .events = EPOLLIN | EPOLLET };
	int fd[2], ep = epoll_create1(0);
	char c;

	pair(fd);
	CHECK(!epoll_ctl(ep, EPOLL_CTL_ADD, fd[1], &ev));
	CHECK(epoll_wait(ep, &ev, 1, 0) == 0);
	CHECK(write(fd[0], "x", 1) == 1);
	CHECK(epoll_wait(ep, &ev, 1, 1000) == 1 && ev.events & EPOLLIN);
	CHECK(epoll_wait(ep, &ev, 1, 50) == 0);
	CHECK(read(fd[1], &c, 1) == 1);
	CHECK(write(fd[0], "y", 1) == 1);
	CHECK(epoll_wait(ep, &ev, 1, 1000) == 1);
	close(fd[0]);
	close(fd[1]);
	close(ep);
}

/* What comes while something still waits to be read is news, and so is room after a short write. */
static void epoll_edges_again(void)
{
	struct epoll_event ev = { .events = EPOLLIN | EPOLLOUT | EPOLLET };
	int fd[2], ep = epoll_create1(0);
	static char buf[65536];
	ssize_t n = 1;

	pair(fd);
	CHECK(!epoll_ctl(ep, EPOLL_CTL_ADD, fd[1], &ev));
	CHECK(epoll_wait(ep, &ev, 1, 0) == 1 && ev.events == EPOLLOUT);
	for (int i = 0; i < 3; i++) {
		CHECK(write(fd[0], "x", 1) == 1);
		CHECK(epoll_wait(ep, &ev, 1, 1000) == 1 && ev.events & EPOLLIN);
	}
	fcntl(fd[1], F_SETFL, O_NONBLOCK);
	while (n > 0)
		n = write(fd[1], buf, sizeof(buf));
	CHECK(n == -1 && errno == EAGAIN);
	while (epoll_wait(ep, &ev, 1, 0) == 1)
		;
	for (int left = 4096; left > 0 && epoll_wait(ep, &ev, 1, 0) == 0; left--)
		CHECK(read(fd[0], buf, sizeof(buf)) > 0);
	CHECK(ev.events & EPOLLOUT);
	close(fd[0]);
	close(fd[1]);
	close(ep);
}

static void ipv6_loopback(void)
{
	struct sockaddr_in6 a = { .sin6_family = AF_INET6, .sin6_addr = IN6ADDR_LOOPBACK_INIT };
	socklen_t len = sizeof(a);
	int l = socket(AF_INET6, SOCK_STREAM, 0), c = socket(AF_INET6, SOCK_STREAM, 0), s;
	char buf[4];

	CHECK(!bind(l, (struct sockaddr *)&a, sizeof(a)) && !listen(l, 1));
	CHECK(!getsockname(l, (struct sockaddr *)&a, &len) && a.sin6_port);
	CHECK(!connect(c, (struct sockaddr *)&a, sizeof(a)));
	s = accept(l, NULL, NULL);
	CHECK(write(c, "six", 3) == 3 && read(s, buf, 4) == 3);
	close(l);
	close(c);
	close(s);
}

static long ms_of(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* An acknowledgement that is put off comes a quarter of a second later, in every round but perhaps the first. */
static void small_send_buffers_do_not_wait(void)
{
	static char b[4096];
	int fd[2], small = sizeof(b), quick = 0;

	pair(fd);
	CHECK(!setsockopt(fd[0], SOL_SOCKET, SO_SNDBUF, &small, sizeof(small)));
	CHECK(!fcntl(fd[0], F_SETFL, O_NONBLOCK));
	for (int i = 0; i < 100 && quick < 5; i++) {
		long began = ms_of();

		CHECK(ready(fd[0], POLLOUT, 60000) && write(fd[0], b, sizeof(b)) > 0);
		while (recv(fd[1], b, sizeof(b), MSG_DONTWAIT) > 0)
			;
		CHECK(ready(fd[0], POLLOUT, 60000));
		quick += ms_of() - began < 100;
	}
	CHECK(quick >= 5);
	close(fd[0]);
	close(fd[1]);
}

static void many_connections(void)
{
	for (int i = 0; i < 200; i++) {
		int fd[2];
		char c;

		pair(fd);
		CHECK(write(fd[0], "x", 1) == 1 && read(fd[1], &c, 1) == 1);
		close(fd[0]);
		close(fd[1]);
	}
}

static void names_are_resolved(void)
{
	struct addrinfo hints = { .ai_family = AF_INET, .ai_socktype = SOCK_STREAM }, *ai;

	CHECK(!getaddrinfo("localhost", "https", &hints, &ai));
	CHECK(((struct sockaddr_in *)ai->ai_addr)->sin_addr.s_addr == htonl(INADDR_LOOPBACK));
	CHECK(((struct sockaddr_in *)ai->ai_addr)->sin_port == htons(443));
	freeaddrinfo(ai);
}

#define T(f) { #f, f }
int main(void)
{
	static const struct test tests[] = {
		T(bytes_go_both_ways), T(half_close), T(accept_tells_the_peer),
		T(nonblocking_accept_and_read), T(full_buffers_block_and_drain),
		T(odd_reads_give_every_byte_in_order), T(refused_connection),
		T(unconnected_socket_says_so), T(writing_to_a_closed_one_gives_epipe),
		T(datagrams_keep_their_edges), T(peek_and_waitall), T(receive_timeout), T(options),
		T(connections_inherit_options), T(address_in_use), T(epoll_edges), T(epoll_edges_again),
		T(ipv6_loopback), T(many_connections), T(small_send_buffers_do_not_wait),
		T(names_are_resolved), { NULL, NULL },
	};

	setvbuf(stdout, NULL, _IOLBF, 0);
	return run_tests(tests);
}
