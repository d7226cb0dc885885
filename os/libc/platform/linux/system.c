/* SPDX-License-Identifier: MIT */
/* system.c: the system as a whole, terminals' names and start-up, on Linux. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include "sys.h"

#define REBOOT_MAGIC1 0xfee1dead
#define REBOOT_MAGIC2 672274793

long plat_getrandom(void *buf, size_t len, unsigned flags)
{
	return sys_cp(SYS_getrandom, buf, len, flags);
}

int plat_uname(struct utsname *u)
{
	return sys(SYS_uname, u);
}

int plat_sethostname(const char *name, size_t len)
{
	return sys(SYS_sethostname, name, len);
}

int plat_setdomainname(const char *name, size_t len)
{
	return sys(SYS_setdomainname, name, len);
}

int plat_sysinfo(struct sysinfo *si)
{
	return sys(SYS_sysinfo, si);
}

int plat_nprocs(int conf)
{
	unsigned long mask[16] = {0};
	int n = 0;

	(void)conf;
	if (sys(SYS_sched_getaffinity, 0, sizeof(mask), mask) < 0)
		return 1;
	for (size_t i = 0; i < sizeof(mask) / sizeof(*mask); i++)
		n += __builtin_popcountl(mask[i]);
	return n ? n : 1;
}

int plat_reboot(int cmd)
{
	return sys(SYS_reboot, REBOOT_MAGIC1, REBOOT_MAGIC2, cmd, 0);
}

int plat_mount(const char *src, const char *dir, const char *type, unsigned long flags, const void *data)
{
	return sys(SYS_mount, src, dir, type, flags, data);
}

int plat_umount2(const char *dir, int flags)
{
	return sys(SYS_umount2, dir, flags);
}

int plat_ttyname(int fd, char *buf, size_t len)
{
	char proc[40];
	struct stat a, b;
	long n;

	if (sys(SYS_ioctl, fd, TCGETS, (char[64]){0}) < 0)
		return -ENOTTY;
	snprintf(proc, sizeof(proc), "/proc/self/fd/%d", fd);
	n = plat_readlinkat(AT_FDCWD, proc, buf, len);
	if (n < 0)
		return n;
	if ((size_t)n >= len)
		return -ERANGE;
	buf[n] = 0;
	if (plat_fstatat(AT_FDCWD, buf, &a, 0) || plat_fstat(fd, &b))
		return -ENODEV;
	return a.st_dev == b.st_dev && a.st_ino == b.st_ino ? 0 : -ENODEV;
}

int plat_ptmx(int flags, unsigned *num)
{
	int fd = plat_openat(AT_FDCWD, "/dev/ptmx", flags | O_NOCTTY, 0);
	int err;

	if (fd < 0)
		return fd;
	err = plat_ioctl(fd, TIOCGPTN, num);
	if (err < 0) {
		plat_close(fd);
		return err;
	}
	return fd;
}

void plat_start(void *stack, unsigned long arg, unsigned long *auxv)
{
	(void)stack;
	(void)arg;
	(void)auxv;
}

void plat_after_fork_child(void)
{
}
