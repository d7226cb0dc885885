/* SPDX-License-Identifier: MIT */
/* Fixed-width types, handles and rights: what every other header of the ABI uses. */
#ifndef ABI_TYPES_H
#define ABI_TYPES_H

#include <stdint.h>

/*
 * A handle is an index into the process's handle table. The table has two ranges: POSIX descriptors
 * [0, H_HIGH) where "lowest free" holds, and internal handles [H_HIGH, H_MAX). A handle carries a
 * flag H_CLOEXEC and rights; the object behind it is shared by dup, fork and messages.
 */
typedef int32_t handle_t;

#define H_HIGH		(1 << 20)
#define H_MAX		(H_HIGH + (1 << 20))
#define H_NONE		(-1)

/* Flags of a handle slot. */
#define H_CLOEXEC	0x1

/* Where a received or new handle is put (flag words named hflags). */
#define H_PUT_LOW	0x10	/* lowest free POSIX descriptor; else in the high range */

/* Rights. A dup may only remove rights. */
#define R_READ		0x001	/* read data, map for reading */
#define R_WRITE		0x002	/* write data, map for writing */
#define R_EXEC		0x004	/* map for execution */
#define R_CALL		0x008	/* send messages to the server behind it */
#define R_RECV		0x010	/* receive on a port, answer its tokens */
#define R_CONTROL	0x020	/* change the object (signal a process, resize, set a timer) */
#define R_DUP		0x040	/* may be duplicated and sent */
#define R_ALL		0x07f

/* Kinds of objects (struct handle_info.kind). */
enum obj_kind {
	OBJ_NONE, OBJ_PROC, OBJ_THREAD, OBJ_MEM, OBJ_PORT, OBJ_FILE, OBJ_EVQ, OBJ_TIMER, OBJ_IRQ,
	OBJ_DEV, OBJ_VM, OBJ_DEBUG,
};

struct handle_info {
	uint32_t kind;		/* enum obj_kind */
	uint32_t rights;
	uint32_t flags;		/* H_CLOEXEC */
	uint32_t fflags;	/* OBJ_FILE: status flags (O_ACCMODE | O_APPEND | O_NONBLOCK) */
	uint64_t koid;		/* unique number of the object since boot */
	uint64_t id;		/* OBJ_FILE: the server's id of it; OBJ_PROC: pid */
	uint64_t size;		/* OBJ_MEM, or OBJ_FILE with a mem plane: bytes; pipes: bytes readable */
	uint32_t plane;		/* OBJ_FILE: enum file_plane */
	uint32_t ready;		/* readiness bits now (EV_*); OBJ_MEM: EV_HUP when this handle is the only reference left */
	uint32_t chan;		/* a channel: CHAN_TWO_WAY, CHAN_RECORDS */
	uint32_t peer_pid;	/* a channel: who made it */
	uint64_t peer_cred;
};

/* Readiness bits: the values of POLLIN etc. on purpose. */
#define EV_IN		0x0001
#define EV_PRI		0x0002
#define EV_OUT		0x0004
#define EV_ERR		0x0008	/* always reported */
#define EV_HUP		0x0010	/* always reported: the other side, or the server, is gone */
#define EV_NVAL		0x0020
#define EV_RDHUP	0x2000
/* Bits of a process object. */
#define EV_EXITED	0x10000
#define EV_STOPPED	0x20000
#define EV_CONTINUED	0x40000
#define EV_EXECED	0x80000		/* in MSG_STATE only: a set-id program was executed, w[2] its cred */

/*
 * Time is int64_t nanoseconds. Deadlines are absolute on CLOCK_MONOTONIC (time since boot);
 * T_FOREVER never passes, 0 has always passed (try once, do not block).
 */
#define T_FOREVER	INT64_MAX

#endif
