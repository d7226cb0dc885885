/* SPDX-License-Identifier: MIT */
/* Internet sockets on the device beyond the first needs: both IP versions, control data, errors, options. */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <ifaddrs.h>
#include <net/if.h>
#include <netinet/in.h>
#include <netinet/ip_icmp.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <pthread.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>
#include "../../os/check.h"

union addr {
	struct sockaddr sa;
	struct sockaddr_in in;
	struct sockaddr_in6 in6;
};

static socklen_t loopback(union addr *a, int family, int port)
{
	memset(a, 0, sizeof(*a));
	a->sa.sa_family = (sa_family_t)family;
	a->in.sin_port = htons((uint16_t)port);
	if (family == AF_INET)
		a->in.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	else
		a->in6.sin6_addr = in6addr_loopback;
	return family == AF_INET ? sizeof(a->in) : sizeof(a->in6);
}

static int port_of(int fd)
{
	union addr a;
	socklen_t len = sizeof(a);

	CHECK(!getsockname(fd, &a.sa, &len));
	return ntohs(a.in.sin_port);
}

/* A socket bound to a free port of the loopback address (or all, when any). */
static int bound(int family, int type, int any)
{
	union addr a;
	socklen_t len = loopback(&a, family, 0);
	int fd = socket(family, type, 0);

	if (any)
		memset(family == AF_INET ? (void *)&a.in.sin_addr : (void *)&a.in6.sin6_addr, 0,
		       family == AF_INET ? 4 : 16);
	CHECK(fd >= 0 && !bind(fd, &a.sa, len));
	if (type == SOCK_STREAM)
		CHECK(!listen(fd, 8));
	return fd;
}

static int dial(int family, int type, int port)
{
	union addr a;
	socklen_t len = loopback(&a, family, port);
	int fd = socket(family, type, 0);

	if (fd >= 0 && connect(fd, &a.sa, len)) {
		int e = errno;

		close(fd);
		errno = e;
		return -1;
	}
	return fd;
}

static void connected(int fd[2])
{
	int l = bound(AF_INET, SOCK_STREAM, 0);

	fd[0] = dial(AF_INET, SOCK_STREAM, port_of(l));
	fd[1] = accept(l, NULL, NULL);
	CHECK(fd[0] >= 0 && fd[1] >= 0);
	close(l);
}

static void one_listener_takes_both_versions(void)
{
	int l = bound(AF_INET6, SOCK_STREAM, 1), a, b;
	union addr who;
	socklen_t len = sizeof(who);

	a = dial(AF_INET, SOCK_STREAM, port_of(l));
	CHECK(a >= 0);
	b = accept(l, &who.sa, &len);
	CHECK(b >= 0 && len == sizeof(who.in6) && IN6_IS_ADDR_V4MAPPED(&who.in6.sin6_addr));
	close(a);
	close(b);
	a = dial(AF_INET6, SOCK_STREAM, port_of(l));
	CHECK(a >= 0);
	b = accept(l, &who.sa, &len);
	CHECK(b >= 0 && IN6_IS_ADDR_LOOPBACK(&who.in6.sin6_addr));
	close(a);
	close(b);
	close(l);
}

static void v6only_listener_takes_one(void)
{
	union addr a;
	socklen_t len = loopback(&a, AF_INET6, 0);
	int l = socket(AF_INET6, SOCK_STREAM, 0), l4 = socket(AF_INET, SOCK_STREAM, 0), on = 1, c;
	socklen_t optlen = sizeof(on);

	memset(&a.in6.sin6_addr, 0, 16);
	CHECK(!setsockopt(l, IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof(on)));
	CHECK(!bind(l, &a.sa, len) && !listen(l, 4));
	CHECK(setsockopt(l, IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof(on)) < 0 && errno == EINVAL);
	CHECK(!getsockopt(l, IPPROTO_IPV6, IPV6_V6ONLY, &on, &optlen) && on == 1);
	CHECK(dial(AF_INET, SOCK_STREAM, port_of(l)) < 0 && errno == ECONNREFUSED);
	/* So another may have the same port of IPv4. */
	len = loopback(&a, AF_INET, port_of(l));
	a.in.sin_addr.s_addr = 0;
	CHECK(!bind(l4, &a.sa, len) && !listen(l4, 4));
	c = dial(AF_INET, SOCK_STREAM, port_of(l));
	CHECK(c >= 0);
	close(c);
	close(l);
	close(l4);
}

