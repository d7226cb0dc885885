/* SPDX-License-Identifier: MIT */
/*
 * ping: sends echo requests of ICMP or ICMPv6 and prints what comes back. The datagram sockets of ICMP
 * are for everybody: netd puts in identifier and checksum and gives us the answers to ours alone.
 */
#include <arpa/inet.h>
#include <err.h>
#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define SIZE_MAX_DATA	65000
#define HEAD		8		/* of the echo message */
#define SECOND		1000000000ll

struct echo { uint8_t type, code; uint16_t sum, id, seq; int64_t sent; };

static struct {
	long count, size;
	int64_t interval, timeout;
	int family, quiet, ttl;
} opt = { 0, 56, SECOND, SECOND, AF_UNSPEC, 0, 0 };

static long sent, received;
static int64_t least = INT64_MAX, most, sum;
static volatile sig_atomic_t stopped;
static uint8_t packet[HEAD + SIZE_MAX_DATA], reply[HEAD + SIZE_MAX_DATA + 64];

static int64_t now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * SECOND + ts.tv_nsec;
}

static void stop(int sig)
{
	(void)sig;
	stopped = 1;
}

static int resolve(const char *name, struct sockaddr_storage *to, socklen_t *len)
{
	struct addrinfo hints = { .ai_family = opt.family, .ai_socktype = SOCK_DGRAM }, *ai;
	int e = getaddrinfo(name, NULL, &hints, &ai), family;

	if (e)
		errx(2, "%s: %s", name, gai_strerror(e));
	memcpy(to, ai->ai_addr, ai->ai_addrlen);
	*len = ai->ai_addrlen;
	family = ai->ai_family;
	freeaddrinfo(ai);
	return family;
}

static void send_one(int fd, int v6, uint16_t seq)
{
	struct echo e = { .type = v6 ? 128 : 8, .seq = htons(seq), .sent = now() };
	size_t n = HEAD + (size_t)opt.size;

	for (size_t i = sizeof(e); i < n; i++)
		packet[i] = (uint8_t)i;
	memcpy(packet, &e, n < sizeof(e) ? n : sizeof(e));
	sent++;
	if (send(fd, packet, n, 0) < 0)
		warn("send");
}

static void account(int64_t ns)
{
	received++;
	sum += ns;
	least = ns < least ? ns : least;
	most = ns > most ? ns : most;
}

/* One message that came in; true when it answers seq. */
static int take(int fd, uint16_t seq, int64_t when, const char *from)
{
	struct echo e = { 0 };
	ssize_t n = recv(fd, reply, sizeof(reply), MSG_DONTWAIT);
	int64_t ns;

	if (n < 0) {
		if (errno != EAGAIN && errno != EINTR)
			warn("%s", from);
		return 0;
	}
	if (n < HEAD)
		return 0;
	memcpy(&e, reply, (size_t)n < sizeof(e) ? (size_t)n : sizeof(e));
	if (n != HEAD + opt.size || (opt.size && memcmp(reply + HEAD, packet + HEAD, (size_t)opt.size)))
		return 0;
	ns = now() - when;
	account(ns);
	if (!opt.quiet)
		printf("%zd bytes from %s: seq=%u time=%.3f ms\n", n, from, ntohs(e.seq), (double)ns / 1e6);
	return e.seq == htons(seq);
}

static void wait_for(int fd, uint16_t seq, const char *from)
{
	int64_t begin = now(), end = begin + opt.timeout;
	struct pollfd p = { fd, POLLIN, 0 };

	while (!stopped && now() < end) {
		int ms = (int)((end - now()) / 1000000 + 1);

		if (poll(&p, 1, ms) > 0 && take(fd, seq, begin, from))
			return;
	}
	if (!stopped && !opt.quiet)
		printf("no answer: seq=%u\n", seq);
}

static void pause_till(int64_t t)
{
	struct timespec ts = { t / SECOND, t % SECOND };

	if (!stopped)
		clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &ts, NULL);
}

static int usage(void)
{
	fprintf(stderr, "usage: ping [-46q] [-c COUNT] [-i SECONDS] [-s BYTES] [-t HOPS] [-W SECONDS] HOST\n");
	return 2;
}

static int options(int argc, char **argv)
{
	for (int c; (c = getopt(argc, argv, "46qc:i:s:t:W:")) != -1; ) {
		switch (c) {
		case '4': opt.family = AF_INET; break;
		case '6': opt.family = AF_INET6; break;
		case 'q': opt.quiet = 1; break;
		case 'c': opt.count = atol(optarg); break;
		case 'i': opt.interval = (int64_t)(atof(optarg) * 1e9); break;
		case 's': opt.size = atol(optarg); break;
		case 't': opt.ttl = atoi(optarg); break;
		case 'W': opt.timeout = (int64_t)(atof(optarg) * 1e9); break;
		default: return 0;
		}
	}
	return optind + 1 == argc && opt.count >= 0 && opt.size >= 0 && opt.size <= SIZE_MAX_DATA &&
	       opt.timeout > 0 && opt.interval >= 0;
}

static int open_socket(int v6, const struct sockaddr_storage *to, socklen_t len, const char *name)
{
	int fd = socket(v6 ? AF_INET6 : AF_INET, SOCK_DGRAM, v6 ? IPPROTO_ICMPV6 : IPPROTO_ICMP);

	if (fd < 0)
		err(2, "socket");
	if (opt.ttl && setsockopt(fd, v6 ? IPPROTO_IPV6 : IPPROTO_IP, v6 ? IPV6_UNICAST_HOPS : IP_TTL,
				  &opt.ttl, sizeof(opt.ttl)))
		err(2, "%d hops", opt.ttl);
	if (connect(fd, (const struct sockaddr *)to, len))
		err(2, "%s", name);
	return fd;
}

int main(int argc, char **argv)
{
	struct sockaddr_storage to;
	struct sigaction sa = { .sa_handler = stop };
	char text[128];
	socklen_t len;
	int v6, fd;

	if (!options(argc, argv))
		return usage();
	v6 = resolve(argv[optind], &to, &len) == AF_INET6;
	getnameinfo((struct sockaddr *)&to, len, text, sizeof(text), NULL, 0, NI_NUMERICHOST);
	fd = open_socket(v6, &to, len, argv[optind]);
	sigaction(SIGINT, &sa, NULL);
	setvbuf(stdout, NULL, _IOLBF, 0);
	for (long i = 1; !stopped && (!opt.count || i <= opt.count); i++) {
		int64_t begin = now();

		send_one(fd, v6, (uint16_t)i);
		wait_for(fd, (uint16_t)i, text);
		if (i != opt.count)
			pause_till(begin + opt.interval);
	}
	printf("%ld sent, %ld received\n", sent, received);
	if (received)
		printf("round trip min/avg/max %.3f/%.3f/%.3f ms\n", (double)least / 1e6,
		       (double)sum / 1e6 / (double)received, (double)most / 1e6);
	return !received;
}
