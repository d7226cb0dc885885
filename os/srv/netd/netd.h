/* SPDX-License-Identifier: MIT */
/* The network server: sockets (abi/file.h, S_*) over lwIP's raw API in one event loop. */
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

enum kind { K_TCP, K_UDP, K_RAW };

/* A datagram that waits for a reader. */
struct dgram {
	struct dgram *next;
	struct pbuf *p;
	ip_addr_t from;
	uint16_t port;
};

/*
 * A socket. Its pcb is NULL before it exists (TCP after an error). Held requests are in `pends`;
 * every change calls sock_update, which answers those that can be answered and pushes readiness.
 */
struct sock {
	struct sock *next;
	uint64_t id;
	handle_t h;			/* owner's handle */
	enum kind kind;
	int domain, type, protocol;
	union {
		struct tcp_pcb *tcp;
		struct udp_pcb *udp;
		struct raw_pcb *raw;
	};
	/* TCP */
	enum { TS_NEW, TS_CONNECTING, TS_CONNECTED, TS_LISTEN, TS_CLOSED } state;
	size_t in;			/* bytes received (in dgrams), not yet read */
	size_t in_off;			/* bytes of the first dgram already read */
	int eof, wr_shut, rd_shut;
	struct sock *accepts, **accepts_end;	/* connections nobody accepted yet */
	struct sock *listener;		/* one of its accepts */
	/* Received. */
	struct dgram *dgrams, **dgrams_end;
	unsigned ndgrams;
	int connected;
	int error;			/* pending SO_ERROR, positive */
	int64_t rcv_timeout, snd_timeout;	/* ns, 0 none */
	int reuse, keepalive, broadcast, v6only;
	uint32_t ready;
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
	int msg;			/* S_RECV: address first */
	ip_addr_t addr;
	uint16_t port;
	int has_addr, writer, gone, accept_flags;
	struct srv_timer timer;
};

/* addr.c: sockaddr <-> lwIP. */
int addr_in(const struct sock *s, const void *buf, size_t n, ip_addr_t *ip, uint16_t *port);
size_t addr_out(const struct sock *s, const ip_addr_t *ip, uint16_t port, void *buf);
int addr_errno(err_t e);		/* lwIP's error as -errno */

/* sock.c */
struct sock *sock_new(int domain, int type, int protocol);
struct sock *sock_find(uint64_t id);
void sock_free(struct sock *s);
void sock_update(struct sock *s);
void sock_update_all(void);		/* an address is there, or no longer waited for */
int64_t sock_start(struct sock *s, struct srv_req *r, struct pend *p, int nonblock);
void sock_cancel(uint64_t token);
int64_t sock_call(struct sock *s, struct srv_req *r);
int64_t sock_open(struct srv_req *r);
handle_t sock_client(struct sock *s);	/* a handle for the client */
uint32_t sock_readiness(const struct sock *s);

/* tcp.c */
int tcp_sock_init(struct sock *s);
void tcp_sock_free(struct sock *s);
int64_t tcp_do_connect(struct sock *s, struct srv_req *r, struct pend *p, int nonblock);
int64_t tcp_do_listen(struct sock *s, int backlog);
int64_t tcp_try_accept(struct pend *p, struct answer *a);
int64_t tcp_try_read(struct pend *p, struct answer *a);
int64_t tcp_try_write(struct pend *p, struct answer *a);
int64_t tcp_do_shutdown(struct sock *s, int how);

/* dgram.c: UDP and raw. */
int dgram_init(struct sock *s);
void dgram_free(struct sock *s);
int64_t dgram_connect(struct sock *s, const ip_addr_t *ip, uint16_t port);
int64_t dgram_try_read(struct pend *p, struct answer *a);
int64_t dgram_try_write(struct pend *p, struct answer *a);

/* opts.c */
int64_t opts_get(struct sock *s, struct srv_req *r);
int64_t opts_set(struct sock *s, struct srv_req *r);

/* nic.c: the card and its addresses. */
void nic_init(void);
void nic_flush(void);			/* after each batch: rings the card's bell */
int nic_wait(void);			/* no address yet, and still worth waiting for */
size_t nic_config(char *buf, size_t size);
size_t nic_resolv(char *buf, size_t size);

/* tree.c: the files below /net. */
int64_t tree_call(struct srv_req *r);
int64_t tree_file_call(struct srv_req *r);
void tree_update(void);			/* the configuration has changed */
void tree_cancel(uint64_t token);
void tree_close(uint64_t id);
#define ID_ROOT		1
#define ID_FILES	2		/* text files: plane mem, ids 2 and 3 */
#define ID_FILES_END	4

#endif
