/* SPDX-License-Identifier: MIT */
/* mmap.c: mmap and its relatives. */
#include <errno.h>
#include <stdarg.h>
#include <sys/mman.h>
#include "../internal/cancel.h"
#include "../internal/ret.h"
#include "../internal/plat.h"

int munmap(void *addr, size_t len)
{
	return __ret(plat_munmap(addr, len));
}

int mprotect(void *addr, size_t len, int prot)
{
	return __ret(plat_mprotect(addr, len, prot));
}

int msync(void *addr, size_t len, int flags)
{
	int old = __cp_enter();

	return __cp_leave(old, plat_msync(addr, len, flags));
}

int madvise(void *addr, size_t len, int advice)
{
	return __ret(plat_madvise(addr, len, advice));
}

int mlock(const void *addr, size_t len)
{
	return __ret(plat_mlock(addr, len));
}

int munlock(const void *addr, size_t len)
{
	return __ret(plat_munlock(addr, len));
}

int mlockall(int flags)
{
	return __ret(plat_mlockall(flags));
}

int munlockall(void)
{
	return __ret(plat_munlockall());
}

int mincore(void *addr, size_t len, unsigned char *vec)
{
	return __ret(plat_mincore(addr, len, vec));
}

int memfd_create(const char *name, unsigned flags)
{
	return __ret(plat_memfd_create(name, flags));
}

void *mmap(void *addr, size_t len, int prot, int flags, int fd, off_t off)
{
	if (len >= PTRDIFF_MAX) {
		errno = ENOMEM;
		return MAP_FAILED;
	}
	return (void *)__ret(plat_mmap(addr, len, prot, flags, fd, off));
}

void *mremap(void *addr, size_t oldlen, size_t newlen, int flags, ...)
{
	void *to = 0;
	va_list ap;

	if (newlen >= PTRDIFF_MAX) {
		errno = ENOMEM;
		return MAP_FAILED;
	}
	if (flags & MREMAP_FIXED) {
		va_start(ap, flags);
		to = va_arg(ap, void *);
		va_end(ap);
	}
	return (void *)__ret(plat_mremap(addr, oldlen, newlen, flags, to));
}

int posix_madvise(void *addr, size_t len, int advice)
{
	if (advice == POSIX_MADV_DONTNEED)
		return 0;	/* Linux's MADV_DONTNEED would lose data */
	return -plat_madvise(addr, len, advice);
}
