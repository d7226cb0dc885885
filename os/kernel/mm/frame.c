/* SPDX-License-Identifier: MIT */
/*
 * Physical frames: a buddy allocator over blocks of 2^0..2^10 frames. Only the heads of free blocks
 * are marked FRAME_FREE, so that the array needs nothing but zeroes at boot. One lock guards
 * lists and marks; the counts are atomic and need none.
 */
#include "boot/boot.h"
#include "defs.h"
#include "mm/private.h"

#define MAX_ORDER	10
#define RESERVE		96	/* frames that only the kernel's own structures may take */
#define PART		64	/* of all frames: what servers have beyond that, before programs */
#define PART_MIN	48
#define PART_MAX	1024

struct frame *frames;
uint64_t nframes;

static struct spinlock lock = SPINLOCK_INIT("frames", RANK_FRAME);
static uint32_t free_list[MAX_ORDER + 1];	/* frame number of the first, 0: none */
static uint64_t nfree, ntotal;
static uint64_t floor_user;			/* programs leave so many free frames */

static void list_push(uint64_t n, unsigned order)
{
	struct frame *f = &frames[n];

	f->kind = FRAME_FREE;
	f->order = (uint8_t)order;
	f->prev = 0;
	f->next = free_list[order];
	if (f->next != 0)
		frames[f->next].prev = (uint32_t)n;
	free_list[order] = (uint32_t)n;
}

static void list_take(uint64_t n, unsigned order)
{
	struct frame *f = &frames[n];

	if (f->prev != 0)
		frames[f->prev].next = f->next;
	else
		free_list[order] = f->next;
	if (f->next != 0)
		frames[f->next].prev = f->prev;
	f->kind = FRAME_FREE_TAIL;
}

static void free_block(uint64_t n, unsigned order)
{
	nfree += 1ul << order;
	for (; order < MAX_ORDER; order++) {
		uint64_t buddy = n ^ (1ul << order);

		if (buddy >= nframes || frames[buddy].kind != FRAME_FREE || frames[buddy].order != order)
			break;
		list_take(buddy, order);
		n &= ~(1ul << order);
	}
	list_push(n, order);
}

/*
 * How many free frames the caller must leave. The servers need memory to write pages back: what is kept
 * for them is taken from no program, and some of what the kernel needs for them either.
 */
static uint64_t floor_of(enum frame_kind kind)
{
	bool server = mem_is_server();

	if (kind == FRAME_ANON || kind == FRAME_CACHE)
		return server ? RESERVE : floor_user;
	return server ? 0 : RESERVE / 2;
}

static uint64_t take_block(unsigned order, uint64_t floor)
{
	unsigned o = order;
	uint64_t n;

	if (nfree < floor + (1ul << order))
		return 0;
	while (o <= MAX_ORDER && free_list[o] == 0)
		o++;
	if (o > MAX_ORDER)
		return 0;
	n = free_list[o];
	list_take(n, o);
	while (o > order) {
		o--;
		list_push(n + (1ul << o), o);
	}
	nfree -= 1ul << order;
	return n;
}

#define KEEP	(sizeof(cpus[0].frames_kept) / sizeof(cpus[0].frames_kept[0]))

/* Single frames go through a stack of the CPU's own, filled and emptied by halves. */
static void fill_kept(struct cpu *c, enum frame_kind kind)
{
	uint64_t floor = floor_of(kind), n;

	spin_lock(&lock);
	while (c->nframes_kept < KEEP / 2 && (n = take_block(0, floor)) != 0)
		c->frames_kept[c->nframes_kept++] = (uint32_t)n;
	spin_unlock(&lock);
	if (nfree < frame_low())
		reclaim_due = true;
}

static uint64_t take_kept(enum frame_kind kind)
{
	struct cpu *c = this_cpu();

	if (c->nframes_kept == 0) {
		fill_kept(c, kind);
		if (c->nframes_kept == 0)
			return 0;
	}
	return c->frames_kept[--c->nframes_kept];
}

