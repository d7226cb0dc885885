/* SPDX-License-Identifier: MIT */
/* gdbserver: lets gdb on another machine debug a program of this one; see gdbserver(1). */
#include <err.h>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <termios.h>
#include <unistd.h>
#include "gdbserver.h"

/* A listening socket at HOST:PORT; the host may be left out. */
static int listen_at(char *where)
{
	char *colon = strrchr(where, ':');
	struct addrinfo hints = { .ai_flags = AI_PASSIVE, .ai_socktype = SOCK_STREAM }, *list;
	int fd, on = 1, e;

	*colon = '\0';
	e = getaddrinfo(*where ? where : NULL, colon + 1, &hints, &list);
	if (e)
		errx(1, "%s:%s: %s", where, colon + 1, gai_strerror(e));
	fd = socket(list->ai_family, SOCK_STREAM, 0);
	if (fd < 0)
		err(1, "cannot make a socket");
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
	if (bind(fd, list->ai_addr, list->ai_addrlen) < 0 || listen(fd, 1) < 0)
		err(1, "%s:%s", where, colon + 1);
	freeaddrinfo(list);
	fprintf(stderr, "gdbserver: listening on port %s\n", colon + 1);
	return fd;
}

static int open_connection(char *where)
{
	struct termios t;
	int fd, on = 1;

	if (strchr(where, ':')) {
		int l = listen_at(where);
		fd = accept(l, NULL, NULL);
		if (fd < 0)
			err(1, "cannot accept");
		close(l);
		setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
		return fd;
	}
	fd = open(where, O_RDWR | O_NOCTTY);
	if (fd < 0)
		err(1, "%s", where);
	if (tcgetattr(fd, &t) == 0) {
		cfmakeraw(&t);
		tcsetattr(fd, TCSANOW, &t);
	}
	return fd;
}

static _Noreturn void usage(void)
{
	fprintf(stderr, "usage: gdbserver host:port|device command [argument...]\n"
		"       gdbserver -p pid host:port|device\n");
	exit(2);
}

int main(int argc, char **argv)
{
	unsigned long pid = 0;
	char *end;
	int c, e, fd;

	while ((c = getopt(argc, argv, "+p:")) != -1) {
		if (c != 'p')
			usage();
		pid = strtoul(optarg, &end, 10);
		if (*end || !pid)
			errx(2, "%s: no process number", optarg);
	}
	argv += optind;
	if (!argv[0] || (pid ? argv[1] != NULL : !argv[1]))
		usage();
	signal(SIGPIPE, SIG_IGN);
	e = pid ? target_attach((uint32_t)pid) : target_start(argv + 1);
	if (e)
		errx(1, "cannot debug %s: %s", pid ? "the process" : argv[1], strerror(-e));
	fd = open_connection(argv[0]);
	packet_open(fd);
	serve();
	close(fd);
	return 0;
}
