/* SPDX-License-Identifier: MIT */
/*
 * file.h: files: what POSIX descriptors name.
 *
 * obj.handles counts the clients' handles. With a port, the last one's end sends MSG_CLOSE; the
 * owner may hand out new ones afterwards. port, rights, plane, mem and end never change; held
 * goes from true to false once, and while it is true `end` is not used for data or readiness.
 */
#ifndef KERNEL_FILE_H
#define KERNEL_FILE_H

#include "abi/msg.h"
#include "ipc/port.h"
#include "mm/mem.h"
#include "obj/chan.h"
#include "obj/iter.h"
#include "obj/poll.h"

struct file;

/* What stands behind a file that is the kernel's own (PLANE_KERNEL, no port). */
struct file_ops {
	/* Bytes or -errno, one at a time as they like; NULL: -EINVAL. */
	int64_t (*read)(struct file *f, struct iter *it, bool nonblock);
	int64_t (*write)(struct file *f, struct iter *it, bool nonblock);
	uint32_t (*ready)(struct file *f);	/* EV_* now, without locks */
	void (*destroy)(struct file *f);	/* frees priv */
};

/* Linux's values. */
#define O_ACCMODE	3
#define O_RDONLY	0
#define O_WRONLY	1
#define O_RDWR		2
#define O_APPEND	02000
#define O_NONBLOCK	04000
#define O_CLOEXEC	02000000
#define O_DIRECT	040000		/* of a mem plane: reads and writes go to the server, by messages */
#define F_CHANGEABLE	(O_APPEND | O_NONBLOCK | O_DIRECT)

struct file {
	struct obj obj;			/* OBJ_FILE */
	struct port *port;		/* referenced; NULL: pipes and pairs, PLANE_KERNEL */
	uint64_t id;			/* changes when another server inherits the port */
	uint32_t epoch;			/* of port, when its present server came to know it */
	uint64_t self[3];		/* of struct file_args */
	bool refused;			/* a restarted server did not know it again */
	uint32_t rights;		/* of clients' handles */
	_Atomic uint32_t fflags;
	uint8_t plane;			/* enum file_plane */
	bool seekable;
	_Atomic bool held;		/* FILE_HELD */
	uint8_t idle;			/* FILE_ZERO or FILE_NULL: no server is asked for data; else 0 */
	bool end_open;			/* counts as a user of `end`; changed once, by closed or destroy */
	struct mem *mem;		/* PLANE_MEM, referenced */
	struct chan_end *end;		/* PLANE_CHAN, referenced */
	struct chan_end *wend;		/* FILE_BOTH: what is written to; a user of it as of `end`. Else NULL */
	const struct file_ops *ops;	/* PLANE_KERNEL, else NULL */
	void *priv;			/* of ops */
	struct spinlock lock;
	uint64_t offset;		/* by the holder of `busy` */
	bool busy;			/* someone moves the offset; under lock */
	struct waitq busy_wait;		/* under lock */
	_Atomic uint32_t ready;		/* EV_* as the server pushed them */
	struct poll_head poll;		/* not used for PLANE_CHAN */
	struct list port_node;		/* in port.files, under port.lock */
	struct port_note close;		/* MSG_CLOSE; holds a reference while it is out */
};

extern const struct obj_type file_type;

void files_init(void);

struct poll_head *file_poll_head(struct file *f);

/* The channel's end that data goes through, or NULL. */
static inline struct chan_end *file_end(const struct file *f)
{
	return atomic_load_explicit(&f->held, memory_order_acquire) ? NULL : f->end;
}

/* EV_* bits of a file now. */
static inline uint32_t file_bits(const struct file *f)
{
	if (!f->port)
		return f->ops ? f->ops->ready((struct file *)f) : chan_ready(f->end);
	uint32_t bits = atomic_load_explicit(&f->ready, memory_order_relaxed);
	if (file_end(f))
		bits |= chan_ready(f->end) | (f->wend ? chan_ready(f->wend) : 0);
	else if (f->plane == PLANE_MEM || f->idle)
		bits |= EV_IN | EV_OUT;
	if (f->port->dead)
		bits |= EV_HUP | EV_ERR | EV_IN | EV_OUT;
	return bits;
}

/* The mem with which what f's server says of the file is kept: its own, not one that it only hands on; or NULL. */
static inline struct mem *file_stat_mem(const struct file *f)
{
	return f->plane == PLANE_MEM && f->port && f->mem->port == f->port ? f->mem : NULL;
}

/* A file over one end of a channel, without a port; takes the reference to end over. */
struct file *file_over(struct chan_end *end, uint32_t accmode, uint32_t fflags);

/* A file of the kernel's own for reading and writing, which takes priv over. NULL: no memory. */
struct file *file_of_kernel(const struct file_ops *ops, void *priv, uint32_t oflags);
/* A low handle for a fresh file, whose reference is dropped. */
handle_t file_handle(struct file *f, uint32_t oflags);

/* A counted handle on its way to another process: an owner's of a file becomes a client's. */
void file_export(struct href *r);

/*
 * The file behind h of the calling process, referenced. -EBADF also when its access mode does not
 * allow `right` (R_READ or R_WRITE, 0: none), -EACCES when the handle does not.
 */
int file_get(handle_t h, uint32_t right, struct file **f);

/*
 * The mem behind h: of a mem, or of a file with a mem plane; referenced. *have: rights of the
 * handle.
 */
int handle_mem(handle_t h, uint32_t rights, struct mem **m, uint32_t *have);

/* Data of a file from or to the iterator's memory; off -1: at the file's offset, which moves. */
int64_t file_read(struct file *f, struct iter *it, int64_t off);
int64_t file_write(struct file *f, struct iter *it, int64_t off);

/* The exclusive right to use the offset; -EINTR. */
int file_hold(struct file *f);
void file_unhold(struct file *f);

#endif
