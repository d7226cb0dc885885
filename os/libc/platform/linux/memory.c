/* SPDX-License-Identifier: MIT */
/* memory.c: mappings, on Linux. */
#include "sys.h"

long plat_mmap(void *addr, size_t len, int prot, int flags, int fd, long off)
{
	return sys(SYS_mmap, addr, len, prot, flags, fd, off);
}

long plat_mremap(void *addr, size_t oldlen, size_t newlen, int flags, void *newaddr)
{
	return sys(SYS_mremap, addr, oldlen, newlen, flags, newaddr);
}

int plat_munmap(void *addr, size_t len)
{
	return sys(SYS_munmap, addr, len);
}

int plat_mprotect(void *addr, size_t len, int prot)
{
	return sys(SYS_mprotect, addr, len, prot);
}

int plat_msync(void *addr, size_t len, int flags)
{
	return sys_cp(SYS_msync, addr, len, flags);
}

int plat_madvise(void *addr, size_t len, int advice)
{
	return sys(SYS_madvise, addr, len, advice);
}

int plat_mlock(const void *addr, size_t len)
{
	return sys(SYS_mlock, addr, len);
}

int plat_munlock(const void *addr, size_t len)
{
	return sys(SYS_munlock, addr, len);
}

int plat_mlockall(int flags)
{
	return sys(SYS_mlockall, flags);
}

int plat_munlockall(void)
{
	return sys(SYS_munlockall, 0);
}

int plat_mincore(void *addr, size_t len, unsigned char *vec)
{
	return sys(SYS_mincore, addr, len, vec);
}

int plat_memfd_create(const char *name, unsigned flags)
{
	return sys(SYS_memfd_create, name, flags);
}
