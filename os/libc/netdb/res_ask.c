/* SPDX-License-Identifier: MIT */
/*
 * res_ask.c: questions to name servers: UDP to all of them, again after a while, TCP for answers
 * that were cut off. An answer counts only with our id and our question, from a server that was asked.
 * EDNS (RFC 6891) tells how long an answer may be; a server that does not know it is asked without.
 */
#include <arpa/nameser.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <resolv.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <time.h>
#include <strings.h>
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

#define EDNS_SIZE 1232		/* bytes of an answer by UDP that no way to us has to cut into pieces */
#define OPT_SIZE 11

struct job {
	const struct resconf *c;
	int v6;			/* the socket takes addresses of both versions */
	unsigned plain;		/* servers (bits) that are asked without EDNS */
	unsigned again;		/* question * MAXNS + server (bits): asked once more without */
	int n, room;
	const unsigned char *const *q;
	const int *qlen;
	unsigned char *const *a;
	int *alen;
	int fd;
	int servers_failed;
};

/* An address as the socket wants it. */
static socklen_t as_sent(const struct job *j, const struct sockaddr *sa, struct sockaddr_in6 *to)
{
	const struct sockaddr_in *in = (const void *)sa;

	if (!j->v6 || sa->sa_family == AF_INET6) {
		memcpy(to, sa, addr_len(sa));
		return addr_len(sa);
	}
	*to = (struct sockaddr_in6){ .sin6_family = AF_INET6, .sin6_port = in->sin_port };
	memset((char *)&to->sin6_addr + 10, 0xff, 2);
	memcpy((char *)&to->sin6_addr + 12, &in->sin_addr, 4);
	return sizeof(*to);
}

static void send_one(struct job *j, int i, int s)
{
	static const unsigned char opt[OPT_SIZE] = { 0, 0, T_OPT, EDNS_SIZE >> 8, EDNS_SIZE & 255 };
	unsigned char buf[512];
	struct sockaddr_in6 to;
	socklen_t len = as_sent(j, &j->c->ns[s].sa, &to);
	int n = j->qlen[i];

	if (!j->c->edns || j->plain >> s & 1 || n + OPT_SIZE > (int)sizeof(buf) || j->q[i][11]) {
		sendto(j->fd, j->q[i], n, MSG_NOSIGNAL, (struct sockaddr *)&to, len);
		return;
	}
	memcpy(buf, j->q[i], n);
	memcpy(buf + n, opt, OPT_SIZE);
	buf[11] = 1;
	sendto(j->fd, buf, n + OPT_SIZE, MSG_NOSIGNAL, (struct sockaddr *)&to, len);
}

static void send_open(struct job *j)
{
	for (int i = 0; i < j->n; i++)
		for (int s = 0; !j->alen[i] && s < j->c->nns; s++)
			send_one(j, i, s);
}

/* Which server this came from, or -1. */
static int from_server(const struct job *j, const struct sockaddr *sa)
{
	struct sockaddr_in6 ns;

	for (int s = 0; s < j->c->nns; s++) {
		as_sent(j, &j->c->ns[s].sa, &ns);
		if (sa->sa_family != ns.sin6_family)
			continue;
		if (sa->sa_family == AF_INET && !memcmp((char *)sa + 2, (char *)&ns + 2, 6))
			return s;
		if (sa->sa_family == AF_INET6 && ((struct sockaddr_in6 *)sa)->sin6_port == ns.sin6_port
				&& !memcmp(&((struct sockaddr_in6 *)sa)->sin6_addr, &ns.sin6_addr, 16))
			return s;
	}
	return -1;
}

/* The question that this answers, or -1; an answer that repeats none is one to the id alone. */
static int question(const struct job *j, const unsigned char *buf, int len)
{
	for (int i = 0; i < j->n; i++) {
		int n = j->qlen[i] - 12;

		if (j->alen[i] || memcmp(buf, j->q[i], 2))
			continue;
		if ((!buf[4] && !buf[5]) || (len - 12 >= n && !strcasecmp((char *)buf + 12, (char *)j->q[i] + 12)
				&& !memcmp(buf + 12 + n - 4, j->q[i] + 12 + n - 4, 4)))
			return i;
	}
	return -1;
}

static void take(struct job *j, const unsigned char *buf, int len, const struct sockaddr *sa)
{
	int s = from_server(j, sa), i;

	if (len < 12 || s < 0 || !(buf[2] & 0x80))
		return;
	i = question(j, buf, len);
	if (i < 0)
		return;
	if (((buf[3] & 15) == FORMERR || (buf[3] & 15) == NOTIMP) && j->c->edns && !(j->again >> (i * MAXNS + s) & 1)) {
		j->plain |= 1u << s;
		j->again |= 1u << (i * MAXNS + s);
		send_one(j, i, s);
		return;
	}
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
	unsigned char buf[DNS_MAX];
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
	int answers = 0;

	memset(alen, 0, n * sizeof(*alen));
	for (int s = 0; s < c->nns; s++)
		j.v6 |= c->ns[s].sa.sa_family == AF_INET6;
	j.fd = socket(j.v6 ? AF_INET6 : AF_INET, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (j.fd < 0 && j.v6) {		/* a system without IPv6 */
		j.v6 = 0;
		j.fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	}
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