static void datagrams_to_nobody_are_refused(void)
{
	for (int i = 0; i < 2; i++) {
		int family = i ? AF_INET6 : AF_INET, s = bound(family, SOCK_DGRAM, 0), port = port_of(s), c;
		struct pollfd p = { .events = POLLIN };
		char b;

		close(s);
		c = dial(family, SOCK_DGRAM, port);
		CHECK(c >= 0 && send(c, "x", 1, 0) == 1);
		p.fd = c;
		CHECK(poll(&p, 1, 2000) == 1 && (p.revents & POLLERR));
		CHECK(recv(c, &b, 1, MSG_DONTWAIT) < 0 && errno == ECONNREFUSED);
		CHECK(recv(c, &b, 1, MSG_DONTWAIT) < 0 && errno == EAGAIN);
		close(c);
	}
}

static void connecting_twice_and_disconnecting_datagrams(void)
{
	int a = bound(AF_INET, SOCK_DGRAM, 0), b = bound(AF_INET, SOCK_DGRAM, 0), c = dial(AF_INET, SOCK_DGRAM, port_of(a));
	union addr to;
	socklen_t len = loopback(&to, AF_INET, port_of(b));
	struct sockaddr none = { .sa_family = AF_UNSPEC };
	char text[4];

	/* Only the peer's datagrams come in. */
	CHECK(sendto(b, "no", 2, 0, &(union addr){ .in = { AF_INET, htons((uint16_t)port_of(c)),
		{ htonl(INADDR_LOOPBACK) }, { 0 } } }.sa, sizeof(to.in)) == 2);
	CHECK(recv(c, text, 4, MSG_DONTWAIT) < 0 && errno == EAGAIN);
	CHECK(!connect(c, &to.sa, len) && send(c, "hi", 2, 0) == 2 && recv(b, text, 4, 0) == 2);
	CHECK(!connect(c, &none, sizeof(none)));
	CHECK(send(c, "x", 1, 0) < 0 && errno == EDESTADDRREQ);
	CHECK(getpeername(c, &to.sa, &len) < 0 && errno == ENOTCONN);
	close(a);
	close(b);
	close(c);
}

/* The control message of this kind, or NULL. */
static void *control(struct msghdr *h, int level, int type)
{
	for (struct cmsghdr *c = CMSG_FIRSTHDR(h); c; c = CMSG_NXTHDR(h, c))
		if (c->cmsg_level == level && c->cmsg_type == type)
			return CMSG_DATA(c);
	return NULL;
}

static void control_data_name_the_destination(void)
{
	int s = bound(AF_INET, SOCK_DGRAM, 1), c = dial(AF_INET, SOCK_DGRAM, port_of(s)), on = 1, ttl = 33, *got;
	char buf[8], ctl[256];
	struct iovec iov[2] = { { buf, 2 }, { buf + 2, 6 } };
	union addr from;
	struct msghdr h = { &from, sizeof(from), iov, 2, ctl, sizeof(ctl), 0 };
	struct in_pktinfo *info;

	CHECK(!setsockopt(s, IPPROTO_IP, IP_PKTINFO, &on, sizeof(on)));
	CHECK(!setsockopt(s, IPPROTO_IP, IP_RECVTTL, &on, sizeof(on)));
	CHECK(!setsockopt(s, SOL_SOCKET, SO_TIMESTAMP, &on, sizeof(on)));
	CHECK(!setsockopt(c, IPPROTO_IP, IP_TTL, &ttl, sizeof(ttl)));
	CHECK(send(c, "calx!", 5, 0) == 5);
	CHECK(recvmsg(s, &h, 0) == 5 && !memcmp(buf, "calx!", 5) && h.msg_namelen == sizeof(from.in));
	info = control(&h, IPPROTO_IP, IP_PKTINFO);
	got = control(&h, IPPROTO_IP, IP_TTL);
	CHECK(info && info->ipi_addr.s_addr == htonl(INADDR_LOOPBACK) && info->ipi_ifindex == (int)if_nametoindex("lo"));
	CHECK(got && *got == 33);
	CHECK(control(&h, SOL_SOCKET, SCM_TIMESTAMP) != NULL);
	/* Too little room is said. */
	CHECK(send(c, "calx!", 5, 0) == 5);
	h.msg_controllen = CMSG_SPACE(4);
	CHECK(recvmsg(s, &h, 0) == 5 && (h.msg_flags & MSG_CTRUNC));
	close(s);
	close(c);
}

