/* SPDX-License-Identifier: MIT */
/* /proc/kernel, and /proc/PID/maps. */
#include <errno.h>
#include <stdio.h>
#include <sys/mman.h>
#include "procfs.h"

static const char *const kinds[16] = {
	[OBJ_PROC] = "procs", [OBJ_THREAD] = "threads", [OBJ_MEM] = "mems", [OBJ_PORT] = "ports", [OBJ_FILE] = "files",
	[OBJ_EVQ] = "evqs", [OBJ_TIMER] = "timers", [OBJ_IRQ] = "irqs", [OBJ_DEV] = "devs", [OBJ_VM] = "vms",
	[OBJ_DEBUG] = "debugs",
};
static const char *const uses[8] = {
	[PAGES_FREE] = "pages-free", [PAGES_ANON] = "pages-anon", [PAGES_CACHE] = "pages-cache",
	[PAGES_KERNEL] = "pages-kernel", [PAGES_SLAB] = "pages-slab", [PAGES_SHARED] = "pages-shared",
	[PAGES_OTHER] = "pages-other",
};

static size_t line(char *buf, size_t size, size_t n, const char *name, uint64_t v)
{
	int k = snprintf(buf + n, size - n, "%s %llu\n", name, (unsigned long long)v);

	return k < 0 || (size_t)k >= size - n ? n : n + (size_t)k;
}

size_t kernel_text(char *buf, size_t size)
{
	struct kernel_stat s = { 0 };
	size_t n = 0;

	sys6(SYS_kernel_stat, SYS_ARG(&s), sizeof(s), 0, 0, 0, 0);
	for (int i = 0; i < 16; i++)
		if (kinds[i])
			n = line(buf, size, n, kinds[i], s.objects[i]);
	n = line(buf, size, n, "chans", s.chans);
	n = line(buf, size, n, "handles", s.handles);
	for (int i = 0; i < 8; i++)
		if (uses[i])
			n = line(buf, size, n, uses[i], s.pages[i]);
	n = line(buf, size, n, "pages-dirty", s.dirty);
	n = line(buf, size, n, "slab-bytes", s.slab_bytes);
	n = line(buf, size, n, "running", s.running);
	n = line(buf, size, n, "interrupts", s.interrupts);
	return line(buf, size, n, "switches", s.switches);
}

/* The kernel knows no names: a file is known by its inode. */
static int one_map(char *buf, size_t size, const struct vm_region *v)
{
	return snprintf(buf, size, "%08llx-%08llx %c%c%c%c %08llx %s %llu\n", (unsigned long long)v->start,
			(unsigned long long)v->end, v->prot & PROT_READ ? 'r' : '-', v->prot & PROT_WRITE ? 'w' : '-',
			v->prot & PROT_EXEC ? 'x' : '-', v->flags & MAP_SHARED ? 's' : 'p', (unsigned long long)v->off,
			v->self ? "08:00" : "00:00", (unsigned long long)v->self);
}

int64_t maps_text(uint32_t pid, char *buf, size_t size)
{
	static struct vm_region v[64];
	uint64_t from = 0;
	size_t n = 0;

	for (;;) {
		struct msg m = { .w = { P_MAPS, pid, from }, .r[1] = { (uint64_t)v, sizeof(v) } };
		int64_t got = sys_call(srv_start()->procd, &m);

		if (got <= 0)
			return got < 0 && !n ? got : (int64_t)n;
		for (int64_t i = 0; i < got; i++) {
			int k = one_map(buf + n, size - n, &v[i]);

			if (k < 0 || (size_t)k >= size - n)
				return (int64_t)n;	/* as much as there is room for */
			n += (size_t)k;
			from = v[i].end;
		}
	}
}
