/* SPDX-License-Identifier: MIT */
/* Names: the resolver against a name server in the same process that does what name servers do. */
#include <arpa/inet.h>
#include <arpa/nameser.h>
#include <fcntl.h>
#include <netdb.h>
#include <poll.h>
#include <pthread.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
#include "../../os/check.h"

static int edns_seen, tcp_seen;

/* Name of the question as text with dots; its end. */
static size_t question(const unsigned char *q, char *name)
{
	size_t at = 12;

	while (q[at]) {
		memcpy(name, q + at + 1, q[at]);
		name += q[at];
		*name++ = '.';
		at += q[at] + 1u;
	}
	*name = '\0';
	return at + 5;
}

static size_t record(unsigned char *a, size_t n, int type, const void *data, size_t len)
{
	unsigned char head[12] = { 0xc0, 12, 0, (unsigned char)type, 0, 1, 0, 0, 0, 60, 0, (unsigned char)len };

	memcpy(a + n, head, 12);
	memcpy(a + n + 12, data, len);
	a[7]++;
	return n + 12 + len;
}

/* The answer to q in a: its length. Names: both, cut (by UDP), old (knows no EDNS), far (below a search domain). */
static size_t answer(const unsigned char *q, size_t n, unsigned char *a, int tcp)
{
	static const unsigned char v4[4] = { 127, 0, 0, 9 }, v6[16] = { [15] = 9 };
	char name[300];
	size_t end = question(q, name);
	int type = q[end - 3], opt = q[11] != 0;

	edns_seen += opt;
	tcp_seen += tcp;
	memcpy(a, q, end);
	a[2] = 0x81;
	a[3] = 0x80;
	memset(a + 6, 0, 6);
	if (!strcmp(name, "old.test.") && opt)
		a[3] |= FORMERR;
	else if (!strcmp(name, "cut.test.") && !tcp)
		a[2] |= 2;
	else if (strcmp(name, "both.test.") && strcmp(name, "cut.test.") && strcmp(name, "old.test.") &&
		 strcmp(name, "far.example.test."))
		a[3] |= NXDOMAIN;
	else if (type == T_A)
		end = record(a, end, T_A, v4, 4);
	else if (type == T_AAAA)
		end = record(a, end, T_AAAA, v6, 16);
	(void)n;
	return end;
}

static void by_tcp(int l)
{
	unsigned char q[600], a[600];
	int c = accept(l, NULL, NULL);
	ssize_t n = recv(c, q, 2, MSG_WAITALL);
	size_t len;

	if (n == 2 && recv(c, q, (size_t)(q[0] << 8 | q[1]), MSG_WAITALL) > 12) {
		len = answer(q, 0, a + 2, 1);
		a[0] = (unsigned char)(len >> 8);
		a[1] = (unsigned char)len;
		send(c, a, len + 2, 0);
	}
	close(c);
}

static void *serve(void *arg)
{
	int *fd = arg;
	struct pollfd p[2] = { { fd[0], POLLIN, 0 }, { fd[1], POLLIN, 0 } };

	while (poll(p, 2, -1) > 0) {
		unsigned char q[600], a[600];
		struct sockaddr_storage from;
		socklen_t len = sizeof(from);
		ssize_t n;

		if (p[1].revents)
			by_tcp(fd[1]);
		if (!p[0].revents)
			continue;
		n = recvfrom(fd[0], q, sizeof(q), 0, (struct sockaddr *)&from, &len);
		if (n > 12)
			sendto(fd[0], a, answer(q, (size_t)n, a, 0), 0, (struct sockaddr *)&from, len);
	}
	return NULL;
}

/* How many addresses the name has; -1: none such. */
static int look(const char *name, int family)
{
	struct addrinfo hints = { .ai_family = family, .ai_socktype = SOCK_STREAM }, *list, *i;
	int n = 0, e = getaddrinfo(name, "80", &hints, &list);

	if (e) {
		printf("# %s: %s\n", name, gai_strerror(e));
		return -1;
	}
	for (i = list; i; i = i->ai_next)
		n++;
	freeaddrinfo(list);
	return n;
}

static void both_versions_in_one_go(void)
{
	CHECK(look("both.test", AF_UNSPEC) == 2);
	CHECK(look("both.test", AF_INET6) == 1);
	CHECK(edns_seen > 0);
}

static void cut_answers_come_by_tcp(void)
{
	CHECK(look("cut.test", AF_INET) == 1 && tcp_seen == 1);
}

static void servers_without_edns_answer_too(void)
{
	CHECK(look("old.test", AF_UNSPEC) == 2);
}

static void short_names_are_searched(void)
{
	CHECK(look("far", AF_INET) == 1);
	CHECK(look("nowhere", AF_INET) == -1);
}

static void numbers_ask_nobody(void)
{
	int before = edns_seen;

	CHECK(look("10.1.2.3", AF_UNSPEC) == 1 && look("fe80::1%lo", AF_UNSPEC) == 1 && edns_seen == before);
}

#define T(f) { #f, f }
int main(void)
{
	static const struct test tests[] = {
		T(both_versions_in_one_go), T(cut_answers_come_by_tcp), T(servers_without_edns_answer_too),
		T(short_names_are_searched), T(numbers_ask_nobody), { NULL, NULL },
	};
	static const char conf[] = "nameserver ::1\nsearch example.test\noptions timeout:30\n";
	struct sockaddr_in6 any = { .sin6_family = AF_INET6, .sin6_port = htons(53) };
	static int fd[2];
	pthread_t t;
	int f, failed;

	setvbuf(stdout, NULL, _IOLBF, 0);
	fd[0] = socket(AF_INET6, SOCK_DGRAM, 0);
	fd[1] = socket(AF_INET6, SOCK_STREAM, 0);
	rename("/etc/resolv.conf", "/etc/resolv.conf.kept");
	f = open("/etc/resolv.conf", O_WRONLY | O_CREAT | O_TRUNC, 0644);
	if (bind(fd[0], (struct sockaddr *)&any, sizeof(any)) || bind(fd[1], (struct sockaddr *)&any, sizeof(any)) ||
	    listen(fd[1], 4) || write(f, conf, sizeof(conf) - 1) < 0 || pthread_create(&t, NULL, serve, fd)) {
		puts("FAIL resolver: no name server");
		return 1;
	}
	close(f);
	failed = run_tests(tests);
	rename("/etc/resolv.conf.kept", "/etc/resolv.conf");
	return failed;
}
