/* SPDX-License-Identifier: MIT */
/* Socket options of the socket and of TCP. */
#include <errno.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include "netd.h"

struct ip_pcb *opts_pcb(struct sock *s)
{
	return (struct ip_pcb *)s->tcp;	/* the three kinds begin alike */
}

int64_t opts_put(struct srv_req *r, const void *buf, size_t n)
{
	if (n > r->m.r[1].len)
		n = r->m.r[1].len;
	r->m.w[1] = n;
	return srv_put(r, buf, n) < 0 ? -EFAULT : 0;
}

int64_t opts_put_int(struct srv_req *r, int v)
{
	return opts_put(r, &v, sizeof(v));
}

int opts_take(struct srv_req *r, void *buf, size_t n)
{
	if (r->m.r[0].len < n)
		return -EINVAL;
	return sys_msg_read(r->m.token, 0, 0, buf, n) < 0 ? -EFAULT : 0;
}

static int64_t put_time(struct srv_req *r, int64_t ns)
{
	struct timeval tv = { .tv_sec = ns / SECOND, .tv_usec = ns % SECOND / 1000 };

	return opts_put(r, &tv, sizeof(tv));
}

static int64_t take_error(struct sock *s, struct srv_req *r)
{
	int e = s->error;

	s->error = 0;
	sock_push(s);
	return opts_put_int(r, e);
}

static int protocol_of(const struct sock *s)
{
	return s->protocol ? s->protocol : s->kind == K_TCP ? IPPROTO_TCP : IPPROTO_UDP;
}

static int64_t get_device(struct sock *s, struct srv_req *r)
{
	const char *name = opts_pcb(s) && opts_pcb(s)->netif_idx ? nic_name(opts_pcb(s)->netif_idx) : "";

	return opts_put(r, name, *name ? strlen(name) + 1 : 0);
}

static int64_t get_socket(struct sock *s, struct srv_req *r)
{
	struct linger linger = { s->linger, s->linger_time };

	switch (r->m.w[2]) {
	case SO_ERROR:
		return take_error(s, r);
	case SO_TYPE:
		return opts_put_int(r, s->type);
	case SO_DOMAIN:
		return opts_put_int(r, s->domain);
	case SO_PROTOCOL:
		return opts_put_int(r, protocol_of(s));
	case SO_ACCEPTCONN:
		return opts_put_int(r, s->kind == K_TCP && s->state == TS_LISTEN);
	case SO_REUSEADDR:
		return opts_put_int(r, s->reuse);
	case SO_REUSEPORT:
		return opts_put_int(r, s->reuseport);
	case SO_KEEPALIVE:
		return opts_put_int(r, s->keepalive);
	case SO_BROADCAST:
		return opts_put_int(r, s->broadcast);
	case SO_SNDBUF:
		return opts_put_int(r, (int)s->sndbuf);
	case SO_RCVBUF:
		return opts_put_int(r, (int)s->rcvbuf);
	case SO_RCVLOWAT:
	case SO_SNDLOWAT:
	case SO_OOBINLINE:		/* urgent data always come in their place */
		return opts_put_int(r, 1);
	case SO_DONTROUTE:
	case SO_DEBUG:
	case SO_PRIORITY:
		return opts_put_int(r, 0);
	case SO_TIMESTAMP:
		return opts_put_int(r, !!(s->want & WANT_TIME));
	case SO_TIMESTAMPNS:
		return opts_put_int(r, !!(s->want & WANT_TIMENS));
	case SO_LINGER:
		return opts_put(r, &linger, sizeof(linger));
	case SO_RCVTIMEO:
		return put_time(r, s->rcv_timeout);
	case SO_SNDTIMEO:
		return put_time(r, s->snd_timeout);
	case SO_BINDTODEVICE:
		return get_device(s, r);
	}
	return -ENOPROTOOPT;
}

