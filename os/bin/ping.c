/* SPDX-License-Identifier: MIT */
/* ping: sends ICMP echo requests and prints what comes back. */
#include <arpa/inet.h>
#include <err.h>
#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

struct echo { uint8_t type, code; uint16_t sum, id, seq; int64_t sent; char fill[48]; };

static int64_t now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1000000000ll + ts.tv_nsec;
}

static uint16_t checksum(const void *buf, size_t n)
{
	const uint8_t *p = buf;
	uint32_t sum = 0;

	for (size_t i = 0; i + 1 < n; i += 2)
		sum += (uint32_t)p[i] << 8 | p[i + 1];
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return htons((uint16_t)~sum);
}

static struct sockaddr_in resolve(const char *name)
{
	struct addrinfo hints = { .ai_family = AF_INET, .ai_socktype = SOCK_DGRAM }, *ai;
	struct sockaddr_in sin;
	int e = getaddrinfo(name, NULL, &hints, &ai);

	if (e)
		errx(2, "%s: %s", name, gai_strerror(e));
	memcpy(&sin, ai->ai_addr, sizeof(sin));
	freeaddrinfo(ai);
	return sin;
}

/* Waits for the answer to seq; false after a second without it. */
static int answer(int fd, uint16_t id, uint16_t seq)
{
	struct sockaddr_in from;
	socklen_t len = sizeof(from);
	uint8_t buf[2048];
	int64_t end = now() + 1000000000ll;

	while (now() < end) {
		ssize_t n = recvfrom(fd, buf, sizeof(buf), 0, (struct sockaddr *)&from, &len);
		size_t ip = (buf[0] & 15) * 4u;
		struct echo e;

		if (n < (ssize_t)(ip + sizeof(e)))
			continue;
		memcpy(&e, buf + ip, sizeof(e));
		if (e.type || e.id != id || e.seq != htons(seq))
			continue;
		printf("%zd bytes from %s: seq=%u time=%.3f ms\n", n - (ssize_t)ip,
		       inet_ntoa(from.sin_addr), seq, (double)(now() - e.sent) / 1e6);
		return 1;
	}
	printf("no answer: seq=%u\n", seq);
	return 0;
}

int main(int argc, char **argv)
{
	struct timeval second = { 1, 0 };
	struct sockaddr_in to;
	int c, count = 4, got = 0, fd;
	uint16_t id = (uint16_t)getpid();

	while ((c = getopt(argc, argv, "c:")) != -1)
		count = c == 'c' ? atoi(optarg) : 0;
	if (optind + 1 != argc || count < 1) {
		fprintf(stderr, "usage: ping [-c COUNT] HOST\n");
		return 2;
	}
	to = resolve(argv[optind]);
	fd = socket(AF_INET, SOCK_RAW, IPPROTO_ICMP);
	if (fd < 0)
		err(2, "socket");
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &second, sizeof(second));
	for (int i = 1; i <= count; i++) {
		struct echo e = { .type = 8, .id = id, .seq = htons((uint16_t)i), .sent = now() };

		e.sum = checksum(&e, sizeof(e));
		if (sendto(fd, &e, sizeof(e), 0, (struct sockaddr *)&to, sizeof(to)) < 0)
			err(2, "%s", argv[optind]);
		got += answer(fd, id, (uint16_t)i);
		if (i < count)
			sleep(1);
	}
	printf("%d sent, %d received\n", count, got);
	return !got;
}