static void spill_kept(struct cpu *c)
{
	spin_lock(&lock);
	while (c->nframes_kept > KEEP / 2)
		free_block(c->frames_kept[--c->nframes_kept], 0);
	spin_unlock(&lock);
}

static inline void keep_frame(struct cpu *c, uint64_t n)
{
	if (c->nframes_kept == KEEP)
		spill_kept(c);
	c->frames_kept[c->nframes_kept++] = (uint32_t)n;
}

static uint64_t take(enum frame_kind kind, unsigned order)
{
	uint64_t n, floor;

	if (order == 0)
		return take_kept(kind);
	floor = floor_of(kind);
	spin_lock(&lock);
	n = take_block(order, floor);
	spin_unlock(&lock);
	return n;
}

static void begin(struct frame *f, enum frame_kind kind, unsigned order)
{
	f->ref = 1;
	f->kind = (uint8_t)kind;
	f->order = (uint8_t)order;
	f->cls = 0;
	f->flags = 0;
	f->owner = NULL;
}

struct frame *frame_alloc_order(enum frame_kind kind, unsigned order)
{
	struct frame *f;
	uint64_t n;

	while ((n = take(kind, order)) == 0)
		if (mem_reclaim(64) == 0)
			return NULL;
	f = &frames[n];
	begin(f, kind, order);
	return f;
}

unsigned frame_alloc_some(uint32_t *number, unsigned n)
{
	struct cpu *c = this_cpu();
	uint32_t left;

	if (c->nframes_kept < n)
		fill_kept(c, FRAME_ANON);
	if (c->nframes_kept < n)
		n = c->nframes_kept;
	left = c->nframes_kept -= n;
	for (unsigned i = 0; i < n; i++) {
		number[i] = c->frames_kept[left + i];
		begin(&frames[number[i]], FRAME_ANON, 0);
	}
	return n;
}

struct frame *frame_alloc(enum frame_kind kind)
{
	return frame_alloc_order(kind, 0);
}

struct frame *frame_alloc_zero(enum frame_kind kind)
{
	struct frame *f = frame_alloc_order(kind, 0);

	if (f != NULL)
		page_zero(frame_virt(f));
	return f;
}

void frame_free_range(uint64_t first, uint64_t count)
{
	spin_lock(&lock);
	while (count != 0) {
		unsigned order = 0;

		while (order < MAX_ORDER && (first & (1ul << order)) == 0 && (2ul << order) <= count)
			order++;
		free_block(first, order);
		first += 1ul << order;
		count -= 1ul << order;
	}
	spin_unlock(&lock);
}

/* Its last reference is gone. */
static void frame_free(struct frame *f)
{
	f->kind = FRAME_FREE_TAIL;
	if (f->order == 0) {
		keep_frame(this_cpu(), frame_number(f));
		return;
	}
	spin_lock(&lock);
	free_block(frame_number(f), f->order);
	spin_unlock(&lock);
}

static inline bool frame_drop(struct frame *f)
{
	return f->kind != FRAME_RESERVED && __atomic_sub_fetch(&f->ref, 1, __ATOMIC_ACQ_REL) == 0;
}

void frame_put(struct frame *f)
{
	if (frame_drop(f))
		frame_free(f);
}

/* Only page table entries refer to private memory: no one can find a frame of which the caller has the last. */
void frame_put_some(const uint32_t *number, unsigned n)
{
	struct cpu *c = this_cpu();

	for (unsigned i = 0; i < n; i++) {
		struct frame *f = &frames[number[i]];

		if (f->kind == FRAME_ANON && __atomic_load_n(&f->ref, __ATOMIC_ACQUIRE) == 1) {
			f->kind = FRAME_FREE_TAIL;
			keep_frame(c, number[i]);
		} else if (frame_drop(f)) {
			frame_free(f);
		}
	}
}

struct frame *frame_of_phys(uint64_t pa)
{
	uint64_t n = pa >> PAGE_SHIFT;

	return n < nframes ? &frames[n] : NULL;
}

