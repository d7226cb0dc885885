/* SPDX-License-Identifier: MIT */
/* Work on pipes, pairs that carry descriptors, TCP over the loopback, and waiting for many things. */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/timerfd.h>
#include <sys/wait.h>
#include "stress.h"

#define BYTES	(256 * 1024)

static ssize_t read_some(int fd, void *buf, size_t n)
{
	ssize_t r;

	do
		r = read(fd, buf, n);
	while (r < 0 && errno == EINTR);
	return r;
}

/* Reads BYTES of the pattern, then the end. */
static int drain(int fd, uint32_t seed)
{
	static char buf[20000];
	size_t at = 0;
	ssize_t n;

	while ((n = read_some(fd, buf, 1 + rnd() % sizeof(buf))) > 0) {
		NEED(pattern_is(buf, (size_t)n, seed, at));
		at += (size_t)n;
	}
	NEED(n == 0 && at == BYTES);
	return 0;
}

static int pour(int fd, uint32_t seed)
{
	static char buf[20000];

	for (size_t at = 0; at < BYTES; ) {
		size_t n = 1 + rnd() % sizeof(buf);
		ssize_t w;

		n = n < BYTES - at ? n : BYTES - at;
		pattern(buf, n, seed, at);
		w = write(fd, buf, n);
		if (w < 0 && errno == EINTR)
			continue;
		if (w <= 0)
			return 1;
		at += (size_t)w;
	}
	return 0;
}

/* A child pours into fd[1], we read from fd[0]; both are closed. */
static int through(int fd[2])
{
	uint32_t seed = rnd();
	pid_t pid = fork();
	int line;

	NEED(pid >= 0);
	if (pid == 0) {
		close(fd[0]);
		_exit(pour(fd[1], seed));
	}
	close(fd[1]);
	line = drain(fd[0], seed);
	close(fd[0]);
	NEED(status_of(pid) == 0);
	return line;
}

int work_pipes(unsigned worker)
{
	int fd[2];

	(void)worker;
	NEED(pipe(fd) == 0);
	return through(fd);
}

/* A descriptor travels through the pair, and data through what it names. */
int work_pairs(unsigned worker)
{
	char control[CMSG_SPACE(sizeof(int))] = { 0 }, byte = 'x';
	struct iovec iov = { &byte, 1 };
	struct msghdr m = { .msg_iov = &iov, .msg_iovlen = 1, .msg_control = control, .msg_controllen = sizeof(control) };
	struct cmsghdr *c = CMSG_FIRSTHDR(&m);
	int sv[2], p[2], both[2];

	(void)worker;
	NEED(socketpair(AF_UNIX, SOCK_STREAM, 0, sv) == 0 && pipe(p) == 0);
	*c = (struct cmsghdr){ .cmsg_level = SOL_SOCKET, .cmsg_type = SCM_RIGHTS, .cmsg_len = CMSG_LEN(sizeof(int)) };
	memcpy(CMSG_DATA(c), &p[1], sizeof(int));
	NEED(sendmsg(sv[0], &m, 0) == 1);
	close(p[1]);
	memset(control, 0, sizeof(control));
	m.msg_controllen = sizeof(control);
	NEED(recvmsg(sv[1], &m, 0) == 1);
	c = CMSG_FIRSTHDR(&m);
	NEED(c && c->cmsg_type == SCM_RIGHTS);
	both[0] = p[0];
	memcpy(&both[1], CMSG_DATA(c), sizeof(int));
	close(sv[0]);
	close(sv[1]);
	return through(both);
}

int work_tcp(unsigned worker)
{
	struct sockaddr_in a = { .sin_family = AF_INET, .sin_addr = { htonl(INADDR_LOOPBACK) } };
	int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), fd[2];
	socklen_t len = sizeof(a);

	(void)worker;
	if (listener < 0)
		return errno == ENOENT || errno == ENOSYS || errno == EAFNOSUPPORT ? 0 : __LINE__;	/* netd is not there yet */
	NEED(bind(listener, (struct sockaddr *)&a, sizeof(a)) == 0 && listen(listener, 4) == 0);
	NEED(getsockname(listener, (struct sockaddr *)&a, &len) == 0);
	fd[1] = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	NEED(fd[1] >= 0 && connect(fd[1], (struct sockaddr *)&a, sizeof(a)) == 0);
	fd[0] = accept(listener, NULL, NULL);
	NEED(fd[0] >= 0);
	close(listener);
	return through(fd);
}

/* Counters, timers and pipes by epoll and poll. */
int work_wait(unsigned worker)
{
	int ep = epoll_create1(EPOLL_CLOEXEC), ev = eventfd(0, EFD_NONBLOCK), tm = timerfd_create(CLOCK_MONOTONIC, 0), p[2];
	struct itimerspec t = { { 0, 0 }, { 0, 200000 } };
	uint64_t n = 1;
	unsigned got = 0;

	(void)worker;
	NEED(ep >= 0 && ev >= 0 && tm >= 0 && pipe(p) == 0);
	for (int i = 0; i < 3; i++) {
		int fd = i == 0 ? ev : i == 1 ? tm : p[0];

		NEED(epoll_ctl(ep, EPOLL_CTL_ADD, fd, &(struct epoll_event){ .events = EPOLLIN, .data.u32 = 1u << i }) == 0);
	}
	NEED(timerfd_settime(tm, 0, &t, NULL) == 0 && write(ev, &n, 8) == 8 && write(p[1], "x", 1) == 1);
	while (got != 7 && !*stress_stop) {
		struct epoll_event e[4];
		int k = epoll_wait(ep, e, 4, 1000);

		NEED(k >= 0 || errno == EINTR);
		for (int i = 0; i < k; i++)
			got |= e[i].data.u32;
	}
	struct pollfd pf[2] = { { p[0], POLLIN, 0 }, { p[1], POLLOUT, 0 } };

	NEED(poll(pf, 2, 0) == 2);
	close(p[1]);
	close(p[0]);
	close(ep);
	close(ev);
	close(tm);
	return 0;
}
