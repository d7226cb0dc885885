/* SPDX-License-Identifier: MIT */
/* Who maps without end is told that there is no more, before each mapping takes long. */
#include <errno.h>
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

#define MANY 200000

int main(void)
{
	char *at = (char *)0x100000000000, *p = 0;
	int fd = memfd_create("page", MFD_CLOEXEC);
	long n = 0;

	if (fd < 0 || ftruncate(fd, 4096))
		return 1;
	/* The same page each time, so that no two of them are one. */
	for (; n < MANY && p != MAP_FAILED; n++, at += 4096)
		p = mmap(at, 4096, PROT_READ, MAP_SHARED | MAP_FIXED, fd, 0);
	if (n == MANY || errno != ENOMEM)
		printf("%ld mappings: error %d\n", n, errno);
	if (n < 10000)
		printf("only %ld mappings\n", n);
	return 0;
}
