/* SPDX-License-Identifier: MIT */
/*
 * res_ask.c: questions to name servers: UDP to all of them, again after a while, TCP for answers
 * that were cut off. An answer counts only with our id and from a server that was asked.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>
#include "resolver.h"

static long now_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

static socklen_t addr_len(const struct sockaddr *sa)
{
	return sa->sa_family == AF_INET ? sizeof(struct sockaddr_in) : sizeof(struct sockaddr_in6);
}

static int read_all(int fd, unsigned char *p, size_t n, long deadline)
{
	while (n) {
		struct pollfd pf = { .fd = fd, .events = POLLIN };
		long left = deadline - now_ms();
		if (left <= 0 || poll(&pf, 1, left) <= 0)
			return -1;
		ssize_t r = recv(fd, p, n, 0);
		if (r <= 0)
			return -1;
		p += r;
		n -= r;
	}
	return 0;
}

static int connect_within(int fd, const struct sockaddr *sa, long deadline)
{
	struct pollfd pf = { .fd = fd, .events = POLLOUT };
	int err = 0;
	socklen_t len = sizeof(err);
	long left;

	if (!connect(fd, sa, addr_len(sa)))
		return 0;
	left = deadline - now_ms();
	if (errno != EINPROGRESS || left <= 0 || poll(&pf, 1, left) <= 0)
		return -1;
	return getsockopt(fd, SOL_SOCKET, SO_ERROR, &err, &len) || err ? -1 : 0;
}

/* The whole answer by TCP; its length or 0. */
static int ask_tcp(const struct sockaddr *sa, const unsigned char *q, int qlen, unsigned char *a, int room,
	int timeout)
{
	long deadline = now_ms() + 1000l * timeout;
	unsigned char head[2] = { qlen >> 8, qlen };
	struct iovec iov[2] = { { head, 2 }, { (void *)q, qlen } };
	struct msghdr msg = { .msg_iov = iov, .msg_iovlen = 2 };
	int fd = socket(sa->sa_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0), n = 0;

	if (fd < 0)
		return 0;
	if (!connect_within(fd, sa, deadline) && sendmsg(fd, &msg, MSG_NOSIGNAL) == qlen + 2
			&& !read_all(fd, head, 2, deadline)) {
		n = head[0] << 8 | head[1];
		if (n > room)
			n = room;
		if (n < 12 || read_all(fd, a, n, deadline))
			n = 0;
	}
	close(fd);
	return n;
}

struct job {
	const struct resconf *c;
	int n, room;
	const unsigned char *const *q;
	const int *qlen;
	unsigned char *const *a;
	int *alen;
	int fd;
	int servers_failed;
};

static void send_open(struct job *j)
{
	for (int i = 0; i < j->n; i++)
		for (int s = 0; !j->alen[i] && s < j->c->nns; s++)
			sendto(j->fd, j->q[i], j->qlen[i], MSG_NOSIGNAL, &j->c->ns[s].sa, addr_len(&j->c->ns[s].sa));
}

/* Which server this came from, or -1. */
static int from_server(const struct job *j, const struct sockaddr *sa)
{
	for (int s = 0; s < j->c->nns; s++) {
		const struct sockaddr *ns = &j->c->ns[s].sa;
		if (sa->sa_family != ns->sa_family)
			continue;
		if (sa->sa_family == AF_INET && !memcmp((char *)sa + 2, (char *)ns + 2, 6))
			return s;
		if (sa->sa_family == AF_INET6 && !memcmp(&((struct sockaddr_in6 *)sa)->sin6_addr,
				&j->c->ns[s].in6.sin6_addr, 16))
			return s;
	}
	return -1;
}

static void take(struct job *j, const unsigned char *buf, int len, const struct sockaddr *sa)
{
	int s = from_server(j, sa), i;

	if (len < 12 || s < 0 || !(buf[2] & 0x80))
		return;
	for (i = 0; i < j->n; i++)
		if (!j->alen[i] && !memcmp(buf, j->q[i], 2))
			break;
	if (i == j->n)
		return;
	switch (buf[3] & 15) {
	case 0:
	case 3:
		break;
	case 2:		/* server failure: another may know, or the next try */
		if (j->c->nns > 1 && j->servers_failed++ < j->c->nns)
			return;
		break;
	default:
		if (j->servers_failed++ < j->c->nns - 1)
			return;
		break;
	}
	if (buf[2] & 2) {
		j->alen[i] = ask_tcp(&j->c->ns[s].sa, j->q[i], j->qlen[i], j->a[i], j->room, j->c->timeout);
		if (j->alen[i])
			return;
	}
	memcpy(j->a[i], buf, len);
	j->alen[i] = len;
}

static int open_left(const struct job *j)
{
	int left = 0;

	for (int i = 0; i < j->n; i++)
		left += !j->alen[i];
	return left;
}

static void receive(struct job *j, long until)
{
	unsigned char buf[1500];
	struct sockaddr_storage from;
	struct pollfd pf = { .fd = j->fd, .events = POLLIN };

	while (open_left(j)) {
		socklen_t flen = sizeof(from);
		long left = until - now_ms();
		if (left <= 0 || poll(&pf, 1, left) <= 0)
			return;
		ssize_t n = recvfrom(j->fd, buf, sizeof(buf), 0, (struct sockaddr *)&from, &flen);
		if (n > 0)
			take(j, buf, n, (struct sockaddr *)&from);
		else if (n < 0 && errno != EAGAIN && errno != EINTR && errno != ECONNREFUSED)
			return;
		else if (n < 0 && errno == ECONNREFUSED && j->c->nns == 1)
			return;
	}
}

int __res_ask(const struct resconf *c, int n, const unsigned char *const q[], const int qlen[],
	unsigned char *const a[], int alen[], int room)
{
	struct job j = { .c = c, .n = n, .room = room, .q = q, .qlen = qlen, .a = a, .alen = alen };
	int family = c->nns ? c->ns[0].sa.sa_family : AF_INET, answers = 0;

	memset(alen, 0, n * sizeof(*alen));
	j.fd = socket(family, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (j.fd < 0)
		return -1;
	for (unsigned try = 0; try < c->attempts && open_left(&j); try++) {
		send_open(&j);
		receive(&j, now_ms() + 1000l * c->timeout / c->attempts);
	}
	close(j.fd);
	for (int i = 0; i < n; i++)
		answers += alen[i] > 0;
	return answers ? 0 : -1;
}
