/* SPDX-License-Identifier: MIT */
/*
 * Work whose duration is compared between systems. In the guests:
 *	wall write FILE MIB | read FILE MIB | send HOST PORT MIB | receive HOST PORT MIB
 * prints "wall begin" and "wall end" around it; the clock is the host's, for guests may err about time. There:
 *	wall serve PORT		the other end of send and receive
 *	wall stamp		copies its input, each line with the time of its arrival (ns) before it
 */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define CHUNK	(256 << 10)	/* bytes of one call */
#define MIB	(1l << 20)
#define TURNS	(MIB / CHUNK)

static char buf[CHUNK] __attribute__((aligned(4096)));

/* The first bytes of a connection say what the client is going to do. */
struct order { char send; uint8_t mib[2]; };

static long
check(long result, const char *what)
{
	if (result >= 0)
		return result;
	printf("wall: %s: %s\n", what, strerror(errno));
	exit(1);
}
#define CHECK(call)	check((call), #call)

/* The guest's own time is for who compares the clocks. */
static void
mark(const char *what)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	printf("wall %s (%ld.%06ld)\n", what, (long)t.tv_sec, t.tv_nsec / 1000);
	fflush(stdout);
}

static void
put(int fd, size_t n)
{
	for (size_t done = 0; done < n; )
		done += (size_t)CHECK(write(fd, buf + done, n - done));
}

/* Fewer bytes than n are an error. */
static void
get(int fd, size_t n)
{
	for (size_t done = 0; done < n; ) {
		long k = CHECK(read(fd, buf + done, n - done));

		if (!k) {
			errno = EPIPE;
			CHECK(-1);
		}
		done += (size_t)k;
	}
}

/* Each MiB differs from the one before, so that nothing is spared for being the same. */
static void
put_all(int fd, long mib)
{
	for (long i = 0; i < mib * TURNS; i++) {
		memcpy(buf, &i, sizeof(i));
		put(fd, CHUNK);
	}
}

static void
get_all(int fd, long mib)
{
	long i;

	for (i = 0; i < mib * TURNS; i++) {
		get(fd, CHUNK);
		if (memcmp(buf, &i, sizeof(i)) != 0) {
			printf("wall: wrong data in piece %ld\n", i);
			exit(1);
		}
	}
}

static void
file_write(const char *path, long mib)
{
	int fd = (int)CHECK(open(path, O_WRONLY | O_CREAT | O_EXCL, 0644));

	mark("begin");
	put_all(fd, mib);
	CHECK(fsync(fd));
	mark("end");
	close(fd);
}

static void
file_read(const char *path, long mib)
{
	int fd = (int)CHECK(open(path, O_RDONLY));

	mark("begin");
	get_all(fd, mib);
	mark("end");
	close(fd);
}

static int
dial(const char *host, const char *port)
{
	struct sockaddr_in a = { .sin_family = AF_INET, .sin_port = htons((uint16_t)atoi(port)) };
	int s = (int)CHECK(socket(AF_INET, SOCK_STREAM, 0));

	inet_pton(AF_INET, host, &a.sin_addr);
	CHECK(connect(s, (struct sockaddr *)&a, sizeof(a)));
	return s;
}

/* The server's byte at the end says that all has arrived there. */
static void
transfer(int s, int send, long mib)
{
	struct order o = { (char)send, { (uint8_t)(mib >> 8), (uint8_t)mib } };

	mark("begin");
	CHECK(write(s, &o, sizeof(o)));
	if (send)
		put_all(s, mib);
	else
		get_all(s, mib);
	get(s, 1);
	mark("end");
	close(s);
}

static void
serve_one(int s)
{
	struct order o;
	long mib;

	get(s, sizeof(o));
	memcpy(&o, buf, sizeof(o));
	mib = o.mib[0] << 8 | o.mib[1];
	if (o.send)
		get_all(s, mib);
	else
		put_all(s, mib);
	put(s, 1);
}

static void
serve(const char *port)
{
	struct sockaddr_in a = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	int l = (int)CHECK(socket(AF_INET, SOCK_STREAM, 0)), s, one = 1;

	a.sin_port = htons((uint16_t)atoi(port));
	CHECK(setsockopt(l, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one)));
	CHECK(bind(l, (struct sockaddr *)&a, sizeof(a)));
	CHECK(listen(l, 4));
	signal(SIGCHLD, SIG_IGN);
	while ((s = accept(l, NULL, NULL)) >= 0) {
		if (!fork()) {
			serve_one(s);
			_exit(0);
		}
		close(s);
	}
}

static void
stamp(void)
{
	char line[1024];
	struct timespec t;

	while (fgets(line, sizeof(line), stdin)) {
		clock_gettime(CLOCK_MONOTONIC, &t);
		printf("%lld%09ld %s", (long long)t.tv_sec, t.tv_nsec, line);
		fflush(stdout);
	}
}

int
main(int argc, char **argv)
{
	const char *what = argc > 1 ? argv[1] : "";
	int send = !strcmp(what, "send");

	if (!strcmp(what, "stamp"))
		stamp();
	else if (!strcmp(what, "serve") && argc == 3)
		serve(argv[2]);
	else if (!strcmp(what, "write") && argc == 4)
		file_write(argv[2], atol(argv[3]));
	else if (!strcmp(what, "read") && argc == 4)
		file_read(argv[2], atol(argv[3]));
	else if ((send || !strcmp(what, "receive")) && argc == 5)
		transfer(dial(argv[2], argv[3]), send, atol(argv[4]));
	else
		return 2;
	return 0;
}
