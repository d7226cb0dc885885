/* SPDX-License-Identifier: MIT */
/* rlimit.c: limits and use of resources. */
#include <sys/resource.h>
#include <sys/reboot.h>
#include <sys/sysinfo.h>
#include <sys/reboot.h>
#include "../internal/ret.h"
#include "../internal/plat.h"

int getrlimit(int what, struct rlimit *r)
{
	return __ret(plat_prlimit(0, what, 0, r));
}

int setrlimit(int what, const struct rlimit *r)
{
	return __ret(plat_prlimit(0, what, r, 0));
}

int prlimit(pid_t pid, int what, const struct rlimit *new, struct rlimit *old)
{
	return __ret(plat_prlimit(pid, what, new, old));
}

int getrusage(int who, struct rusage *ru)
{
	return __ret(plat_getrusage(who, ru));
}

int sysinfo(struct sysinfo *si)
{
	return __ret(plat_sysinfo(si));
}

int get_nprocs(void)
{
	return plat_nprocs(0);
}

int get_nprocs_conf(void)
{
	return plat_nprocs(1);
}

int reboot(int cmd)
{
	return __ret(plat_reboot(cmd));
}

/* In pages. */
long get_phys_pages(void)
{
	struct sysinfo si;

	return plat_sysinfo(&si) < 0 ? -1 : (long)(si.totalram * si.mem_unit / 4096);
}

long get_avphys_pages(void)
{
	struct sysinfo si;

	return plat_sysinfo(&si) < 0 ? -1 : (long)(si.freeram * si.mem_unit / 4096);
}
