/* SPDX-License-Identifier: MIT */
/*
 * Messages: the synchronous call between a client and the server of a port.
 *
 * A server makes a port and, for each thing it serves, a file object {port, id}. A client that
 * holds a file calls through it: SYS_call blocks until the server answers the token it received.
 * A server answers in any order and may hold any number of tokens.
 */
#ifndef ABI_MSG_H
#define ABI_MSG_H

#include "types.h"

#define MSG_WORDS	8
#define MSG_RANGES	2
#define MSG_HANDLES	4

/* A stretch of the client's memory that the server reaches with msg_read and msg_write. */
struct msg_range {
	uint64_t base;
	uint64_t len;		/* 0: absent */
};

/* What recv found (struct msg.kind). */
enum msg_kind {
	MSG_CALL = 1,		/* answer `token`; `id` is the file called, w/r/h the client's */
	MSG_CLOSE,		/* the last client's handle of file `id` is gone; no answer */
	MSG_CANCEL,		/* the client of `token` was interrupted: answer it soon (-EINTR or done) */
	MSG_EVENT,		/* a bound object: id = key, w[0] = EV_* bits, w[1] = kind's detail */
	MSG_PAGE,		/* pager-backed mem: see mem.h; id = key; no token */
	MSG_BORN,		/* supervisor: w[0] pid, w[1] parent's pid, w[2] cred; h[0] proc handle */
	MSG_DIED,		/* supervisor: w[0] pid, w[1] wait status, w[2] ns user, w[3] ns system */
	MSG_STATE,		/* supervisor: w[0] pid, w[1] EV_STOPPED or EV_CONTINUED, w[2] signo */
	MSG_CRASH,		/* crash port: w[0] pid, w[1] tid, w[2] signo, w[3] rip, w[4] address, w[5] cred; h[0] debug object, or none */
};

/*
 * The message buffer. As a request: w, r and h[0..nh) are sent; w[0] is the operation by
 * convention. As a reply: w is sent back and w[0] is the result or -errno, which is also what
 * SYS_call returns; h[0..nh) go to the client. The kernel writes the whole struct on receipt.
 *
 * Handles are copied to the receiver (not moved) unless MSG_MOVE is in hflags; an owner's handle of
 * a file arrives as a client's handle. The receiver gets them in the high range, but a client that
 * set H_PUT_LOW (and H_CLOEXEC) in its request's hflags gets h[0] of the reply as a POSIX
 * descriptor with these flags. On failure to place them the call fails with -EMFILE and nothing is left.
 */
struct msg {
	uint64_t w[MSG_WORDS];
	struct msg_range r[MSG_RANGES];	/* [0] the server may read, [1] it may write */
	handle_t h[MSG_HANDLES];
	uint32_t nh;
	uint32_t hflags;
	/* Filled by recv only. */
	uint64_t token;			/* answers go here; never 0 */
	uint64_t id;			/* file's id, or key */
	uint32_t kind;			/* enum msg_kind */
	uint32_t pid;			/* who called */
	uint64_t cred;			/* CRED(uid, gid): its effective ids as the supervisor set them */
	uint32_t fflags;		/* status flags of the file called (O_NONBLOCK, O_APPEND, O_ACCMODE) */
	uint32_t groups;		/* number of its supplementary groups' set, as the supervisor set it; 0: none */
};

#define MSG_MOVE	0x100	/* hflags: the sender loses the handles */

/*
 * Short data without calls of its own. A server that receives with RECV_TEXT (added to the port's number)
 * has a struct msg_text as its buffer: when range 0 has at most MSG_TEXT bytes and was in memory, they
 * come along in text, and hflags has MSG_HAS_TEXT. With MSG_PUT in hflags of a reply, r[1] is the
 * server's own memory: up to MSG_TEXT bytes that the kernel puts into the client's range 1, cut to its
 * length, before the call returns; what is not readable there makes the reply fail with -EFAULT.
 */
#define MSG_HAS_TEXT	0x200
#define MSG_PUT		0x400
#define MSG_TEXT	160
#define RECV_TEXT	(1l << 32)

struct msg_text {
	struct msg m;
	char text[MSG_TEXT];
};

#define CRED(uid, gid)	((uint64_t)(gid) << 32 | (uint32_t)(uid))
#define CRED_UID(c)	((uint32_t)(c))
#define CRED_GID(c)	((uint32_t)((c) >> 32))

/*
 * A call whose server died, or dies before it answers, returns -EDEADSERVER. libc turns it into EIO,
 * but for root handles of names, which it looks up again at the name service.
 */
#define EDEADSERVER	130	/* EOWNERDEAD */

/* The data plane of a file: who does read and write. */
enum file_plane {
	PLANE_NONE,		/* the kernel sends F_READ and F_WRITE messages (file.h) */
	PLANE_MEM,		/* the kernel copies from and to `mem`, at the file's offset */
	PLANE_CHAN,		/* a byte channel: pipes and pairs */
	PLANE_KERNEL,		/* the kernel's own: counters and signal files; not for file_create */
};

struct file_args {
	uint64_t id;		/* the server's name for it: comes back in msg.id */
	uint32_t rights;	/* R_* of the client's handles */
	uint32_t fflags;	/* O_ACCMODE | O_APPEND | O_NONBLOCK at first */
	uint32_t plane;		/* PLANE_NONE or PLANE_MEM; PLANE_CHAN with `data` one end of a pair */
	handle_t data;		/* the mem or chan, or H_NONE; the kernel keeps its own reference */
	uint32_t ready;		/* first readiness bits */
	uint32_t flags;		/* FILE_* */
	uint64_t self[3];	/* what a restarted server knows the file again by (struct port_item) */
};

#define FILE_SEEKABLE	1	/* has an offset (PLANE_MEM always has) */
/* PLANE_NONE, but the kernel lets writes vanish, seeks do nothing, and answers reads: */
#define FILE_ZERO	2	/* with zeros (/dev/zero) */
#define FILE_NULL	4	/* with the end (/dev/null) */
/*
 * PLANE_CHAN, but until SYS_file_start the channel is not used: data goes by messages and readiness
 * is what the server pushes, as with PLANE_NONE (a socket that is not connected yet).
 */
#define FILE_HELD	8
/* PLANE_CHAN with the reading end of a pipe and O_RDWR: the file is a user of both ends (a fifo opened for both). */
#define FILE_BOTH	16

/*
 * Restart without loss. A port lives as long as any process holds it with R_RECV. When init holds one
 * (init.conf(5): keep), its server may die and come again: calls that it had received end with
 * -EDEADSERVER, all others wait in the queue, and so do those who wait for a page. Before it receives
 * anything the new server goes through what there is: SYS_port_inherit first makes all ids and keys 0
 * and ends bindings to the port, then gives one open file or pager-backed mem after the other, with a handle
 * as the old server had it. SYS_adopt gives each a new id; what is refused (id 0) fails: a mem with -EIO,
 * messages through a file arrive with id 0. Pages stay in memory; after SYS_adopt the dirty ones
 * are all those that may be newer than what the old server made durable, and no credit is out.
 */
struct port_item {
	uint32_t kind;		/* OBJ_FILE or OBJ_MEM */
	handle_t h;		/* high; the receiver closes it or keeps it */
	uint64_t koid;
	uint64_t self[3];	/* as given at SYS_file_create, or two at SYS_mem_pager */
	uint64_t mem;		/* OBJ_FILE: koid of the mem of its data plane, or 0 */
	uint64_t size;		/* OBJ_MEM: bytes */
};
#define INHERIT_BEGIN	1

#endif