static void control_data_of_ipv6(void)
{
	int s = bound(AF_INET6, SOCK_DGRAM, 1), c = dial(AF_INET6, SOCK_DGRAM, port_of(s)), on = 1, hops = 7, *got;
	char buf[8], ctl[256], out[CMSG_SPACE(sizeof(int))];
	struct iovec iov = { buf, 8 };
	struct msghdr h = { NULL, 0, &iov, 1, ctl, sizeof(ctl), 0 }, m = { NULL, 0, &iov, 1, out, sizeof(out), 0 };
	struct in6_pktinfo *info;
	struct cmsghdr *cm = CMSG_FIRSTHDR(&m);

	cm->cmsg_level = IPPROTO_IPV6;
	cm->cmsg_type = IPV6_HOPLIMIT;
	cm->cmsg_len = CMSG_LEN(sizeof(int));
	memcpy(CMSG_DATA(cm), &hops, sizeof(hops));
	CHECK(!setsockopt(s, IPPROTO_IPV6, IPV6_RECVPKTINFO, &on, sizeof(on)));
	CHECK(!setsockopt(s, IPPROTO_IPV6, IPV6_RECVHOPLIMIT, &on, sizeof(on)));
	CHECK(sendmsg(c, &m, 0) == 8);
	CHECK(recvmsg(s, &h, 0) == 8);
	info = control(&h, IPPROTO_IPV6, IPV6_PKTINFO);
	got = control(&h, IPPROTO_IPV6, IPV6_HOPLIMIT);
	CHECK(info && IN6_IS_ADDR_LOOPBACK(&info->ipi6_addr) && info->ipi6_ifindex == if_nametoindex("lo"));
	CHECK(got && *got == 7);
	close(s);
	close(c);
}

static void cut_datagrams_say_so(void)
{
	int s = bound(AF_INET, SOCK_DGRAM, 0), c = dial(AF_INET, SOCK_DGRAM, port_of(s));
	char buf[4];
	struct iovec iov = { buf, 4 };
	struct msghdr h = { NULL, 0, &iov, 1, NULL, 0, 0 };

	CHECK(send(c, "12345678", 8, 0) == 8 && send(c, "", 0, 0) == 0 && send(c, "z", 1, 0) == 1);
	CHECK(recv(s, buf, 4, MSG_PEEK | MSG_TRUNC) == 8);
	CHECK(recvmsg(s, &h, 0) == 4 && h.msg_flags == MSG_TRUNC);
	CHECK(recv(s, buf, 4, 0) == 0);		/* an empty one is one too */
	CHECK(recv(s, buf, 4, 0) == 1);
	close(s);
	close(c);
}

static void the_largest_datagram_passes(void)
{
	int s = bound(AF_INET, SOCK_DGRAM, 0), c = dial(AF_INET, SOCK_DGRAM, port_of(s));
	static char out[65508], in[65508];

	for (size_t i = 0; i < sizeof(out); i++)
		out[i] = (char)(i * 31 >> 3);
	CHECK(send(c, out, 65507, 0) == 65507);
	CHECK(recv(s, in, sizeof(in), 0) == 65507 && !memcmp(in, out, 65507));
	CHECK(send(c, out, 65508, 0) < 0 && errno == EMSGSIZE);
	close(s);
	close(c);
}

