/* SPDX-License-Identifier: MIT */
/* Socket options. */
#include <errno.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include "netd.h"

static struct ip_pcb *pcb_of(struct sock *s)
{
	return (struct ip_pcb *)s->tcp;	/* the three kinds begin alike */
}

static int64_t put(struct srv_req *r, const void *buf, size_t n)
{
	if (n > r->m.r[1].len)
		n = r->m.r[1].len;
	r->m.w[1] = n;
	return srv_put(r, buf, n) < 0 ? -EFAULT : 0;
}

static int64_t put_int(struct srv_req *r, int v)
{
	return put(r, &v, sizeof(v));
}

static int64_t put_time(struct srv_req *r, int64_t ns)
{
	struct timeval tv = { .tv_sec = ns / 1000000000, .tv_usec = ns % 1000000000 / 1000 };

	return put(r, &tv, sizeof(tv));
}

static int64_t take_error(struct sock *s, struct srv_req *r)
{
	int e = s->error;

	s->error = 0;
	sock_update(s);
	return put_int(r, e);
}

static int64_t get_socket(struct sock *s, struct srv_req *r)
{
	struct linger linger = { 0, 0 };

	switch (r->m.w[2]) {
	case SO_ERROR:
		return take_error(s, r);
	case SO_TYPE:
		return put_int(r, s->type);
	case SO_DOMAIN:
		return put_int(r, s->domain);
	case SO_PROTOCOL:
		return put_int(r, s->protocol ? s->protocol :
			       s->kind == K_TCP ? IPPROTO_TCP : IPPROTO_UDP);
	case SO_ACCEPTCONN:
		return put_int(r, s->kind == K_TCP && s->state == TS_LISTEN);
	case SO_REUSEADDR:
	case SO_REUSEPORT:
		return put_int(r, s->reuse);
	case SO_KEEPALIVE:
		return put_int(r, s->keepalive);
	case SO_BROADCAST:
		return put_int(r, s->broadcast);
	case SO_SNDBUF:
		return put_int(r, TCP_SND_BUF);
	case SO_RCVBUF:
		return put_int(r, TCP_WND);
	case SO_LINGER:
		return put(r, &linger, sizeof(linger));
	case SO_RCVTIMEO:
		return put_time(r, s->rcv_timeout);
	case SO_SNDTIMEO:
		return put_time(r, s->snd_timeout);
	}
	return -ENOPROTOOPT;
}

static int64_t get_tcp(struct sock *s, struct srv_req *r)
{
	if (s->kind != K_TCP)
		return -ENOPROTOOPT;
	if (r->m.w[2] == TCP_MAXSEG)
		return put_int(r, TCP_MSS);
	if (!s->tcp || s->state == TS_LISTEN)
		return -EINVAL;
	switch (r->m.w[2]) {
	case TCP_NODELAY:
		return put_int(r, tcp_nagle_disabled(s->tcp) != 0);
	case TCP_KEEPIDLE:
		return put_int(r, (int)s->tcp->keep_idle / 1000);
	case TCP_KEEPINTVL:
		return put_int(r, (int)s->tcp->keep_intvl / 1000);
	case TCP_KEEPCNT:
		return put_int(r, (int)s->tcp->keep_cnt);
	}
	return -ENOPROTOOPT;
}

static int64_t get_ip(struct sock *s, struct srv_req *r)
{
	if (!pcb_of(s))
		return -EINVAL;
	switch (r->m.w[2]) {
	case IP_TTL:
		return put_int(r, pcb_of(s)->ttl);
	case IP_TOS:
		return put_int(r, pcb_of(s)->tos);
	}
	return -ENOPROTOOPT;
}

int64_t opts_get(struct sock *s, struct srv_req *r)
{
	switch (r->m.w[1]) {
	case SOL_SOCKET:
		return get_socket(s, r);
	case IPPROTO_TCP:
		return get_tcp(s, r);
	case IPPROTO_IP:
		return get_ip(s, r);
	case IPPROTO_IPV6:
		return r->m.w[2] == IPV6_V6ONLY ? put_int(r, s->v6only) : -ENOPROTOOPT;
	}
	return -ENOPROTOOPT;
}