static int64_t get_info(struct sock *s, struct srv_req *r)
{
	static const uint8_t states[] = {
		[CLOSED] = TCP_CLOSE, [SYN_SENT] = TCP_SYN_SENT, [SYN_RCVD] = TCP_SYN_RECV,
		[ESTABLISHED] = TCP_ESTABLISHED, [FIN_WAIT_1] = TCP_FIN_WAIT1, [FIN_WAIT_2] = TCP_FIN_WAIT2,
		[CLOSE_WAIT] = TCP_CLOSE_WAIT, [CLOSING] = TCP_CLOSING, [LAST_ACK] = TCP_LAST_ACK,
		[TIME_WAIT] = TCP_TIME_WAIT, [LISTEN] = TCP_LISTEN,
	};
	struct tcp_info i = { .tcpi_state = s->tcp ? states[s->tcp->state] : TCP_CLOSE };

	if (s->tcp && s->state == TS_CONNECTED) {
		i.tcpi_snd_mss = i.tcpi_rcv_mss = i.tcpi_advmss = s->tcp->mss;
		i.tcpi_rto = (uint32_t)s->tcp->rto * 500000u;
		i.tcpi_rtt = (uint32_t)(s->tcp->sa >> 3) * 500000u;
		i.tcpi_rttvar = (uint32_t)(s->tcp->sv >> 2) * 500000u;
		i.tcpi_snd_cwnd = s->tcp->cwnd / s->tcp->mss;
		i.tcpi_snd_ssthresh = s->tcp->ssthresh / s->tcp->mss;
		i.tcpi_retransmits = s->tcp->nrtx;
		i.tcpi_rcv_space = s->tcp->rcv_wnd;
		i.tcpi_options = s->tcp->flags & TF_WND_SCALE ? TCPI_OPT_WSCALE : 0;
	}
	return opts_put(r, &i, sizeof(i));
}

static int64_t get_tcp(struct sock *s, struct srv_req *r)
{
	int live = s->tcp && s->state != TS_LISTEN;

	if (s->kind != K_TCP)
		return -ENOPROTOOPT;
	switch (r->m.w[2]) {
	case TCP_MAXSEG:
		return opts_put_int(r, live && s->state == TS_CONNECTED ? tcp_mss(s->tcp) : 536);
	case TCP_NODELAY:
		return opts_put_int(r, s->nodelay);
	case TCP_CORK:
		return opts_put_int(r, s->cork);
	case TCP_KEEPIDLE:
		return opts_put_int(r, s->keep_idle);
	case TCP_KEEPINTVL:
		return opts_put_int(r, s->keep_intvl);
	case TCP_KEEPCNT:
		return opts_put_int(r, s->keep_cnt);
	case TCP_INFO:
		return get_info(s, r);
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
		return opts_get_ip(s, r);
	case IPPROTO_IPV6:
		return opts_get_ip6(s, r);
	case IPPROTO_UDPLITE:
		return lite_get(s, r);
	case IPPROTO_ICMPV6:
		return echo_get_filter(s, r);
	}
	return -ENOPROTOOPT;
}

static void set_sof(struct sock *s, u8_t bit, int on)
{
	if (!opts_pcb(s))
		return;
	if (on)
		ip_set_option(opts_pcb(s), bit);
	else
		ip_reset_option(opts_pcb(s), bit);
}

static int64_t set_time(struct srv_req *r, int64_t *to)
{
	struct timeval tv;

	if (opts_take(r, &tv, sizeof(tv)))
		return -EINVAL;
	if (tv.tv_sec < 0 || tv.tv_usec < 0 || tv.tv_usec >= 1000000)
		return -EDOM;
	*to = tv.tv_sec > INT64_MAX / SECOND / 2 ? 0 : tv.tv_sec * SECOND + tv.tv_usec * 1000ll;
	return 0;
}

static int64_t set_linger(struct sock *s, struct srv_req *r)
{
	struct linger l;

	if (opts_take(r, &l, sizeof(l)))
		return -EINVAL;
	s->linger = l.l_onoff != 0;
	s->linger_time = l.l_linger;
	return 0;
}

static int64_t set_device(struct sock *s, struct srv_req *r)
{
	char name[16] = "";
	size_t n = r->m.r[0].len < sizeof(name) - 1 ? r->m.r[0].len : sizeof(name) - 1;
	unsigned index;

	if (n && opts_take(r, name, n))
		return -EFAULT;
	index = nic_index(name);
	if (*name && !index)
		return -ENODEV;
	if (!opts_pcb(s))
		return -EINVAL;
	opts_pcb(s)->netif_idx = (u8_t)index;
	return 0;
}

static void set_want(struct sock *s, uint32_t bit, int on)
{
	s->want = on ? s->want | bit : s->want & ~bit;
}

/* TCP's window is lwIP's; a smaller send buffer is kept to. */
static uint32_t buffer_size(int v)
{
	return v < 2048 ? 2048 : (uint32_t)v > BUFFER_MAX ? BUFFER_MAX : (uint32_t)v;
}