static void foreign_addresses_are_not_bound_to(void)
{
	/* Addresses for documentation (RFC 5737, RFC 3849). */
	static const char *const v4[] = { "192.0.2.42", "127.0.0.1", "127.1.2.3", "0.0.0.0", "224.0.0.251" };
	static const int kinds[] = { SOCK_STREAM, SOCK_DGRAM };

	for (int k = 0; k < 2; k++) {
		for (int i = 0; i < 5; i++) {
			struct sockaddr_in a = { .sin_family = AF_INET };
			int s = socket(AF_INET, kinds[k], 0);

			inet_pton(AF_INET, v4[i], &a.sin_addr);
			if (i == 0)
				CHECK(bind(s, (void *)&a, sizeof(a)) < 0 && errno == EADDRNOTAVAIL);
			else
				CHECK(!bind(s, (void *)&a, sizeof(a)));
			close(s);
		}
		struct sockaddr_in6 a6 = { .sin6_family = AF_INET6 };
		int s = socket(AF_INET6, kinds[k], 0);

		inet_pton(AF_INET6, "2001:db8::42", &a6.sin6_addr);
		CHECK(bind(s, (void *)&a6, sizeof(a6)) < 0 && errno == EADDRNOTAVAIL);
		a6.sin6_addr = in6addr_loopback;
		CHECK(!bind(s, (void *)&a6, sizeof(a6)));
		close(s);
	}
}

static void multicast_comes_back_to_members(void)
{
	int s = bound(AF_INET, SOCK_DGRAM, 1), c = socket(AF_INET, SOCK_DGRAM, 0);
	union addr to;
	socklen_t len = loopback(&to, AF_INET, port_of(s));
	struct ip_mreqn m = { { inet_addr("239.1.2.3") }, { 0 }, (int)if_nametoindex("en0") };
	struct timeval wait = { 60, 0 };
	char b[4];

	to.in.sin_addr = m.imr_multiaddr;
	CHECK(m.imr_ifindex > 0);
	CHECK(!setsockopt(s, SOL_SOCKET, SO_RCVTIMEO, &wait, sizeof(wait)));
	CHECK(!setsockopt(s, IPPROTO_IP, IP_ADD_MEMBERSHIP, &m, sizeof(m)));
	CHECK(setsockopt(s, IPPROTO_IP, IP_ADD_MEMBERSHIP, &m, sizeof(m)) < 0 && errno == EADDRINUSE);
	CHECK(!setsockopt(c, IPPROTO_IP, IP_MULTICAST_IF, &m, sizeof(m)));
	CHECK(sendto(c, "all", 3, 0, &to.sa, len) == 3);
	CHECK(recv(s, b, 4, 0) == 3);
	CHECK(!setsockopt(s, IPPROTO_IP, IP_DROP_MEMBERSHIP, &m, sizeof(m)));
	CHECK(setsockopt(s, IPPROTO_IP, IP_DROP_MEMBERSHIP, &m, sizeof(m)) < 0 && errno == EADDRNOTAVAIL);
	close(s);
	close(c);
}

static void peek_waitall_and_dontwait(void)
{
	int fd[2];
	char b[8];

	connected(fd);
	CHECK(recv(fd[1], b, 1, MSG_DONTWAIT) < 0 && errno == EAGAIN);
	CHECK(send(fd[0], "abc", 3, 0) == 3);
	CHECK(recv(fd[1], b, 8, MSG_PEEK) == 3 && recv(fd[1], b, 8, MSG_PEEK) == 3);
	CHECK(send(fd[0], "defgh", 5, 0) == 5);
	CHECK(recv(fd[1], b, 8, MSG_WAITALL) == 8 && !memcmp(b, "abcdefgh", 8));
	CHECK(send(fd[0], "x", 1, MSG_OOB) < 0 && errno == EOPNOTSUPP);
	close(fd[0]);
	close(fd[1]);
}

static void linger_of_zero_resets(void)
{
	int fd[2];
	struct linger l = { 1, 0 };
	char b;

	connected(fd);
	CHECK(!setsockopt(fd[0], SOL_SOCKET, SO_LINGER, &l, sizeof(l)));
	close(fd[0]);
	CHECK(read(fd[1], &b, 1) < 0 && errno == ECONNRESET);
	CHECK(read(fd[1], &b, 1) == 0);
	close(fd[1]);
}