static void set_sof(struct sock *s, u8_t bit, int on)
{
	if (!pcb_of(s))
		return;
	if (on)
		ip_set_option(pcb_of(s), bit);
	else
		ip_reset_option(pcb_of(s), bit);
}

static int64_t set_time(struct srv_req *r, int64_t *to)
{
	struct timeval tv;

	if (r->m.r[0].len < sizeof(tv) || sys_msg_read(r->m.token, 0, 0, &tv, sizeof(tv)) < 0)
		return -EINVAL;
	if (tv.tv_sec < 0 || tv.tv_usec < 0 || tv.tv_usec >= 1000000)
		return -EDOM;
	*to = tv.tv_sec * 1000000000ll + tv.tv_usec * 1000ll;
	return 0;
}

static int64_t set_socket(struct sock *s, struct srv_req *r, int v)
{
	switch (r->m.w[2]) {
	case SO_REUSEADDR:
	case SO_REUSEPORT:
		s->reuse = v != 0;
		set_sof(s, SOF_REUSEADDR, v);
		return 0;
	case SO_KEEPALIVE:
		s->keepalive = v != 0;
		set_sof(s, SOF_KEEPALIVE, v);
		return 0;
	case SO_BROADCAST:
		s->broadcast = v != 0;
		set_sof(s, SOF_BROADCAST, v);
		return 0;
	case SO_SNDBUF:			/* sizes are fixed; lingering is lwIP's */
	case SO_RCVBUF:
	case SO_LINGER:
	case SO_OOBINLINE:
		return 0;
	case SO_RCVTIMEO:
		return set_time(r, &s->rcv_timeout);
	case SO_SNDTIMEO:
		return set_time(r, &s->snd_timeout);
	}
	return -ENOPROTOOPT;
}

static int64_t set_tcp(struct sock *s, struct srv_req *r, int v)
{
	if (s->kind != K_TCP)
		return -ENOPROTOOPT;
	if (!s->tcp || s->state == TS_LISTEN)
		return -EINVAL;
	switch (r->m.w[2]) {
	case TCP_NODELAY:
		if (v)
			tcp_nagle_disable(s->tcp);
		else
			tcp_nagle_enable(s->tcp);
		return 0;
	case TCP_KEEPIDLE:
		s->tcp->keep_idle = (u32_t)v * 1000;
		return 0;
	case TCP_KEEPINTVL:
		s->tcp->keep_intvl = (u32_t)v * 1000;
		return 0;
	case TCP_KEEPCNT:
		s->tcp->keep_cnt = (u32_t)v;
		return 0;
	}
	return -ENOPROTOOPT;
}

static int64_t set_ip(struct sock *s, struct srv_req *r, int v)
{
	if (!pcb_of(s))
		return -EINVAL;
	switch (r->m.w[2]) {
	case IP_TTL:
		if (v < 1 || v > 255)
			return -EINVAL;
		pcb_of(s)->ttl = (u8_t)v;
		return 0;
	case IP_TOS:
		pcb_of(s)->tos = (u8_t)v;
		return 0;
	}
	return -ENOPROTOOPT;
}

int64_t opts_set(struct sock *s, struct srv_req *r)
{
	int v = 0;

	if (r->m.r[0].len >= sizeof(v) && sys_msg_read(r->m.token, 0, 0, &v, sizeof(v)) < 0)
		return -EFAULT;
	switch (r->m.w[1]) {
	case SOL_SOCKET:
		return set_socket(s, r, v);
	case IPPROTO_TCP:
		return set_tcp(s, r, v);
	case IPPROTO_IP:
		return set_ip(s, r, v);
	case IPPROTO_IPV6:
		if (r->m.w[2] != IPV6_V6ONLY)
			return -ENOPROTOOPT;
		s->v6only = v != 0;
		return 0;
	}
	return -ENOPROTOOPT;
}
