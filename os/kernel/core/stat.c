/* SPDX-License-Identifier: MIT */
/* SYS_kernel_stat: what the kernel holds. Counts are of one moment only when nothing else runs. */
#include "abi/sys.h"
#include "defs.h"
#include "proc/proc.h"
#include "sys/sys.h"

static void count_handles(struct proc *p, void *arg)
{
	*(uint64_t *)arg += p->handles.count;
}

/* A thread may end on another CPU than it was made on: only the sums mean something. */
static void count_cpus(struct kernel_stat *s)
{
	for (uint32_t i = 0; i < ncpu; i++) {
		for (unsigned k = 0; k < 16; k++)
			s->objects[k] += (uint64_t)cpus[i].nobj[k];
		s->chans += (uint64_t)cpus[i].nchan;
		s->interrupts += cpus[i].nirq;
		s->switches += cpus[i].nswitch;
	}
}

static enum page_use use_of(const struct frame *f)
{
	switch (f->kind) {
	case FRAME_ANON:
		return PAGES_ANON;
	case FRAME_CACHE:
		return PAGES_CACHE;
	case FRAME_KERNEL:
		return PAGES_KERNEL;
	case FRAME_SLAB:
		return PAGES_SLAB;
	case FRAME_SHARED:
		return PAGES_SHARED;
	default:
		return PAGES_OTHER;
	}
}

/* Reserved and free ones are skipped; blocks are counted at their heads. */
static void count_frames(struct kernel_stat *s)
{
	for (uint64_t i = 0; i < nframes; i++) {
		const struct frame *f = &frames[i];

		if (f->kind == FRAME_RESERVED || f->kind == FRAME_FREE || f->kind == FRAME_FREE_TAIL)
			continue;
		s->pages[use_of(f)] += 1ul << f->order;
		if (f->kind == FRAME_SLAB)
			s->slab_bytes += slab_bytes(f);
	}
	s->pages[PAGES_FREE] = frame_free_count();
}

long sys_kernel_stat(long buf, long n)
{
	struct kernel_stat s = { .dirty = mem_dirty_pages(), .running = sched_running() };

	if (n < 0)
		return -EINVAL;
	n = n < (long)sizeof(s) ? n : (long)sizeof(s);
	count_cpus(&s);
	count_frames(&s);
	proc_each(count_handles, &s.handles);
	sched_load(s.load);
	return copyout((uint64_t)buf, &s, (uint64_t)n) != 0 ? -EFAULT : n;
}
