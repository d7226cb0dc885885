/* SPDX-License-Identifier: MIT */
/*
 * Handle tables and handles in flight. A table has a low range of POSIX descriptors and a high one,
 * each an array of chunks of 64 slots with a bitmap, so the lowest free slot is found at once.
 *
 * Locks: handles.lock guards slots; it is taken before the locks of objects and after none.
 */
#ifndef KERNEL_HANDLE_H
#define KERNEL_HANDLE_H

#include "abi/types.h"
#include "lock.h"
#include "obj/obj.h"


#define HREF_OWNER	0x1000	/* in flags: the server's own handle of a file; does not count */

/* A handle outside a table: one reference, and one handle count if href_counts. */
struct href {
	struct obj *obj;
	uint32_t rights;
	uint32_t flags;		/* H_CLOEXEC, HREF_OWNER */
};

#define HCHUNK		64
#define HCHUNKS_MAX	1024	/* 65,536 handles in each range */

struct hchunk {
	uint64_t used;		/* bit i: slot i holds a handle */
	struct href slot[HCHUNK];
};

struct hrange {
	struct hchunk **dir;
	uint32_t ndir;
	uint32_t hint;		/* no chunk below it has a free slot */
	struct hchunk *first[2];	/* dir until it grows */
};

struct handles {
	struct spinlock lock;
	uint32_t count;
	uint32_t low_max;		/* low handles are below it (RLIMIT_NOFILE) */
	struct hrange low, high;
};

void handles_init(struct handles *t);
/* Closes everything. */
void handles_clear(struct handles *t);
/* Copies all of `from` into the empty table `to`: 0 or -ENOMEM with `to` partly filled. */
int handles_fork(struct handles *to, struct handles *from);
/* Closes what has H_CLOEXEC. */
void handles_exec(struct handles *t);
/* Closes the whole high range. */
void handles_clear_high(struct handles *t);

/* Puts *r at the lowest free place >= min and takes it over: the handle, or -EMFILE -ENOMEM. */
handle_t handle_put(struct handles *t, const struct href *r, handle_t min);
/* Puts *r at exactly h; what was there is closed. 0 or -EBADF -ENOMEM. */
int handle_put_at(struct handles *t, const struct href *r, handle_t h);
/* As handle_put; hflags H_PUT_LOW and H_CLOEXEC decide where and how. */
handle_t handle_place(struct handles *t, struct href r, uint32_t hflags);
int handle_close(struct handles *t, handle_t h);
/* A counted copy of h into *out: 0 or -EBADF. */
int handle_copy(struct handles *t, handle_t h, struct href *out);
/* Takes h out of the table into *out: 0 or -EBADF. */
int handle_take(struct handles *t, handle_t h, struct href *out);
/* Changes the slot flags in mask: the old ones, or -EBADF. */
int handle_set_flags(struct handles *t, handle_t h, uint32_t mask, uint32_t flags);

/* The slot of h, or NULL. Caller holds t->lock. */
static inline struct href *handle_slot(struct handles *t, handle_t h)
{
	uint32_t i = (uint32_t)h;
	struct hrange *r = &t->low;

	if (i >= H_HIGH) {
		i -= H_HIGH;
		r = &t->high;
	}
	if (i / HCHUNK >= r->ndir)
		return NULL;
	struct hchunk *c = r->dir[i / HCHUNK];
	if (!c || !(c->used >> i % HCHUNK & 1))
		return NULL;
	return &c->slot[i % HCHUNK];
}

/* The lowest open handle >= from in the range of `from`, or -EBADF. */
handle_t handle_next(struct handles *t, handle_t from);

/*
 * The object behind h of the calling process with a reference for the caller. 0, -EBADF, -EINVAL
 * when it is not of `kind` (OBJ_NONE: any), -EACCES when a right in `rights` is missing.
 */
int handle_object(handle_t h, enum obj_kind kind, uint32_t rights, struct obj **out);
/*
 * The slot of h of the calling process, its object referenced (not counted: obj_put it). 0 or
 * -EBADF.
 */
int handle_ref(handle_t h, struct href *out);
/* Makes a handle for a fresh object in the calling process and drops the maker's reference. */
handle_t handle_new(struct obj *o, uint32_t rights, uint32_t hflags);

/* Whether this handle counts in obj.handles. */
bool href_counts(const struct href *r);
void href_get(const struct href *r);
void href_drop(struct href *r);

#endif
