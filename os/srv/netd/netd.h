/* SPDX-License-Identifier: MIT */
/*
 * The network server: sockets (abi/file.h, S_*) over lwIP's raw API in one event loop.
 *
 * lwIP's callbacks only queue data and mark sockets (sock_touch); after each batch of messages and
 * frames sock_flush answers held requests and pushes readiness, once for all that came in.
 */
#ifndef NETD_H
#define NETD_H

#include <netinet/in.h>
#include "../../lib/srv.h"
#include "lwip/ip_addr.h"
#include "lwip/pbuf.h"
#include "lwip/raw.h"
#include "lwip/tcp.h"
#include "lwip/udp.h"

extern struct srv netd;

/* main.c */
int64_t netd_now(void);			/* as srv_now; of one time while a batch is looked through */
void addresses(void);			/* requests that wait for an address are looked at */
int addresses_waited(void);		/* are there still such? */

#define SECOND		1000000000ll
#define BUFFER_MAX	(4u << 20)	/* SO_SNDBUF and SO_RCVBUF beyond this are cut */
#define DGRAM_BUFFER	(208u * 1024)	/* SO_RCVBUF of datagram sockets at first */

enum kind { K_TCP, K_UDP, K_RAW };

/* A datagram that waits for a reader, or a piece of a stream (only next and p). */
struct dgram {
	struct dgram *next;
	struct pbuf *p;
	ip_addr_t from, to;
	uint16_t port;
	uint8_t ifindex, ttl, tos;
	int64_t when;			/* wall clock, ns */
};

/* A multicast group that the socket joined. */
struct group {
	struct group *next;
	ip_addr_t ip;
	uint8_t ifindex;
};

/* What recvmsg tells besides the data: bits of sock.want. */
#define WANT_PKTINFO	0x01
#define WANT_TTL	0x02
#define WANT_TOS	0x04
#define WANT_PKTINFO6	0x08
#define WANT_HOPS6	0x10
#define WANT_TCLASS6	0x20
#define WANT_TIME	0x40
#define WANT_TIMENS	0x80

/*
 * A socket. Its pcb is NULL before it exists (TCP after an error). Held requests are in `pends`;
 * every change marks the socket, and sock_flush answers those that can be answered.
 */
struct sock {
	struct sock *next;		/* of the same hash */
	struct sock *touched;		/* next to be looked at; valid while is_touched */
	int is_touched;
	uint64_t id;
	handle_t h;			/* owner's handle */
	uint32_t uid;			/* who made it */
	enum kind kind;
	int domain, type, protocol;
	union {
		struct tcp_pcb *tcp;
		struct udp_pcb *udp;
		struct raw_pcb *raw;
	};
	/* TCP */
	enum { TS_NEW, TS_CONNECTING, TS_CONNECTED, TS_LISTEN, TS_CLOSED } state;
	int deferred;			/* connects to `peer` when there is an address */
	ip_addr_t peer;
	uint16_t peer_port;
	size_t in;			/* bytes received (in dgrams), not yet read */
	size_t in_off;			/* bytes of the first dgram already read */
	int eof, wr_shut, rd_shut, cork;
	uint16_t mss;			/* as agreed with the peer, once something was written; 0 before */
	struct sock *accepts, **accepts_end;	/* connections nobody accepted yet */
	struct sock *listener;		/* one of its accepts */
	/* Received. */
	struct dgram *dgrams, **dgrams_end;
	size_t queued;			/* bytes in dgrams of datagram sockets, with their overhead */
	struct dgram *late;		/* to be sent when there is an address */
	unsigned nlate;
	int connected, bound;
	ip_addr_t bound_ip;		/* as bind said; what a connected socket goes back to */
	int covered;			/* UDP-Lite: it was said how much a checksum must cover */
	uint16_t echo_id;		/* of ICMP over SOCK_DGRAM, network order */
	uint32_t icmp6_block[8];	/* struct icmp6_filter */
	struct group *groups;
	uint32_t want;			/* WANT_* */
	int error;			/* pending SO_ERROR, positive */
	int64_t rcv_timeout, snd_timeout;	/* ns, 0 none */
	uint32_t rcvbuf, sndbuf;
	int reuse, reuseport;		/* SO_REUSEADDR, SO_REUSEPORT: share.c */
	int keepalive, broadcast, v6only, linger, linger_time;
	int nodelay, keep_idle, keep_intvl, keep_cnt;	/* seconds; tcp_apply */
	uint32_t ready;			/* what pollers were told */
	uint32_t news;			/* bits to tell again when they are set: more came, or room after none */
	struct pend *pends;
};

