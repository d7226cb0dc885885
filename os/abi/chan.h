/* SPDX-License-Identifier: MIT */
/*
 * Channels of pairs beyond bytes: descriptors and credentials that travel with data, and what the
 * flags of send and recv ask for. Plain read and write work on the same channels; a read that comes
 * upon handles closes them.
 */
#ifndef ABI_CHAN_H
#define ABI_CHAN_H

#include "types.h"

#define CHAN_HANDLES	253		/* in one message, as Linux's SCM_MAX_FD */
#define CHAN_FLIGHT	1024		/* handles under way in one direction of a pair: -ETOOMANYREFS */

/*
 * Handles are copied when they are sent (R_DUP is needed) and become low handles of the receiver when
 * they are received. In a stream a message with handles is never read together with the bytes
 * before it, and bytes after it that carry handles of their own are left for the next read.
 */
struct chan_msg {
	uint64_t iov;			/* struct abi_iovec * */
	uint64_t niov;			/* <= 1024 */
	uint64_t handles;		/* handle_t *: to send, or room for what comes */
	uint32_t nh;			/* how many; on return those received. What has no room is closed */
	uint32_t hflags;		/* recv: H_CLOEXEC for them */
	uint32_t out;			/* recv: CHAN_* of what was received */
	uint32_t pid;			/* recv: who sent it; 0: nobody said (then it is the peer) */
	uint64_t cred;
};

/* Flags of SYS_chan_send and SYS_chan_recv. */
#define CHAN_DONTWAIT	1
#define CHAN_NOSIGNAL	2		/* send: no SIGPIPE */
#define CHAN_PEEK	4		/* recv: leaves it there; handles do not come */
#define CHAN_WAITALL	8		/* recv: a stream waits till all is there */
#define CHAN_TRUNC	0x10		/* recv: the result is a record's full length */
#define CHAN_CRED	0x20		/* send: the message carries the sender's pid and cred */
/* chan_msg.out */
#define CHAN_CUT	1		/* a record was longer than the room */
#define CHAN_HCUT	2		/* handles had no room */
#define CHAN_HAS_CRED	4		/* pid and cred came with the message */
#define CHAN_RECORD	8		/* the pair keeps records */

/*
 * Who is at the other end: first who made the pair. A server that makes pairs for others sets it.
 * Flags: what the holder of this end is like.
 */
struct chan_peer {
	uint32_t pid;
	uint32_t flags;			/* PEER_*; set changes PEER_PASSCRED only, which anybody may */
	uint64_t cred;
};
#define PEER_PASSCRED	1		/* every message to this end carries credentials */
#define PEER_RECORDS	2		/* the pair keeps records (get) */

#endif