static void a_fresh_listener_is_not_ready(void)
{
	struct pollfd p = { bound(AF_INET, SOCK_STREAM, 0), POLLIN | POLLOUT, 0 };

	CHECK(poll(&p, 1, 0) == 0);
	close(p.fd);
}

static void watching_is_changed_not_doubled(void)
{
	struct epoll_event e = { .events = EPOLLIN };
	int ep = epoll_create1(0), fd[2];

	connected(fd);
	CHECK(!epoll_ctl(ep, EPOLL_CTL_ADD, fd[0], &e));
	CHECK(epoll_ctl(ep, EPOLL_CTL_ADD, fd[0], &e) == -1 && errno == EEXIST);
	e.events = EPOLLIN | EPOLLOUT;
	CHECK(epoll_ctl(ep, EPOLL_CTL_MOD, fd[0], &e) == 0);
	CHECK(epoll_wait(ep, &e, 1, 60000) == 1 && e.events == EPOLLOUT);
	CHECK(epoll_ctl(ep, EPOLL_CTL_DEL, fd[0], NULL) == 0);
	close(fd[0]);
	close(fd[1]);
	close(ep);
}

static void *shut_later(void *arg)
{
	usleep(100000);
	shutdown(*(int *)arg, SHUT_RDWR);
	return NULL;
}

static void shutting_a_listener_wakes_accept(void)
{
	int l = bound(AF_INET, SOCK_STREAM, 0);
	pthread_t t;

	CHECK(!pthread_create(&t, NULL, shut_later, &l));
	CHECK(accept(l, NULL, NULL) < 0 && errno == EINVAL);
	pthread_join(t, NULL);
	close(l);
}

static void nonblocking_connect_ends_in_poll(void)
{
	int l = bound(AF_INET, SOCK_STREAM, 0), port = port_of(l), c = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0), e = -1;
	socklen_t len = sizeof(e);
	struct pollfd p = { c, POLLOUT, 0 };
	union addr a;
	socklen_t alen = loopback(&a, AF_INET, port);

	CHECK(!connect(c, &a.sa, alen) || errno == EINPROGRESS);
	CHECK(poll(&p, 1, 2000) == 1 && p.revents == POLLOUT);
	CHECK(!getsockopt(c, SOL_SOCKET, SO_ERROR, &e, &len) && e == 0);
	CHECK(connect(c, &a.sa, alen) < 0 && errno == EISCONN);
	close(c);
	close(l);
	p.fd = c = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
	CHECK(connect(c, &a.sa, alen) < 0 && (errno == EINPROGRESS || errno == ECONNREFUSED));
	CHECK(poll(&p, 1, 2000) == 1 && (p.revents & (POLLERR | POLLHUP)));
	CHECK(!getsockopt(c, SOL_SOCKET, SO_ERROR, &e, &len) && (e == ECONNREFUSED || e == 0));
	close(c);
}

static void bytes_of_files_go_by_sendfile(void)
{
	static char in[100000], out[100000];
	int fd[2], f = open("/tmp/sendfile-test", O_RDWR | O_CREAT | O_TRUNC, 0600);
	off_t off = 10;
	size_t got = 0;

	for (size_t i = 0; i < sizeof(out); i++)
		out[i] = (char)(i >> 4 ^ i);
	CHECK(f >= 0 && write(f, out, sizeof(out)) == sizeof(out));
	connected(fd);
	for (size_t sent = 0; sent < sizeof(out) - 10; ) {
		ssize_t n = sendfile(fd[0], f, &off, sizeof(out));

		if (n <= 0)
			break;
		sent += (size_t)n;
		while (got < sent) {
			ssize_t r = read(fd[1], in + got, sizeof(in) - got);

			if (r <= 0)
				break;
			got += (size_t)r;
		}
	}
	CHECK(off == sizeof(out) && got == sizeof(out) - 10 && !memcmp(in, out + 10, got));
	close(fd[0]);
	close(fd[1]);
	close(f);
	unlink("/tmp/sendfile-test");
}

