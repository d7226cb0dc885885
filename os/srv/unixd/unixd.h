/* SPDX-License-Identifier: MIT */
/*
 * unixd: sockets of AF_UNIX: who is connected to whom. The bytes of stream and seqpacket sockets go
 * through pairs of the kernel; datagrams go through here. See "AF_UNIX" in abi/file.h.
 */
#ifndef UNIXD_H
#define UNIXD_H

#include <stdbool.h>
#include <sys/socket.h>
#include <sys/un.h>
#include "../../lib/srv.h"

#define ID_ROOT		1ull
#define ID_FIRST	4ull	/* of a socket: even; its address file: the same + 1 */

#define QUEUE_PACKETS	256	/* datagrams that wait for their receiver */
#define QUEUE_BYTES	(512u << 10)
#define DATAGRAM_MAX	212992u
#define RIGHTS_MAX	3	/* SCM_RIGHTS of one datagram */

enum state { FRESH, LISTENING, CONNECTED };

struct name {
	socklen_t len;			/* 0: none; else of the address, family included */
	struct sockaddr_un sa;
};

struct who { uint32_t pid; uint64_t cred; };

/* A datagram on its way. */
struct packet {
	struct packet *next;
	struct name from;
	struct who who;
	uint64_t sender;		/* id of the socket, for whoever is connected to it */
	handle_t rights[RIGHTS_MAX];
	unsigned nrights;
	size_t len;
	char data[];
};

/* A held request: of accept or recv to `sock`, or of a connect or send that waits for room there. */
struct held {
	struct held *next;
	uint64_t token;
	uint64_t by;			/* connect, send: id of the socket that asks */
	uint64_t room;			/* accept, recv: bytes of range 1 */
	uint64_t skip;			/* recv: where data begin in it, after the address */
	int flags;			/* recv: MSG_*; accept: SOCK_NONBLOCK */
	struct packet *packet;		/* send */
};

struct sock {
	struct sock *next;		/* of all */
	uint64_t id;
	int type;
	enum state state;
	handle_t h;			/* owner's handle */
	handle_t end[2];		/* fresh stream: the pair; [1] is for whoever accepts */
	handle_t address;		/* owner's handle of the address file, or H_NONE */
	uint64_t address_koid;
	struct name own, peer;
	struct who made, other;		/* who made or listens; SO_PEERCRED */
	bool passcred;
	/* Listening. */
	unsigned backlog, nqueued;
	struct sock *queued;		/* accepted by nobody yet, oldest first; linked by qnext */
	struct sock *qnext;
	/* Datagrams. */
	uint64_t to;			/* connected to this id, or 0 */
	struct packet *packets;		/* oldest first */
	size_t nbytes, npackets;
	bool no_read, no_write;
	struct held *waiting;		/* accepts or receives, oldest first */
	struct held *wanting;		/* connects or sends that wait for room */
};

extern struct srv unixd;

/* sock.c */
struct sock *sock_new(int type, const struct srv_req *r, bool paired);
struct sock *sock_find(uint64_t id);
void sock_free(struct sock *s);
int64_t sock_give(struct srv_req *r, struct sock *s);	/* a client's handle with the answer */
int held_add(struct held **list, const struct held *h);
struct held *held_take(struct held **list);		/* the oldest, or NULL */
bool held_cancel(struct sock *s, uint64_t token);	/* forgets it: true when it was s's */
bool no_wait(const struct srv_req *r, int flags);	/* O_NONBLOCK or MSG_DONTWAIT */
struct sock *sock_each(struct sock *after);

/* name.c */
int64_t name_read(struct srv_req *r, uint64_t n, struct name *out);	/* sockaddr at the head of range 0 */
int64_t name_address(struct srv_req *r, struct sock *s);
int64_t name_bind(struct srv_req *r, struct sock *s);
/* The socket that n, or the address file in h, leads to: 0, -ECONNREFUSED, -EINVAL. */
int64_t name_target(const struct name *n, handle_t h, struct sock **out);
int64_t name_tell(struct srv_req *r, const struct name *n);

/* stream.c */
int64_t stream_listen(struct srv_req *r, struct sock *s);
int64_t stream_connect(struct srv_req *r, struct sock *s, struct sock *to);
int64_t stream_accept(struct srv_req *r, struct sock *s);
void stream_closed(struct sock *s);

/* dgram.c */
int64_t dgram_connect(struct sock *s, struct sock *to, const struct name *n);
int64_t dgram_send(struct srv_req *r, struct sock *s);
int64_t dgram_recv(struct srv_req *r, struct sock *s);
int64_t dgram_read(struct srv_req *r, struct sock *s);	/* F_READ */
int64_t dgram_write(struct srv_req *r, struct sock *s);
int64_t dgram_shutdown(struct sock *s, uint64_t how);
void dgram_closed(struct sock *s);

/* opts.c */
int64_t opts_get(struct srv_req *r, struct sock *s);
int64_t opts_set(struct srv_req *r, struct sock *s);

#endif
