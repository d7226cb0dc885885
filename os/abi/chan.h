/* SPDX-License-Identifier: MIT */
/*
 * Two-way channels (pairs, and files of servers over them) beyond bytes: descriptors and credentials
 * that travel with data, and what the flags of send and recv ask for. Plain read and write work on
 * the same channels; a read that comes upon handles closes them.
 */
#ifndef ABI_CHAN_H
#define ABI_CHAN_H

#include "types.h"

#define CHAN_HANDLES	253		/* in one message, as Linux's SCM_MAX_FD */
#define CHAN_FLIGHT	1024		/* handles under way in one direction: -ETOOMANYREFS */

/* handle_info.chan */
#define CHAN_TWO_WAY	1		/* a pair, not a pipe */
#define CHAN_RECORDS	2		/* keeps message boundaries */

/*
 * Handles are copied when they are sent (they need R_DUP) and become low handles of the receiver. In a
 * stream they belong to the first byte sent with them: a read stops before the next byte
 * that carries handles or another sender's credentials. A channel may not be sent through
 * itself, nor one that has channels under way: -ELOOP.
 */
struct chan_io {
	uint64_t iov;			/* struct abi_iovec * */
	uint32_t niov;			/* <= 1024 */
	uint32_t flags;			/* CHAN_* below: the values of Linux's MSG_* */
	uint64_t handles;		/* handle_t *: to send, or room for what comes */
	uint32_t nh;			/* how many; recv: afterwards those received. The others are closed */
	uint32_t out;			/* recv: CHAN_TRUNC a record was cut, CHAN_CTRUNC handles had no room */
	uint32_t pid;			/* recv: who sent it, or made the channel when nothing was ever sent */
	uint32_t pad;
	uint64_t cred;
};

#define CHAN_PEEK	0x2		/* recv: leaves it there; handles do not come */
#define CHAN_CTRUNC	0x8
#define CHAN_TRUNC	0x20		/* recv: the result is the record's full length */
#define CHAN_DONTWAIT	0x40
#define CHAN_WAITALL	0x100		/* recv: a stream waits till all is there */
#define CHAN_NOSIGNAL	0x4000		/* send: no SIGPIPE */
#define CHAN_CLOEXEC	0x40000000	/* recv: the new handles are */

#endif