static void options_keep_what_they_are_told(void)
{
	static const struct { int level, name, value; } list[] = {
		{ SOL_SOCKET, SO_KEEPALIVE, 1 }, { SOL_SOCKET, SO_REUSEADDR, 1 }, { SOL_SOCKET, SO_SNDBUF, 65536 },
		{ SOL_SOCKET, SO_RCVBUF, 65536 }, { IPPROTO_TCP, TCP_NODELAY, 1 }, { IPPROTO_TCP, TCP_KEEPIDLE, 30 },
		{ IPPROTO_TCP, TCP_KEEPINTVL, 5 }, { IPPROTO_TCP, TCP_KEEPCNT, 3 }, { IPPROTO_TCP, TCP_CORK, 1 },
		{ IPPROTO_IP, IP_TTL, 12 }, { IPPROTO_IP, IP_TOS, 0x10 },
	};
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	for (size_t i = 0; i < sizeof(list) / sizeof(list[0]); i++) {
		int v = -1;
		socklen_t len = sizeof(v);

		if (setsockopt(fd, list[i].level, list[i].name, &list[i].value, sizeof(int)) ||
		    getsockopt(fd, list[i].level, list[i].name, &v, &len) || v != list[i].value) {
			printf("# option %d of level %d: %d\n", list[i].name, list[i].level, v);
			CHECK(!"an option keeps its value");
		}
	}
	CHECK(setsockopt(fd, SOL_SOCKET, 9999, &fd, sizeof(fd)) < 0 && errno == ENOPROTOOPT);
	close(fd);
}

static void tcp_info_knows_the_state(void)
{
	struct tcp_info i;
	socklen_t len = sizeof(i);
	int fd[2];

	connected(fd);
	CHECK(!getsockopt(fd[0], IPPROTO_TCP, TCP_INFO, &i, &len) && i.tcpi_state == TCP_ESTABLISHED);
	CHECK(i.tcpi_snd_mss > 500);
	close(fd[0]);
	close(fd[1]);
}

static int addresses(int family)
{
	struct ifaddrs *list, *i;
	int n = 0;

	CHECK(!getifaddrs(&list));
	for (i = list; i; i = i->ifa_next)
		n += i->ifa_addr && i->ifa_addr->sa_family == family;
	freeifaddrs(list);
	return n;
}

static void interfaces_are_listed(void)
{
	struct if_nameindex *names;
	struct ifreq r = { .ifr_name = "lo" };
	int fd = socket(AF_INET, SOCK_DGRAM, 0);

	/* DHCP and the search for doubles of an IPv6 address may still be under way. */
	for (int n = 0; n < 1200 && (addresses(AF_INET) < 2 || addresses(AF_INET6) < 2); n++)
		usleep(100000);
	CHECK(addresses(AF_INET) >= 2 && addresses(AF_INET6) >= 2);
	names = if_nameindex();
	CHECK(names && names[0].if_index == if_nametoindex("lo") && !strcmp(names[0].if_name, "lo"));
	if_freenameindex(names);
	CHECK(!ioctl(fd, SIOCGIFADDR, &r) &&
	      ((struct sockaddr_in *)&r.ifr_addr)->sin_addr.s_addr == htonl(INADDR_LOOPBACK));
	CHECK(!ioctl(fd, SIOCGIFFLAGS, &r) && (r.ifr_flags & (IFF_UP | IFF_LOOPBACK)) == (IFF_UP | IFF_LOOPBACK));
	strcpy(r.ifr_name, "none");
	CHECK(ioctl(fd, SIOCGIFADDR, &r) < 0 && errno == ENODEV);
	close(fd);
}

static void anybody_may_ping_but_only_root_has_raw_sockets(void)
{
	struct { struct icmphdr h; char data[8]; } e = { .h = { .type = ICMP_ECHO, .un.echo.sequence = htons(5) } }, b;
	struct timeval wait = { 60, 0 };
	union addr to;
	socklen_t len = loopback(&to, AF_INET, 0);
	int status;
	pid_t pid;

	fflush(stdout);
	pid = fork();
	if (!pid) {
		int s;

		if (setuid(1000) || socket(AF_INET, SOCK_RAW, IPPROTO_ICMP) >= 0 || errno != EPERM)
			_exit(1);
		s = socket(AF_INET, SOCK_DGRAM, IPPROTO_ICMP);
		setsockopt(s, SOL_SOCKET, SO_RCVTIMEO, &wait, sizeof(wait));
		if (sendto(s, &e, sizeof(e), 0, &to.sa, len) != sizeof(e))
			_exit(2);
		if (recv(s, &b, sizeof(b), 0) != sizeof(b) || b.h.type != ICMP_ECHOREPLY || b.h.un.echo.sequence != htons(5))
			_exit(3);
		e.h.type = ICMP_REDIRECT;
		_exit(sendto(s, &e, sizeof(e), 0, &to.sa, len) >= 0 ? 4 : 0);
	}
	CHECK(waitpid(pid, &status, 0) == pid && status == 0);
}

