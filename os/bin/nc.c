/* SPDX-License-Identifier: MIT */
/* nc: connects standard input and output with a TCP connection, or with -l waits for one. */
#include <err.h>
#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static int dial(const char *host, const char *port)
{
	struct addrinfo hints = { .ai_socktype = SOCK_STREAM }, *list, *ai;
	int fd = -1, e = getaddrinfo(host, port, &hints, &list);

	if (e)
		errx(1, "%s: %s", host, gai_strerror(e));
	for (ai = list; ai; ai = ai->ai_next) {
		fd = socket(ai->ai_family, ai->ai_socktype, ai->ai_protocol);
		if (fd >= 0 && !connect(fd, ai->ai_addr, ai->ai_addrlen))
			break;
		e = errno;
		if (fd >= 0)
			close(fd);
		fd = -1;
	}
	freeaddrinfo(list);
	if (fd < 0)
		errx(1, "%s port %s: %s", host, port, strerror(e));
	return fd;
}

static int answer_call(const char *port)
{
	struct sockaddr_in sin = { .sin_family = AF_INET, .sin_port = htons((uint16_t)atoi(port)) };
	int l = socket(AF_INET, SOCK_STREAM, 0), on = 1, fd;

	if (l < 0)
		err(1, "socket");
	setsockopt(l, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
	if (bind(l, (struct sockaddr *)&sin, sizeof(sin)) || listen(l, 1))
		err(1, "port %s", port);
	fd = accept(l, NULL, NULL);
	if (fd < 0)
		err(1, "accept");
	close(l);
	return fd;
}

/* Moves what is there; 0 at the end. */
static int move(int from, int to)
{
	char buf[16384];
	ssize_t n = read(from, buf, sizeof(buf));

	for (ssize_t done = 0; done < n; ) {
		ssize_t w = write(to, buf + done, (size_t)(n - done));

		if (w < 0)
			err(1, "write");
		done += w;
	}
	if (n < 0)
		err(1, "read");
	return n > 0;
}

int main(int argc, char **argv)
{
	struct pollfd p[2] = { { 0, POLLIN, 0 }, { -1, POLLIN, 0 } };
	int fd;

	if (argc != 3) {
		fprintf(stderr, "usage: nc HOST PORT | nc -l PORT\n");
		return 2;
	}
	fd = strcmp(argv[1], "-l") ? dial(argv[1], argv[2]) : answer_call(argv[2]);
	p[1].fd = fd;
	while (poll(p, 2, -1) >= 0 || errno == EINTR) {
		if (p[1].revents && !move(fd, 1))
			return 0;
		if (p[0].revents && !move(0, fd)) {
			shutdown(fd, SHUT_WR);
			p[0].fd = -1;
		}
	}
	err(1, "poll");
}
