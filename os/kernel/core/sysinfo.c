/* SPDX-License-Identifier: MIT */
/* SYS_sysinfo. */
#include "defs.h"
#include "proc/proc.h"
#include "sys/sys.h"

long sys_sysinfo(long buf)
{
	struct sys_info s = { .mem_total = frame_total() * PAGE, .mem_free = frame_free_count() * PAGE,
		.mem_cache = mem_cache_pages() * PAGE, .uptime = (uint64_t)time_now(), .ncpu = ncpu,
		.nproc = proc_count(), .nthread = sched_nthreads() };

	strlcpy(s.version, "Calx " KERNEL_VERSION, sizeof(s.version));
	return copyout((uint64_t)buf, &s, sizeof(s));
}