uint64_t frame_free_count(void)
{
	uint64_t n = nfree;

	for (uint32_t i = 0; i < ncpu; i++)
		n += cpus[i].nframes_kept;
	return n;
}

uint64_t frame_total(void)
{
	return ntotal;
}

uint64_t frame_low(void)
{
	return floor_user + ntotal / PART;
}

bool frame_short(void)
{
	return nfree < floor_user + KEEP;
}

/* Gives [base, end) to the allocator but for what lies in the kernel, the archive or the array. */
static void add_range(uint64_t base, uint64_t end, const struct boot_range *keep, unsigned nkeep)
{
	for (unsigned i = 0; i < nkeep; i++) {
		uint64_t a = keep[i].base & ~(PAGE - 1), b = (keep[i].base + keep[i].len + PAGE - 1) & ~(PAGE - 1);

		if (a >= end || b <= base)
			continue;
		if (a > base)
			add_range(base, a, keep + i + 1, nkeep - i - 1);
		base = b;
		if (base >= end)
			return;
	}
	base = (base + PAGE - 1) & ~(PAGE - 1);
	end &= ~(PAGE - 1);
	if (base >= end)
		return;
	ntotal += (end - base) >> PAGE_SHIFT;
	frame_free_range(base >> PAGE_SHIFT, (end - base) >> PAGE_SHIFT);
}

static bool overlaps(uint64_t a, uint64_t n, const struct boot_range *r)
{
	return r->len != 0 && a < r->base + r->len && r->base < a + n;
}

/* A place for n bytes in RAM below 4 GiB (mapped already), outside keep[]. */
static uint64_t find_room(uint64_t n, const struct boot_range *keep, unsigned nkeep)
{
	for (uint32_t i = 0; i < boot_info.nmap; i++) {
		const struct boot_range *m = &boot_info.map[i];
		uint64_t a = m->base < 0x100000 ? 0x100000 : (m->base + PAGE - 1) & ~(PAGE - 1);

		if (!m->ram)
			continue;
		for (unsigned k = 0; k < nkeep; k++)
			if (overlaps(a, n, &keep[k])) {
				a = (keep[k].base + keep[k].len + PAGE - 1) & ~(PAGE - 1);
				k = (unsigned)-1;
			}
		if (a + n <= m->base + m->len && a + n <= 1ul << 32)
			return a;
	}
	panic("no room for the array of frames");
}

extern const char kernel_start[], kernel_end[];

void frame_init(void)
{
	struct boot_range keep[3] = {
		{ (uint64_t)kernel_start - KERNEL_BASE, (uint64_t)(kernel_end - kernel_start), true },
		{ boot_info.initrd, boot_info.initrd_len, true },
	};
	uint64_t top = 0, bytes;

	for (uint32_t i = 0; i < boot_info.nmap; i++)
		if (boot_info.map[i].ram && boot_info.map[i].base + boot_info.map[i].len > top)
			top = boot_info.map[i].base + boot_info.map[i].len;
	nframes = top >> PAGE_SHIFT;
	bytes = (nframes * sizeof(struct frame) + PAGE - 1) & ~(PAGE - 1);
	keep[2] = (struct boot_range){ find_room(bytes, keep, 2), bytes, true };
	frames = phys_to_virt(keep[2].base);
	for (uint64_t a = 0; a < bytes; a += PAGE)
		page_zero((uint8_t *)frames + a);
	direct_map_extend(top);
	for (uint32_t i = 0; i < boot_info.nmap; i++) {
		const struct boot_range *m = &boot_info.map[i];
		uint64_t base = m->base < 0x100000 ? 0x100000 : m->base;

		if (m->ram && m->base + m->len > base)
			add_range(base, m->base + m->len, keep, 3);
	}
	kernel_frames_end();
	floor_user = ntotal / PART;
	floor_user = RESERVE + (floor_user < PART_MIN ? PART_MIN : floor_user > PART_MAX ? PART_MAX : floor_user);
}
