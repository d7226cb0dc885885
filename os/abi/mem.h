/* SPDX-License-Identifier: MIT */
/*
 * Memory objects, address spaces and the pager's protocol. Pages are 4096 bytes.
 *
 * The page cache is the set of pager-backed mems. A page of one is absent, clean or dirty. A reader
 * of an absent page blocks while the pager gets MSG_PAGE; the pager answers with mem_supply or
 * mem_fail. A writer that makes a clean or absent page dirty takes one page of the mem's credit;
 * without credit it blocks while the pager gets PAGE_RESERVE and answers with mem_grant (so a full
 * disk is said to the writer, not lost in the write back) or mem_fail(errno ENOSPC). A write past
 * the end extends the mem's size under the same credit. The pager learns of dirt by PAGE_DIRTY
 * (once, when the mem goes from clean to dirty) and collects it with mem_dirty and mem_take.
 */
#ifndef ABI_MEM_H
#define ABI_MEM_H

#include "types.h"

#define ABI_PAGE	4096

/* w[0] of MSG_PAGE; w[1] = offset (page aligned), w[2] = bytes wanted (a hint for read-ahead). */
enum page_op {
	PAGE_IN = 1,		/* answer: mem_supply or mem_fail over [w1, w1 + w2) */
	PAGE_RESERVE,		/* w[2] = pages wanted; answer: mem_grant, or mem_fail(mem, 0, 0, errno) */
	PAGE_DIRTY,		/* no answer */
	PAGE_PRESSURE,		/* memory is short: write back and drop what you can; no answer */
	PAGE_AHEAD,		/* a reader has come to page w[1], which was marked (MEM_MARK); no answer */
};

struct mem_run { uint64_t off, len; };	/* bytes, page aligned */

/*
 * Bits in an argument of calls of the server on its mem, to agree with those who write at the same time.
 * SYS_mem_size: MEM_GROW | size makes it longer, never shorter (size < 2^46). SYS_mem_drop: MEM_DIRTY_TOO | n drops
 * dirty pages as well, their credit comes back; a write that is under way is done again with the page that comes
 * then. SYS_mem_supply: MEM_PATCH | n changes bytes [off, off + n) of the pages that are there, which stay clean or
 * dirty, to those at buf, or to zeros when buf is 0.
 */
#define MEM_GROW	(1ull << 63)
#define MEM_DIRTY_TOO	(1ull << 63)
#define MEM_PATCH	(1ull << 63)

/*
 * SYS_mem_supply: MEM_MARK | n marks the first of these pages, and no other of the mem any more. Whoever comes to it first
 * lets the pager know, which so reads on before anyone has to wait.
 */
#define MEM_MARK	(1ull << 62)

/*
 * SYS_mem_size with MEM_LOOK gives the size, and MEM_WRITTEN in it if pages were written to since the last look or
 * PAGE_DIRTY: only the first write after the mem was clean is announced. Whoever wrote finds no kept answer to F_STAT, so it
 * is enough that the server looks when it is asked for the file's time or blocks.
 */
#define MEM_LOOK	(-2l)
#define MEM_WRITTEN	(1l << 62)

/* Flags of SYS_mem_create. */
#define MEM_FIXED	1	/* may not be resized */

/* PROT_* and MAP_* have Linux's values; W and X together are refused with -EACCES. */
struct vm_map {
	handle_t vm;		/* H_NONE: the caller's own */
	handle_t mem;		/* mem, or file with a mem plane; H_NONE: anonymous */
	uint64_t addr;		/* hint, or exact with MAP_FIXED */
	uint64_t len;
	uint64_t off;		/* page aligned */
	uint32_t prot;		/* PROT_READ 1, PROT_WRITE 2, PROT_EXEC 4 */
	uint32_t flags;		/* MAP_SHARED 1, MAP_PRIVATE 2, MAP_FIXED 0x10, MAP_FIXED_NOREPLACE 0x100000 */
};

/* A mapping, as SYS_vm_regions tells it. */
struct vm_region {
	uint64_t start, end;
	uint64_t off;		/* in what is mapped */
	uint64_t self;		/* of a file: what its pager knows it by (struct port_item), its inode; else 0 */
	uint32_t prot, flags;	/* PROT_*; MAP_SHARED or MAP_PRIVATE, MAP_ANONYMOUS 0x20 */
};

/* User addresses lie in [VM_BASE, VM_TOP). */
#define VM_BASE		0x0000000000010000ull
#define VM_TOP		0x00007ffffffff000ull

#endif