static int64_t set_socket(struct sock *s, struct srv_req *r, int v)
{
	switch (r->m.w[2]) {
	case SO_REUSEADDR:
	case SO_REUSEPORT:
		*(r->m.w[2] == SO_REUSEADDR ? &s->reuse : &s->reuseport) = v != 0;
		share_apply(s);
		return 0;
	case SO_KEEPALIVE:
		s->keepalive = v != 0;
		set_sof(s, SOF_KEEPALIVE, v);
		return 0;
	case SO_BROADCAST:
		s->broadcast = v != 0;
		set_sof(s, SOF_BROADCAST, v);
		return 0;
	case SO_SNDBUF:
	case SO_SNDBUFFORCE:
		s->sndbuf = buffer_size(v);
		return 0;
	case SO_RCVBUF:
	case SO_RCVBUFFORCE:
		s->rcvbuf = buffer_size(v);
		return 0;
	case SO_TIMESTAMP:
		set_want(s, WANT_TIME, v);
		return 0;
	case SO_TIMESTAMPNS:
		set_want(s, WANT_TIMENS, v);
		return 0;
	case SO_LINGER:
		return set_linger(s, r);
	case SO_BINDTODEVICE:
		return set_device(s, r);
	case SO_PRIORITY:
	case SO_OOBINLINE:
		return 0;
	case SO_RCVLOWAT:
	case SO_DEBUG:
	case SO_DONTROUTE:
		return v > 1 || (v && r->m.w[2] != SO_RCVLOWAT) ? -ENOPROTOOPT : 0;
	case SO_RCVTIMEO:
		return set_time(r, &s->rcv_timeout);
	case SO_SNDTIMEO:
		return set_time(r, &s->snd_timeout);
	}
	return -ENOPROTOOPT;
}

static int64_t set_cork(struct sock *s, int v)
{
	s->cork = v != 0;
	if (!v && s->tcp && s->state == TS_CONNECTED)
		tcp_output(s->tcp);
	return 0;
}

static int64_t set_nodelay(struct sock *s, int v)
{
	s->nodelay = v != 0;
	tcp_apply(s);
	if (v && s->state == TS_CONNECTED && !s->cork)
		tcp_output(s->tcp);
	return 0;
}

static int64_t set_tcp(struct sock *s, struct srv_req *r, int v)
{
	if (s->kind != K_TCP)
		return -ENOPROTOOPT;
	if (!s->tcp)
		return -EINVAL;
	switch (r->m.w[2]) {
	case TCP_NODELAY:
		return set_nodelay(s, v);
	case TCP_CORK:
		return set_cork(s, v);
	case TCP_QUICKACK:
	case TCP_DEFER_ACCEPT:
		return 0;
	case TCP_KEEPIDLE:
	case TCP_KEEPINTVL:
		if (v < 1 || v > 32767)
			return -EINVAL;
		*(r->m.w[2] == TCP_KEEPIDLE ? &s->keep_idle : &s->keep_intvl) = v;
		tcp_apply(s);
		return 0;
	case TCP_KEEPCNT:
		if (v < 1 || v > 127)
			return -EINVAL;
		s->keep_cnt = v;
		tcp_apply(s);
		return 0;
	}
	return -ENOPROTOOPT;
}

int64_t opts_set(struct sock *s, struct srv_req *r)
{
	int v = 0;
	uint8_t byte = 0;

	if (r->m.r[0].len >= sizeof(v)) {
		if (opts_take(r, &v, sizeof(v)))
			return -EFAULT;
	} else if (r->m.r[0].len && !opts_take(r, &byte, 1)) {
		v = byte;
	}
	switch (r->m.w[1]) {
	case SOL_SOCKET:
		return r->m.r[0].len < sizeof(v) && r->m.w[2] != SO_BINDTODEVICE ? -EINVAL : set_socket(s, r, v);
	case IPPROTO_TCP:
		return r->m.r[0].len < sizeof(v) ? -EINVAL : set_tcp(s, r, v);
	case IPPROTO_IP:
		return opts_set_ip(s, r, v);
	case IPPROTO_IPV6:
		return opts_set_ip6(s, r, v);
	case IPPROTO_UDPLITE:
		return r->m.r[0].len < sizeof(v) ? -EINVAL : lite_set(s, r, v);
	case IPPROTO_ICMPV6:
		return echo_set_filter(s, r);
	}
	return -ENOPROTOOPT;
}
