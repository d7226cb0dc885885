/* SPDX-License-Identifier: MIT */
/* system.c: the system as a whole. */
#include <errno.h>
#include <fcntl.h>
#include <sys/reboot.h>
#include <sys/sysinfo.h>
#include <sys/utsname.h>
#include <unistd.h>
#include "calx.h"

#define RANDOM_MAX (1ul << 20)

long plat_getrandom(void *buf, size_t len, unsigned flags)
{
	size_t n = len < RANDOM_MAX ? len : RANDOM_MAX;
	long r = sys(SYS_getrandom, buf, n);

	(void)flags;
	return r < 0 ? r : (long)n;
}

/* The first line of /etc/hostname. */
static void read_hostname(char *name, size_t len)
{
	int fd = plat_openat(AT_FDCWD, "/etc/hostname", O_RDONLY | O_CLOEXEC, 0);
	long n = fd < 0 ? 0 : plat_read(fd, name, len - 1);

	if (fd >= 0)
		plat_close(fd);
	name[n > 0 ? n : 0] = 0;
	name[strcspn(name, "\n")] = 0;
	if (!*name)
		strlcpy(name, "calx", len);
}

int plat_uname(struct utsname *u)
{
	struct sys_info si = {0};

	memset(u, 0, sizeof(*u));
	sys(SYS_sysinfo, &si);
	strcpy(u->sysname, "Calx");
	read_hostname(u->nodename, sizeof(u->nodename));
	strcpy(u->release, "0.1");
	si.version[sizeof(si.version) - 1] = 0;
	strlcpy(u->version, si.version, sizeof(u->version));
	strcpy(u->machine, "x86_64");
	strcpy(u->domainname, "(none)");
	return 0;
}

int plat_sethostname(const char *name, size_t len)
{
	int fd;
	long n;

	if (len >= sizeof(((struct utsname *)0)->nodename))
		return -EINVAL;
	fd = plat_openat(AT_FDCWD, "/etc/hostname", O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
	if (fd < 0)
		return fd == -EACCES ? -EPERM : fd;
	n = plat_write(fd, name, len);
	if (n >= 0)
		n = plat_write(fd, "\n", 1);
	plat_close(fd);
	return n < 0 ? n : 0;
}

int plat_setdomainname(const char *name, size_t len)
{
	(void)name;
	(void)len;
	return -EPERM;
}

int plat_sysinfo(struct sysinfo *out)
{
	struct sys_info si;
	struct kernel_stat ks;
	long r = sys(SYS_sysinfo, &si);

	if (r < 0)
		return r;
	memset(out, 0, sizeof(*out));
	out->uptime = si.uptime / 1000000000;
	out->totalram = si.mem_total;
	out->freeram = si.mem_free;
	out->bufferram = si.mem_cache;
	out->procs = si.nproc;
	out->mem_unit = 1;
	if (sys(SYS_kernel_stat, &ks, sizeof(ks)) >= (long)sizeof(ks))
		for (int i = 0; i < 3; i++)
			out->loads[i] = ks.load[i] << (SI_LOAD_SHIFT - LOAD_SHIFT);
	return 0;
}

int plat_nprocs(int conf)
{
	(void)conf;
	return __calx.pp->ncpu ? __calx.pp->ncpu : 1;
}

int plat_reboot(int cmd)
{
	struct msg m = { .w = { N_POWER } };
	long r;

	switch (cmd) {
	case RB_AUTOBOOT: m.w[1] = POWER_REBOOT; break;
	case RB_POWER_OFF:
	case RB_HALT_SYSTEM: m.w[1] = POWER_OFF; break;
	default: return -EINVAL;
	}
	if (__calx.names == H_NONE)
		return -ENOSYS;
	r = __calx_call(__calx.names, &m);
	return r < 0 ? r : 0;
}

int plat_mount(const char *src, const char *dir, const char *type, unsigned long flags, const void *data)
{
	(void)src, (void)dir, (void)type, (void)flags, (void)data;
	return -ENOSYS;		/* init starts file servers */
}

int plat_umount2(const char *dir, int flags)
{
	(void)dir, (void)flags;
	return -ENOSYS;
}
