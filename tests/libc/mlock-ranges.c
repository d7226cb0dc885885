/* SPDX-License-Identifier: MIT */
/* Locking memory that is not there is refused, and so is mlockall of nothing. */
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

#define CHECK(x) do { errno = 0; if (!(x)) printf("%s:%d: %s, errno %d\n", __FILE__, __LINE__, #x, errno); } while (0)

int main(void)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE);
	char *p = mmap(0, 4 * page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	void *beyond = (void *)(LONG_MAX & -(long)page);

	CHECK(p != MAP_FAILED);
	CHECK(!mlock(p + 1, 2 * page) && !munlock(p + 1, 2 * page));
	CHECK(!munmap(p + 2 * page, page));
	CHECK(mlock(p, 4 * page) == -1 && errno == ENOMEM);
	CHECK(munlock(p, 4 * page) == -1 && errno == ENOMEM);
	CHECK(!mlock(p, 2 * page) && !munlock(p, 2 * page));
	CHECK(mlock(beyond, 8) == -1 && errno == ENOMEM);
	CHECK(munlock(beyond, 8) == -1 && errno == ENOMEM);
	CHECK(mlockall(0) == -1 && errno == EINVAL);
	CHECK(mlockall(MCL_CURRENT | 64) == -1 && errno == EINVAL);
	return 0;
}
