/* SPDX-License-Identifier: MIT */
/*
 * mem.h: memory objects: pages by index; anonymous, pager-backed (the page cache) or physical.
 *
 * mem.lock guards size, pages and counters. A page in the cache is absent, wanted (a PAGE_IN is
 * out), clean or dirty; see abi/mem.h. Whoever waits for a page sleeps on mem.wait.
 */
#ifndef KERNEL_MEM_H
#define KERNEL_MEM_H

#include <stdbool.h>
#include <stdint.h>

#include "abi/mem.h"
#include "list.h"
#include "lock.h"
#include "mm/frame.h"
#include "obj/obj.h"
#include "sched/thread.h"

struct port;

enum mem_kind { MEM_ANON, MEM_PAGER, MEM_PHYS };

struct mem {
	struct obj obj;			/* OBJ_MEM */
	struct spinlock lock;
	uint8_t kind;			/* enum mem_kind */
	uint8_t cache;			/* MEM_PHYS: 0, DEV_UNCACHED, DEV_WRITECOMB */
	bool fixed;			/* may not be resized */
	bool dead;			/* the pager is gone: absent pages give -EIO */
	bool owns_frames;		/* MEM_PHYS made by mem_create_dma */
	bool sweeping;			/* one sweep over regions at a time (sleeps on wait) */
	uint8_t height;			/* of the page tree, see pages.c */
	void *root;
	uint64_t size;			/* bytes */
	uint64_t npages, ndirty;
	uint64_t cuts;			/* odd while resize cuts pages off: who makes the mem longer waits (on wait) */
	uint64_t out_first, out_end;	/* pages that the pager took and may not have written yet: not reclaimed */
	uint64_t phys;			/* MEM_PHYS: first byte */
	struct port *port;		/* MEM_PAGER, referenced */
	uint64_t key;
	uint64_t self[2];		/* what a restarted pager knows it again by */
	uint32_t era;			/* epoch of port when its present server came to know it */
	bool taken;			/* dirty pages were taken: the disk may be older than any page */
	bool wrote;			/* pages were written to since PAGE_DIRTY, or the pager's last look (MEM_LOOK) */
	uint64_t credit;		/* pages that may still become dirty */
	bool reserve_sent;
	bool pressed;			/* PAGE_PRESSURE was sent and nothing has been taken since */
	uint64_t hand;			/* page index where the reclaimer goes on */
	uint64_t ra_next, ra_len;	/* pages: where a sequential reader comes next, its window */
	uint64_t ra_mark;		/* MEM_MARK: index + 1 of the page whose use the pager is to hear of; 0: none */
	struct list page_waits;		/* threads that wait for pages or credit (pager.c) */
	struct waitq wait;		/* the end of a sweep, or of dirt */
	struct list regions;		/* region.mem_node */
	uint64_t epoch;			/* of the last sweep */
	struct list pager_node;		/* in the list of all pager-backed mems */
	struct mem_stat *stat;		/* what its pager said of the file, or NULL (stat.c) */
	uint64_t changes;		/* how often that became wrong; without the lock */
};

struct mem *mem_create(uint64_t size, bool fixed);			/* NULL: no memory */
struct mem *mem_create_pager(struct port *port, uint64_t key, uint64_t size, bool fixed);
struct mem *mem_create_phys(uint64_t phys, uint64_t size, unsigned cache);
struct mem *mem_create_dma(uint64_t size, uint64_t *phys);		/* contiguous, zeroed */
void mem_destroy(struct obj *o);

/*
 * A struct stat that the pager allows to be kept (STAT_KEEP in abi/file.h). mem_stat_since comes before the
 * question, and what has changed since then makes the answer void.
 */
static inline uint64_t mem_stat_since(const struct mem *m)
{
	return __atomic_load_n(&m->changes, __ATOMIC_SEQ_CST);
}
static inline void mem_stat_changed(struct mem *m)
{
	__atomic_add_fetch(&m->changes, 1, __ATOMIC_SEQ_CST);
}
void mem_stat_keep(struct mem *m, uint64_t since, const void *st);
int mem_stat(struct mem *m, uint64_t ust);	/* 0, -EAGAIN: not known, -EFAULT */

void mem_pager_dead(struct port *port);		/* its server is gone: waiters get -EIO */
/* Another server inherits the port: no mem of it has a key until it is adopted. */
void mem_inherit_begin(struct port *port);
struct mem *mem_inherit_next(struct port *port);	/* one that it does not know yet, referenced; NULL: none */
/* The new server knows m as `key`, or refuses it (0). Dirty pages. */
uint64_t mem_adopt(struct mem *m, uint64_t key);

/*
 * Between a mem and the caller's user memory. Bytes, less at the end (0 there) or after an error
 * that follows some bytes; -errno (-EFAULT, -EIO, -ENOSPC, -EINTR...). May sleep. A write past the
 * end extends the mem (not a fixed or physical one: cut, -ENOSPC when nothing fits).
 */
int64_t mem_read(struct mem *m, uint64_t off, uint64_t ubuf, uint64_t n);
int64_t mem_write(struct mem *m, uint64_t off, uint64_t ubuf, uint64_t n);
/* The same with kernel memory. */
int64_t mem_read_kernel(struct mem *m, uint64_t off, void *buf, uint64_t n);
int64_t mem_write_kernel(struct mem *m, uint64_t off, const void *buf, uint64_t n);
uint64_t mem_size(struct mem *m);

/*
 * Memory pressure (reclaim.c). frame_alloc calls mem_reclaim, under any locks: clean pages that nobody
 * maps. What is mapped or dirty takes the reclaimer, a thread. Who holds no locks and got -ENOMEM calls
 * mem_wait and, when that gives 0, tries again: pages have come back, or a process was killed for them
 * (proc/oom.c). -ENOMEM: there is nothing left that could be given back; -EINTR: the caller must end.
 */
uint64_t mem_reclaim(uint64_t want);
int mem_wait(void);
extern volatile bool reclaim_due;	/* set by frame_alloc */
void mem_reclaim_wake(void);		/* no locks held */
static inline void mem_reclaim_poke(void)
{
	if (reclaim_due)
		mem_reclaim_wake();
}
/* Whether the caller may use what is kept for servers: root's processes that have a port, the kernel, who ends. */
bool mem_is_server(void);
uint64_t mem_cache_pages(void);
uint64_t mem_dirty_pages(void);

/* The object half supplies: queues a MSG_PAGE; takes RANK_PORT, so no mem lock held. 0 or -ENOMEM, -EPIPE when dead. */
int port_post_page(struct port *port, uint64_t key, uint64_t op, uint64_t off, uint64_t len);

#endif