static void thousands_of_sockets(void)
{
	struct rlimit old, more = { 4096, 4096 };
	static int fd[3000];
	int n = 0, again;

	getrlimit(RLIMIT_NOFILE, &old);
	if (old.rlim_max < more.rlim_max)
		more.rlim_cur = old.rlim_max;
	more.rlim_max = old.rlim_max;
	setrlimit(RLIMIT_NOFILE, &more);
	while (n < 3000 && (fd[n] = socket(n & 1 ? AF_INET6 : AF_INET, n & 2 ? SOCK_DGRAM : SOCK_STREAM, 0)) >= 0)
		n++;
	CHECK(n == 3000 || errno == EMFILE);
	CHECK(n > 200);
	for (int i = 0; i < n; i++)
		close(fd[i]);
	again = socket(AF_INET, SOCK_STREAM, 0);
	CHECK(again >= 0);
	close(again);
	setrlimit(RLIMIT_NOFILE, &old);
}

static void too_many_descriptors_is_said(void)
{
	struct rlimit old, few = { 20, 20 };
	int fd, n = 0, list[32];

	getrlimit(RLIMIT_NOFILE, &old);
	few.rlim_max = old.rlim_max;
	setrlimit(RLIMIT_NOFILE, &few);
	while (n < 32 && (fd = socket(AF_INET, SOCK_DGRAM, 0)) >= 0)
		list[n++] = fd;
	CHECK(n < 20 && errno == EMFILE);
	while (n > 0)
		close(list[--n]);
	setrlimit(RLIMIT_NOFILE, &old);
}

static void a_silent_peer_does_not_stop_others(void)
{
	int fd[2], other[2], n = 0;
	static char buf[65536];
	char b;

	connected(fd);
	fcntl(fd[0], F_SETFL, O_NONBLOCK);
	while (write(fd[0], buf, sizeof(buf)) > 0)
		n++;
	CHECK(errno == EAGAIN && n >= 4);
	connected(other);
	CHECK(write(other[0], "x", 1) == 1 && read(other[1], &b, 1) == 1);
	close(other[0]);
	close(other[1]);
	close(fd[0]);
	close(fd[1]);
}

#define T(f) { #f, f }
int main(void)
{
	static const struct test tests[] = {
		T(one_listener_takes_both_versions), T(v6only_listener_takes_one), T(datagrams_to_nobody_are_refused),
		T(connecting_twice_and_disconnecting_datagrams), T(control_data_name_the_destination),
		T(control_data_of_ipv6), T(cut_datagrams_say_so), T(the_largest_datagram_passes),
		T(foreign_addresses_are_not_bound_to), T(multicast_comes_back_to_members), T(peek_waitall_and_dontwait), T(linger_of_zero_resets),
		T(a_fresh_listener_is_not_ready), T(watching_is_changed_not_doubled),
		T(shutting_a_listener_wakes_accept), T(nonblocking_connect_ends_in_poll),
		T(bytes_of_files_go_by_sendfile), T(options_keep_what_they_are_told), T(tcp_info_knows_the_state),
		T(interfaces_are_listed), T(anybody_may_ping_but_only_root_has_raw_sockets), T(thousands_of_sockets),
		T(too_many_descriptors_is_said), T(a_silent_peer_does_not_stop_others), { NULL, NULL },
	};

	setvbuf(stdout, NULL, _IOLBF, 0);
	/* The card's driver may still be starting. */
	for (int i = 0; i < 1200 && !if_nametoindex("en0"); i++)
		usleep(100000);
	return run_tests(tests);
}