#define INLINE_ADDR	32		/* bytes of a sockaddr in w4..w7 of S_SEND and S_RECV */

/* What a request is answered with: w as in struct msg; h H_NONE or given away. */
struct answer { uint64_t w[MSG_WORDS]; handle_t h; };

/* A held request; try fills w[1..] and h of the answer and returns w[0], or -EAGAIN. */
struct pend {
	struct pend *next;
	struct sock *s;
	uint64_t token;
	int64_t (*try)(struct pend *p, struct answer *a);
	uint64_t n, done, off;		/* bytes wanted, bytes done, where data begins in the range */
	uint64_t ctl, ctl_len;		/* control data: where they begin, their bytes or room */
	uint64_t range;			/* length of range 1 */
	uint32_t flags;			/* MSG_* of send and recv */
	int msg;			/* S_RECV: address and control data too */
	ip_addr_t addr, src;		/* src: any, or what control data ask for */
	uint16_t port;
	uint8_t ifindex;		/* 0, or what control data ask for */
	int ttl;			/* -1, or what control data ask for */
	int has_addr, writer, gone, nonblock, accept_flags;
	struct srv_timer timer;
};

/* addr.c: sockaddr <-> lwIP, routes. */
int addr_in(const struct sock *s, const void *buf, size_t n, ip_addr_t *ip, uint16_t *port);
size_t addr_out(const struct sock *s, const ip_addr_t *ip, uint16_t port, void *buf);
void addr_from6(const struct in6_addr *a, uint32_t scope, ip_addr_t *ip);
void addr_to6(const ip_addr_t *ip, struct in6_addr *a);
int addr_errno(err_t e);		/* lwIP's error as -errno */
int addr_source(const ip_addr_t *to, ip_addr_t *src);	/* what we send from; -ENETUNREACH */
int addr_is_ours(const ip_addr_t *ip);	/* may a socket be bound to it? */
uint16_t addr_random_port(void);

/* sock.c: the table and the operations common to all kinds. */
struct sock *sock_new(int domain, int type, int protocol);
struct sock *sock_find(uint64_t id);
void sock_free(struct sock *s);
void sock_each(void (*fn)(struct sock *s, void *arg), void *arg);
void sock_address(void);		/* there is an address, or it is no longer waited for */
int64_t sock_call(struct sock *s, struct srv_req *r);
int64_t sock_open(struct srv_req *r);
handle_t sock_client(struct sock *s);	/* a handle for the client */

/* pend.c: held requests, readiness. */
uint32_t sock_readiness(const struct sock *s);
void sock_push(struct sock *s);
void sock_touch(struct sock *s);	/* look at it in the next sock_flush */
void sock_untouch(struct sock *s);
int sock_flush(void);			/* whether there was anything */
int64_t sock_start(struct sock *s, struct srv_req *r, struct pend *p);
void sock_cancel(uint64_t token);
void sock_drop_pends(struct sock *s);

/* share.c: ports that several sockets share. */
void share_apply(struct sock *s);	/* after a change of s->reuse or s->reuseport, or a new pcb */
/* May s have that port, beside others (or alone)? 0 or -EADDRINUSE. lwIP minds what no socket owns. */
int share_check(const struct sock *s, const ip_addr_t *ip, uint16_t port, int alone);
/* Which one of the group that shares the port of s takes what comes from there. */
struct sock *share_pick(struct sock *s, const ip_addr_t *from, uint16_t port);

/* rw.c: requests to read and write. */
int64_t sock_read(struct sock *s, struct srv_req *r, int msg);
int64_t sock_write(struct sock *s, struct srv_req *r, int msg);

/* tcp.c, stream.c */
int tcp_sock_init(struct sock *s);
void tcp_sock_free(struct sock *s);
void tcp_set_callbacks(struct sock *s);
void tcp_apply(struct sock *s);		/* tells the pcb the options of the socket */
void tcp_begin_connect(struct sock *s);
void tcp_failed(struct sock *s, int e);	/* a connection that was under way did not come about */
int64_t tcp_do_bind(struct sock *s, const ip_addr_t *ip, uint16_t port);
int64_t tcp_do_connect(struct sock *s, struct srv_req *r, struct pend *p);
int64_t tcp_do_listen(struct sock *s, int backlog);
int64_t tcp_do_shutdown(struct sock *s, int how);
int64_t tcp_try_accept(struct pend *p, struct answer *a);
int64_t tcp_try_read(struct pend *p, struct answer *a);
int64_t tcp_try_write(struct pend *p, struct answer *a);
err_t tcp_on_recv(void *arg, struct tcp_pcb *pcb, struct pbuf *p, err_t err);
int tcp_writable(const struct sock *s);
/* Bytes that were written and not acknowledged. (lwIP's tcp_sndbuf() says at most 65535.) */
static inline size_t tcp_unacked(const struct tcp_pcb *pcb)
{
	return TCP_SND_BUF - pcb->snd_buf;
}
void tcp_tidy(void);			/* once a second, while there are connections: bounds on what nobody owns any more, and on corks */

