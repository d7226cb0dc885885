/* SPDX-License-Identifier: MIT */
/* memory.c: mappings. */
#include <fcntl.h>
#include <sys/mman.h>
#include "calx.h"
#include "../../../abi/mem.h"

#define ROUND(n) (((n) + ABI_PAGE - 1) & -(size_t)ABI_PAGE)

long plat_mmap(void *addr, size_t len, int prot, int flags, int fd, long off)
{
	struct vm_map v = { .vm = H_NONE, .mem = H_NONE, .addr = (uint64_t)addr, .len = ROUND(len),
		.off = off, .prot = prot };

	v.flags = flags & (MAP_SHARED | MAP_PRIVATE | MAP_FIXED | MAP_FIXED_NOREPLACE);
	if (!len || off & (ABI_PAGE - 1) || off < 0)
		return -EINVAL;
	if (!v.len)
		return -ENOMEM;
	if (!(flags & MAP_ANONYMOUS)) {
		if (fd < 0)
			return -EBADF;
		v.mem = fd;
	} else {
		v.off = 0;
	}
	return sys(SYS_vm_map, &v);
}

long plat_mremap(void *addr, size_t oldlen, size_t newlen, int flags, void *newaddr)
{
	return sys(SYS_vm_remap, addr, oldlen, newlen, flags, newaddr);
}

int plat_munmap(void *addr, size_t len)
{
	return len ? sys(SYS_vm_unmap, H_NONE, addr, ROUND(len)) : -EINVAL;
}

int plat_mprotect(void *addr, size_t len, int prot)
{
	return len ? sys(SYS_vm_protect, H_NONE, addr, ROUND(len), prot) : 0;
}

int plat_msync(void *addr, size_t len, int flags)
{
	return sys_cp(SYS_vm_sync, addr, ROUND(len), flags);
}

int plat_madvise(void *addr, size_t len, int advice)
{
	return len ? sys(SYS_vm_advise, addr, ROUND(len), advice) : 0;
}

/* Memory is never paged out to a disk, so it is locked already: what is named must only be there. */
static int all_mapped(const void *addr, size_t len)
{
	unsigned char vec[64];
	uintptr_t from = (uintptr_t)addr & -(uintptr_t)ABI_PAGE, end, n;
	long err = 0;

	if (__builtin_add_overflow((uintptr_t)addr, len, &end))
		return -ENOMEM;
	for (; !err && from < end; from += n) {
		n = end - from < sizeof(vec) * ABI_PAGE ? end - from : sizeof(vec) * ABI_PAGE;
		err = sys(SYS_vm_resident, from, n, vec);
	}
	return err < 0 ? -ENOMEM : 0;
}

int plat_mlock(const void *addr, size_t len)
{
	return all_mapped(addr, len);
}

int plat_munlock(const void *addr, size_t len)
{
	return all_mapped(addr, len);
}

int plat_mlockall(int flags)
{
	return !(flags & (MCL_CURRENT | MCL_FUTURE)) || flags & ~(MCL_CURRENT | MCL_FUTURE) ? -EINVAL : 0;
}

int plat_munlockall(void)
{
	return 0;
}

int plat_mincore(void *addr, size_t len, unsigned char *vec)
{
	return sys(SYS_vm_resident, addr, len, vec);
}

/* A file of the memory file system that has no name any more. */
int plat_memfd_create(const char *name, unsigned flags)
{
	static const char digits[] = "0123456789abcdef";
	char path[] = "/dev/shm/memfd-0123456789abcdef";
	unsigned char random[8];
	int fd;

	if (flags & ~(MFD_CLOEXEC | MFD_ALLOW_SEALING) || strlen(name) > 249)
		return -EINVAL;
	sys(SYS_getrandom, random, sizeof(random));
	for (int i = 0; i < 16; i++)
		path[sizeof(path) - 17 + i] = digits[random[i / 2] >> (i & 1 ? 4 : 0) & 15];
	fd = plat_openat(AT_FDCWD, path, O_RDWR | O_CREAT | O_EXCL | (flags & MFD_CLOEXEC ? O_CLOEXEC : 0), 0600);
	if (fd >= 0)
		plat_unlinkat(AT_FDCWD, path, 0);
	return fd;
}
