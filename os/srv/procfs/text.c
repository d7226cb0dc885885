/* SPDX-License-Identifier: MIT */
/* What the files of /proc say: in the form of Linux's, for what this system knows. */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include "procfs.h"

#define SECOND	1000000000ul
#define TICKS	100u			/* of sysconf(_SC_CLK_TCK) */

struct out { char *buf; size_t n, size; };

static void put(struct out *o, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
static void put(struct out *o, const char *fmt, ...)
{
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(o->buf + o->n, o->size - o->n, fmt, ap);
	va_end(ap);
	o->n += n < 0 ? 0 : (size_t)n < o->size - o->n ? (size_t)n : o->size - o->n - 1;
}

static int64_t ask(uint64_t op, uint32_t pid, void *buf, size_t size, struct msg *m)
{
	*m = (struct msg){ .w = { op, pid }, .r[1] = { (uint64_t)buf, size } };
	return sys_call(srv_start()->procd, m);
}

int64_t cmdline_of(uint32_t pid, char *buf, size_t size)
{
	struct msg m;

	return ask(P_CMDLINE, pid, buf, size, &m);
}

int64_t list_pids(uint32_t *pids, size_t max)
{
	struct msg m;
	int64_t n = ask(P_LIST, 0, pids, max * sizeof(*pids), &m);

	return n > (int64_t)max ? (int64_t)max : n;
}

int alive(uint32_t pid, uint32_t *uid)
{
	struct proc_info info;
	struct msg m;

	if (ask(P_INFO, pid, &info, sizeof(info), &m) < 0)
		return 0;
	*uid = CRED_UID(m.w[4]);
	return 1;
}

static void meminfo(struct out *o)
{
	struct sys_info si = { 0 };

	sys_sysinfo(&si);
	put(o, "MemTotal:       %8lu kB\nMemFree:        %8lu kB\nMemAvailable:   %8lu kB\n", si.mem_total >> 10,
	    si.mem_free >> 10, (si.mem_free + si.mem_cache) >> 10);
	put(o, "Buffers:               0 kB\nCached:         %8lu kB\nSwapCached:            0 kB\n", si.mem_cache >> 10);
	put(o, "SwapTotal:             0 kB\nSwapFree:              0 kB\n");
}

static void cpuinfo(struct out *o)
{
	struct sys_info si = { 0 };
	uint32_t name[12], a, b, c, d;
	char text[49] = "";

	sys_sysinfo(&si);
	for (uint32_t i = 0; i < 3; i++) {
		__asm__ volatile("cpuid" : "=a"(a), "=b"(b), "=c"(c), "=d"(d) : "a"(0x80000002u + i), "c"(0));
		memcpy(name + 4 * i, (uint32_t[]){ a, b, c, d }, 16);
	}
	memcpy(text, name, 48);
	for (uint32_t i = 0; i < si.ncpu; i++)
		put(o, "processor\t: %u\nmodel name\t: %s\n\n", i, text);
}

static void process_stat(struct out *o, uint32_t pid, const struct proc_info *p, const struct msg *m)
{
	static const char states[] = "STZ";

	put(o, "%u (%s) %c %lu %lu %lu %lu -1 0 0 0 0 0 %lu %lu 0 0 20 0 %u 0 0 %lu %lu\n", pid, p->name,
	    states[m->w[5] < 3 ? m->w[5] : 2], m->w[1], m->w[2], m->w[3], m->w[6], p->ns_user / (SECOND / TICKS),
	    p->ns_sys / (SECOND / TICKS), p->nthread, p->vm_size, p->vm_rss / ABI_PAGE);
}

static void status(struct out *o, uint32_t pid, const struct proc_info *p, const struct msg *m)
{
	static const char *const states[] = { "S (sleeping)", "T (stopped)", "Z (zombie)" };
	uint32_t uid = CRED_UID(m->w[4]), gid = CRED_GID(m->w[4]);

	put(o, "Name:\t%s\nState:\t%s\nTgid:\t%u\nPid:\t%u\nPPid:\t%lu\n", p->name, states[m->w[5] < 3 ? m->w[5] : 2], pid,
	    pid, m->w[1]);
	put(o, "Uid:\t%u\t%u\t%u\t%u\nGid:\t%u\t%u\t%u\t%u\n", uid, uid, uid, uid, gid, gid, gid, gid);
	put(o, "VmSize:\t%8lu kB\nVmRSS:\t%8lu kB\nThreads:\t%u\n", p->vm_size >> 10, p->vm_rss >> 10, p->nthread);
}

static int64_t process_text(enum file f, uint32_t pid, struct out *o)
{
	struct proc_info p = { 0 };
	struct msg m;
	int64_t n = ask(P_INFO, pid, &p, sizeof(p), &m);

	if (n < 0)
		return n;
	if (f == STAT) {
		process_stat(o, pid, &p, &m);
	} else if (f == STATUS) {
		status(o, pid, &p, &m);
	} else if (f == STATM) {
		put(o, "%lu %lu 0 0 0 0 0\n", p.vm_size / ABI_PAGE, p.vm_rss / ABI_PAGE);
	} else if (f == COMM) {
		put(o, "%s\n", p.name);
	} else {
		char text[CMDLINE_MAX];
		size_t path;

		n = cmdline_of(pid, text, sizeof(text));
		path = n > 0 ? strnlen(text, (size_t)n) + 1 : 0;
		if (n > (int64_t)path) {
			o->n = (size_t)n - path;
			memcpy(o->buf, text + path, o->n);
		}
	}
	return (int64_t)o->n;
}

static void loadavg(struct out *o, const struct sys_info *si)
{
	struct kernel_stat ks = { 0 };

	sys6(SYS_kernel_stat, SYS_ARG(&ks), sizeof(ks), 0, 0, 0, 0);
	for (int i = 0; i < 3; i++)
		put(o, "%lu.%02lu ", ks.load[i] >> LOAD_SHIFT, (ks.load[i] & ((1 << LOAD_SHIFT) - 1)) * 100 >> LOAD_SHIFT);
	put(o, "%lu/%u %u\n", ks.running, si->nthread, (unsigned)getpid());
}

int64_t text_of(enum file f, uint32_t pid, char *buf, size_t size)
{
	struct out o = { buf, 0, size };
	struct sys_info si = { 0 };

	if (f == MAPS)
		return maps_text(pid, buf, size);
	if (f >= NROOT)
		return process_text(f, pid, &o);
	sys_sysinfo(&si);
	switch (f) {
	case MEMINFO:
		meminfo(&o);
		break;
	case CPUINFO:
		cpuinfo(&o);
		break;
	case UPTIME:
		put(&o, "%lu.%02lu 0.00\n", si.uptime / SECOND, si.uptime % SECOND / (SECOND / 100));
		break;
	case VERSION:
		put(&o, "%s\n", si.version);
		break;
	case LOADAVG:
		loadavg(&o, &si);
		break;
	case KERNEL:
		return (int64_t)kernel_text(buf, size);
	case MOUNTS:
		put(&o, "/dev/blk0 / calxfs rw 0 0\nram /tmp calxfs rw 0 0\nptyd /dev devfs rw 0 0\nprocfs /proc proc ro 0 0\n");
		break;
	case FILESYSTEMS:
		put(&o, "\tcalxfs\nnodev\tproc\n");
		break;
	default:
		return -EISDIR;
	}
	return (int64_t)o.n;
}
