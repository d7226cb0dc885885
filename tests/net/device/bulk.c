/* SPDX-License-Identifier: MIT */
/* Much at once over loopback, where the sender's data are not copied: each byte comes in its place, as it was written. */
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>
#include "../../os/check.h"

#define PAGE	4096
#define MIB	1048576u

static unsigned char buf[16 * PAGE];

static unsigned char byte(size_t at)
{
	return (unsigned char)(at * 7919 >> 5);
}

static void fill(unsigned char *p, size_t at, size_t n)
{
	for (size_t i = 0; i < n; i++)
		p[i] = byte(at + i);
}

static size_t wrong(const unsigned char *p, size_t at, size_t n)
{
	size_t bad = 0;

	for (size_t i = 0; i < n; i++)
		bad += p[i] != byte(at + i);
	return bad;
}

static void pair(int domain, int fd[2])
{
	struct sockaddr_in6 a = { .sin6_family = AF_INET6, .sin6_addr = IN6ADDR_LOOPBACK_INIT };
	struct sockaddr_in a4 = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	struct sockaddr *sa = domain == AF_INET ? (void *)&a4 : (void *)&a;
	socklen_t len = domain == AF_INET ? sizeof(a4) : sizeof(a);
	int l = socket(domain, SOCK_STREAM, 0);

	CHECK(!bind(l, sa, len) && !listen(l, 1) && !getsockname(l, sa, &len));
	fd[0] = socket(domain, SOCK_STREAM, 0);
	CHECK(!connect(fd[0], sa, len));
	fd[1] = accept(l, NULL, NULL);
	CHECK(fd[1] >= 0);
	close(l);
}

/* Writes `total` bytes in pieces from 1 byte to all of buf; some are corked, some hurry. */
static void send_pieces(int fd, size_t total)
{
	size_t piece = 1;

	for (size_t at = 0; at < total; piece = piece * 7 % (sizeof(buf) - 1) + 1) {
		size_t n = piece < total - at ? piece : total - at;
		int more = piece % 5 == 0 ? MSG_MORE : 0, on = piece % 3 == 0;

		setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
		fill(buf, at, n);
		if (send(fd, buf, n, more) != (ssize_t)n)
			_exit(1);
		memset(buf, 0xee, n);
		at += n;
	}
	_exit(0);
}

static void pieces(int domain)
{
	size_t at = 0, bad = 0, size = 3;
	int fd[2], status;
	ssize_t n;
	pid_t pid;

	pair(domain, fd);
	pid = fork();
	if (!pid)
		send_pieces(fd[0], 6 * MIB);
	close(fd[0]);
	while ((n = read(fd[1], buf, size)) > 0) {
		bad += wrong(buf, at, (size_t)n);
		at += (size_t)n;
		size = size * 5 % (sizeof(buf) - 1) + 1;
		/* Now and then the window is closed. */
		if (size % 997 == 0)
			usleep(20000);
	}
	CHECK(at == 6 * MIB);
	CHECK(!bad);
	waitpid(pid, &status, 0);
	CHECK(!status);
	close(fd[1]);
}

static void pieces_of_any_size_come_whole(void)
{
	pieces(AF_INET);
}

static void pieces_of_any_size_come_whole_by_ipv6(void)
{
	pieces(AF_INET6);
}

/* The sender is gone, its memory is used for other things. */
static void what_is_read_late_is_what_was_written(void)
{
	size_t at = 0, bad = 0;
	int fd[2], other[2];
	ssize_t n;

	pair(AF_INET, fd);
	for (size_t i = 0; i < 3; i++) {
		fill(buf, i * sizeof(buf), sizeof(buf));
		CHECK(write(fd[0], buf, sizeof(buf)) == sizeof(buf));
	}
	close(fd[0]);
	pair(AF_INET, other);
	memset(buf, 0xee, sizeof(buf));
	CHECK(write(other[0], buf, sizeof(buf)) == sizeof(buf));
	for (; (n = read(fd[1], buf, 10000)) > 0; at += (size_t)n)
		bad += wrong(buf, at, (size_t)n);
	CHECK(at == 3 * sizeof(buf));
	CHECK(!bad);
	close(fd[1]);
	close(other[0]);
	close(other[1]);
}

