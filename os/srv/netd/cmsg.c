/* SPDX-License-Identifier: MIT */
/* Control data of sendmsg and recvmsg (struct cmsghdr): where a datagram came from and goes to. */
#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <time.h>
#include "netd.h"

struct out { uint8_t *p; size_t n, room; uint64_t *flags; };

static void add(struct out *o, int level, int type, const void *data, size_t n)
{
	struct cmsghdr c = { .cmsg_len = CMSG_LEN(n), .cmsg_level = level, .cmsg_type = type };
	size_t space = CMSG_SPACE(n);

	if (o->n + space > o->room) {
		*o->flags |= MSG_CTRUNC;
		return;
	}
	memset(o->p + o->n, 0, space);
	memcpy(o->p + o->n, &c, sizeof(c));
	memcpy(o->p + o->n + CMSG_LEN(0), data, n);
	o->n += space;
}

static void add_int(struct out *o, int level, int type, int v)
{
	add(o, level, type, &v, sizeof(v));
}

static void add_time(struct out *o, const struct sock *s, int64_t ns)
{
	struct timeval tv = { .tv_sec = ns / SECOND, .tv_usec = ns % SECOND / 1000 };
	struct timespec ts = { .tv_sec = ns / SECOND, .tv_nsec = ns % SECOND };

	if (s->want & WANT_TIMENS)
		add(o, SOL_SOCKET, SCM_TIMESTAMPNS, &ts, sizeof(ts));
	else if (s->want & WANT_TIME)
		add(o, SOL_SOCKET, SCM_TIMESTAMP, &tv, sizeof(tv));
}

static void add_v4(struct out *o, const struct sock *s, const struct dgram *d)
{
	struct in_pktinfo info = { .ipi_ifindex = d->ifindex };

	if (s->want & WANT_PKTINFO) {
		info.ipi_addr.s_addr = info.ipi_spec_dst.s_addr = ip_addr_get_ip4_u32(&d->to);
		add(o, IPPROTO_IP, IP_PKTINFO, &info, sizeof(info));
	}
	if (s->want & WANT_TTL)
		add_int(o, IPPROTO_IP, IP_TTL, d->ttl);
	if (s->want & WANT_TOS)
		add(o, IPPROTO_IP, IP_TOS, &d->tos, 1);
}

static void add_v6(struct out *o, const struct sock *s, const struct dgram *d)
{
	struct in6_pktinfo info = { .ipi6_ifindex = d->ifindex };

	if (s->want & WANT_PKTINFO6) {
		addr_to6(&d->to, &info.ipi6_addr);
		add(o, IPPROTO_IPV6, IPV6_PKTINFO, &info, sizeof(info));
	}
	if (s->want & WANT_HOPS6)
		add_int(o, IPPROTO_IPV6, IPV6_HOPLIMIT, d->ttl);
	if (s->want & WANT_TCLASS6)
		add_int(o, IPPROTO_IPV6, IPV6_TCLASS, d->tos);
}

size_t cmsg_out(const struct sock *s, const struct dgram *d, void *buf, size_t room, uint64_t *flags)
{
	struct out o = { buf, 0, room, flags };

	if (!s->want)
		return 0;
	add_time(&o, s, d->when);
	if (IP_IS_V4(&d->to))
		add_v4(&o, s, d);
	if (s->domain == AF_INET6)
		add_v6(&o, s, d);
	return o.n;
}

static int take_pktinfo(struct pend *p, const struct cmsghdr *c, const void *data)
{
	struct in_pktinfo info;
	struct in6_pktinfo info6;
	unsigned index;

	if (c->cmsg_level == IPPROTO_IP) {
		if (c->cmsg_len < CMSG_LEN(sizeof(info)))
			return -EINVAL;
		memcpy(&info, data, sizeof(info));
		index = (unsigned)info.ipi_ifindex;
		ip_addr_set_ip4_u32(&p->src, info.ipi_spec_dst.s_addr);
	} else {
		if (c->cmsg_len < CMSG_LEN(sizeof(info6)))
			return -EINVAL;
		memcpy(&info6, data, sizeof(info6));
		index = info6.ipi6_ifindex;
		addr_from6(&info6.ipi6_addr, index, &p->src);
	}
	p->ifindex = (uint8_t)index;
	return index > 255 ? -ENODEV : 0;
}

static int take(struct pend *p, const struct cmsghdr *c, const void *data)
{
	int v;

	if ((c->cmsg_level == IPPROTO_IP && c->cmsg_type == IP_PKTINFO) ||
	    (c->cmsg_level == IPPROTO_IPV6 && c->cmsg_type == IPV6_PKTINFO))
		return take_pktinfo(p, c, data);
	if ((c->cmsg_level == IPPROTO_IP && c->cmsg_type == IP_TTL) ||
	    (c->cmsg_level == IPPROTO_IPV6 && c->cmsg_type == IPV6_HOPLIMIT)) {
		if (c->cmsg_len < CMSG_LEN(sizeof(v)))
			return -EINVAL;
		memcpy(&v, data, sizeof(v));
		p->ttl = v;
		return v < -1 || v > 255 ? -EINVAL : 0;
	}
	return -EINVAL;
}

int cmsg_in(struct pend *p)
{
	uint64_t words[64];
	uint8_t *buf = (uint8_t *)words;
	size_t at = 0, n = (size_t)p->ctl_len;
	int err = 0;

	if (n > sizeof(words) || sys_msg_read(p->token, 0, 0, buf, n) != (int64_t)n)
		return n > sizeof(words) ? -EINVAL : -EFAULT;
	while (!err && at + sizeof(struct cmsghdr) <= n) {
		struct cmsghdr c;

		memcpy(&c, buf + at, sizeof(c));
		if (c.cmsg_len < sizeof(c) || c.cmsg_len > n - at)
			return -EINVAL;
		err = take(p, &c, buf + at + sizeof(c));
		at += CMSG_ALIGN(c.cmsg_len);
	}
	return err;
}