/* dgram.c: UDP and raw. */
int dgram_init(struct sock *s);
void dgram_free(struct sock *s);
int64_t dgram_do_bind(struct sock *s, const ip_addr_t *ip, uint16_t port);
int64_t dgram_connect(struct sock *s, const ip_addr_t *ip, uint16_t port);
void dgram_disconnect(struct sock *s);
int64_t dgram_try_read(struct pend *p, struct answer *a);
int64_t dgram_try_write(struct pend *p, struct answer *a);
void dgram_send_late(struct sock *s);

/* lite.c: UDP-Lite. */
static inline int sock_is_lite(const struct sock *s)
{
	return s->kind == K_UDP && s->protocol == IPPROTO_UDPLITE;
}
int lite_use(int lite);			/* the list that lwIP's udp_* look in; returns which one it was */
int lite_wanted(const struct sock *s);	/* does the checksum of what comes cover enough for s? */
int64_t lite_get(struct sock *s, struct srv_req *r);
int64_t lite_set(struct sock *s, struct srv_req *r, int v);

/* echo.c: ICMP echo for everybody (SOCK_DGRAM), and the filter of ICMPv6. */
int echo_check(struct sock *s, struct pbuf *p);	/* before it is sent: 0 or -errno */
int echo_wanted(const struct sock *s, const struct pbuf *p, int v6);
int64_t echo_get_filter(struct sock *s, struct srv_req *r);
int64_t echo_set_filter(struct sock *s, struct srv_req *r);

/* cmsg.c: control data. */
size_t cmsg_out(const struct sock *s, const struct dgram *d, void *buf, size_t room, uint64_t *flags);
int cmsg_in(struct pend *p);		/* reads those of a request: 0 or -errno */

/* opts.c, opts_ip.c, mcast.c */
int64_t opts_get(struct sock *s, struct srv_req *r);
int64_t opts_set(struct sock *s, struct srv_req *r);
int64_t opts_get_ip(struct sock *s, struct srv_req *r);
int64_t opts_set_ip(struct sock *s, struct srv_req *r, int v);
int64_t opts_get_ip6(struct sock *s, struct srv_req *r);
int64_t opts_set_ip6(struct sock *s, struct srv_req *r, int v);
int64_t opts_put(struct srv_req *r, const void *buf, size_t n);
int64_t opts_put_int(struct srv_req *r, int v);
int opts_take(struct srv_req *r, void *buf, size_t n);	/* all n bytes or -EINVAL */
struct ip_pcb *opts_pcb(struct sock *s);
int64_t mcast_set(struct sock *s, struct srv_req *r);	/* joins and leaves; -ENOPROTOOPT: no such option */
void mcast_drop(struct sock *s);

/* nic.c: the card. */
void nic_init(void);
void nic_flush(void);			/* after each batch: rings the card's bell */
int nic_wait(const ip_addr_t *to);	/* no address for that yet, and still worth waiting for */
int nic_waiting(void);			/* for any of them */
const char *nic_name(unsigned index);
unsigned nic_index(const char *name);	/* 0: none */

/* timers.c: lwIP's timers. */
int64_t timers_next(void);		/* when timers_run is to be called; 0: never */
void timers_run(void);
void timers_look(void);			/* something began that may need a timer */
void timers_card(void);			/* the same; before a frame is looked at or made */
void timers_arp(void);			/* an ARP request was sent */
void timers_fragment(void);		/* a piece of a packet came */

/* conf.c: what is configured, as text. */
size_t conf_text(char *buf, size_t size);
size_t conf_resolv(char *buf, size_t size);
size_t conf_sockets(char *buf, size_t size);

/* servers.c */
size_t servers_print(const char *key, char *buf, size_t n, size_t size);
const char *servers_domain(void);

/* mem.c: memory that is counted; netd_malloc, netd_calloc, netd_free are in arch/cc.h. */
void budget_init(void);
int mem_short(void);			/* take no more data */
size_t mem_used(void);

/* tree.c: the files below /net. */
int64_t tree_call(struct srv_req *r);
int64_t tree_file_call(struct srv_req *r);
void tree_update(void);			/* the configuration has changed */
void tree_cancel(uint64_t token);
#define ID_ROOT		1
#define ID_FILES	2		/* text files: plane mem */
#define ID_FILES_END	5

#endif