/* A page of the range cannot be read: what is before it may be written, or nothing; nothing else is. */
static void unreadable(int hole)
{
	unsigned char *p = mmap(NULL, sizeof(buf), PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	size_t at = 0, bad = 0;
	ssize_t n, part;
	int fd[2];

	pair(AF_INET, fd);
	fill(p, 0, sizeof(buf));
	CHECK(!mprotect(p + hole * PAGE, PAGE, PROT_NONE));
	n = write(fd[0], p, sizeof(buf));
	CHECK(hole ? n <= hole * PAGE : n < 0);
	CHECK(n > 0 || (n < 0 && errno == EFAULT));
	n = n < 0 ? 0 : n;
	CHECK(!mprotect(p + hole * PAGE, PAGE, PROT_READ));
	CHECK(write(fd[0], p + n, sizeof(buf) - (size_t)n) == (ssize_t)sizeof(buf) - n);
	close(fd[0]);
	for (; (part = read(fd[1], buf, sizeof(buf))) > 0; at += (size_t)part)
		bad += wrong(buf, at, (size_t)part);
	CHECK(at == sizeof(buf));
	CHECK(!bad);
	close(fd[1]);
	munmap(p, sizeof(buf));
}

static void unreadable_bytes_are_not_written(void)
{
	static const int holes[] = { 0, 1, 7, 8, 9, 15 };

	for (size_t i = 0; i < sizeof(holes) / sizeof(*holes); i++)
		unreadable(holes[i]);
}

static void what_nobody_reads_is_given_back(void)
{
	for (int i = 0; i < 200; i++) {
		struct linger now = { 1, 0 };
		int fd[2];

		pair(AF_INET, fd);
		CHECK(send(fd[0], buf, sizeof(buf), 0) == sizeof(buf));
		if (i & 1)
			CHECK(!setsockopt(fd[i >> 1 & 1], SOL_SOCKET, SO_LINGER, &now, sizeof(now)));
		close(fd[i >> 1 & 1]);
		close(fd[~i >> 1 & 1]);
	}
}

/* As much as a small buffer for sending takes, and the other side's window: no more; then all comes. */
static void small_buffer(int size)
{
	size_t sent = 0, at = 0, bad = 0;
	int fd[2], waiting = 0;
	ssize_t n;

	pair(AF_INET, fd);
	CHECK(!setsockopt(fd[0], SOL_SOCKET, SO_SNDBUF, &size, sizeof(size)));
	for (int tries = 0; tries < 100; tries++) {
		fill(buf, sent, 4096);
		n = send(fd[0], buf, 4096, MSG_DONTWAIT);
		if (n < 0)
			usleep(1000);	/* some may be on its way to the other side */
		else
			sent += (size_t)n;
	}
	CHECK(errno == EAGAIN && sent >= (size_t)size && sent < MIB);
	CHECK(!ioctl(fd[0], SIOCOUTQ, &waiting) && waiting <= size);
	shutdown(fd[0], SHUT_WR);
	for (; (n = read(fd[1], buf, sizeof(buf))) > 0; at += (size_t)n)
		bad += wrong(buf, at, (size_t)n);
	CHECK(at == sent && !bad);
	close(fd[0]);
	close(fd[1]);
}

static void small_buffers_take_what_they_hold(void)
{
	small_buffer(65536);
	small_buffer(8192);
}

static void what_waits_for_more_goes_in_the_end(void)
{
	struct pollfd p = { .events = POLLIN };
	int fd[2];

	pair(AF_INET, fd);
	p.fd = fd[1];
	CHECK(send(fd[0], "more", 4, MSG_MORE) == 4);
	CHECK(poll(&p, 1, 60000) == 1 && read(fd[1], buf, sizeof(buf)) == 4);
	CHECK(send(fd[0], "to", 2, MSG_MORE) == 2 && send(fd[0], "gether", 6, 0) == 6);
	CHECK(poll(&p, 1, 60000) == 1 && read(fd[1], buf, sizeof(buf)) == 8);
	close(fd[0]);
	close(fd[1]);
}

static void large_datagrams_wait_whole(void)
{
	struct sockaddr_in a = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	int in = socket(AF_INET, SOCK_DGRAM, 0), out = socket(AF_INET, SOCK_DGRAM, 0);
	socklen_t len = sizeof(a);
	size_t bad = 0;

	CHECK(!bind(in, (struct sockaddr *)&a, len) && !getsockname(in, (struct sockaddr *)&a, &len));
	CHECK(!connect(out, (struct sockaddr *)&a, len));
	for (size_t i = 0; i < 3; i++) {
		fill(buf, i, 60000);
		CHECK(send(out, buf, 60000, 0) == 60000);
	}
	close(out);
	for (size_t i = 0; i < 3; i++) {
		CHECK(recv(in, buf, sizeof(buf), 0) == 60000);
		bad += wrong(buf, i, 60000);
	}
	CHECK(!bad);
	close(in);
}

#define T(f) { #f, f }
int main(void)
{
	static const struct test tests[] = {
		T(pieces_of_any_size_come_whole), T(pieces_of_any_size_come_whole_by_ipv6),
		T(what_is_read_late_is_what_was_written), T(unreadable_bytes_are_not_written),
		T(what_nobody_reads_is_given_back), T(small_buffers_take_what_they_hold),
		T(what_waits_for_more_goes_in_the_end), T(large_datagrams_wait_whole), { NULL, NULL },
	};

	setvbuf(stdout, NULL, _IOLBF, 0);
	return run_tests(tests);
}
