/* SPDX-License-Identifier: MIT */
/*
 * late HOST PORT: right after netd was restarted, before it has an address again, a connection that is
 * made without blocking comes about all the same, and a datagram that is sent gets out.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

static int result(const char *name, const char *why)
{
	if (why)
		printf("FAIL %s: %s\n", name, why);
	else
		printf("ok %s\n", name);
	return why != NULL;
}

/* netd is back when it gives out sockets. */
static int open_socket(int type)
{
	struct timespec pause = { 0, 5000000 };
	int fd = -1;

	for (int i = 0; i < 24000 && fd < 0; i++) {
		fd = socket(AF_INET, type | SOCK_NONBLOCK, 0);
		if (fd < 0)
			nanosleep(&pause, NULL);
	}
	return fd;
}

static const char *connects(const struct sockaddr_in *to)
{
	int fd = open_socket(SOCK_STREAM), e = 0;
	struct pollfd p = { fd, POLLOUT, 0 };
	socklen_t len = sizeof(e);

	if (fd < 0)
		return "no socket";
	if (connect(fd, (const struct sockaddr *)to, sizeof(*to)) && errno != EINPROGRESS)
		return "connect failed at once";
	if (poll(&p, 1, 120000) != 1)
		return "it never came about";
	getsockopt(fd, SOL_SOCKET, SO_ERROR, &e, &len);
	close(fd);
	return e ? strerror(e) : NULL;
}

static const char *sends(struct sockaddr_in to)
{
	int fd = open_socket(SOCK_DGRAM);
	ssize_t n;

	to.sin_port = htons(9);
	n = fd < 0 ? -1 : sendto(fd, "x", 1, 0, (struct sockaddr *)&to, sizeof(to));
	close(fd);
	return n == 1 ? NULL : "sendto failed";
}

int main(int argc, char **argv)
{
	struct sockaddr_in to = { .sin_family = AF_INET };

	if (argc != 3)
		return 0;
	to.sin_addr.s_addr = inet_addr(argv[1]);
	to.sin_port = htons((uint16_t)atoi(argv[2]));
	return result("datagram-before-there-is-an-address", sends(to)) |
	       result("connect-before-there-is-an-address", connects(&to));
}
