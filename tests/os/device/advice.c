/* SPDX-License-Identifier: MIT */
/* posix_fadvise fetches what will be needed, and lets go of what will not; what was written stays. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include "../check.h"

#define NAME	"/root/advice"
#define PAGES	200
#define SIZE	(PAGES * 4096 - 1000)

static char data[SIZE], got[SIZE];
static unsigned char vec[PAGES];

/* Waits until `want` pages of the file are in memory: how many were at the end. */
static int in_memory(void *map, int want)
{
	int n = -1;

	for (int tries = 0; tries < 6000 && n != want; tries++) {
		if (tries)
			usleep(20000);
		n = 0;
		CHECK(mincore(map, SIZE, vec) == 0);
		for (int i = 0; i < PAGES; i++)
			n += vec[i] & 1;
	}
	return n;
}

static void needed(void)
{
	int fd = open(NAME, O_RDWR | O_CREAT | O_TRUNC, 0600);
	void *map = mmap(NULL, SIZE, PROT_READ, MAP_SHARED, fd, 0);

	for (int i = 0; i < SIZE; i++)
		data[i] = (char)(i / 4096 + i);
	CHECK(fd >= 0 && map != MAP_FAILED);
	CHECK(write(fd, data, SIZE) == SIZE);
	CHECK(in_memory(map, PAGES) == PAGES);
	CHECK(posix_fadvise(fd, 0, 0, POSIX_FADV_DONTNEED) == 0);	/* dirty until then */
	CHECK(in_memory(map, 0) == 0);
	CHECK(posix_fadvise(fd, 10 * 4096 + 1, 20 * 4096, POSIX_FADV_WILLNEED) == 0);
	CHECK(in_memory(map, 21) == 21 && vec[10] && vec[30] && !vec[9] && !vec[31]);
	CHECK(posix_fadvise(fd, 10 * 4096 + 1, 5 * 4096, POSIX_FADV_DONTNEED) == 0);
	CHECK(in_memory(map, 17) == 17 && vec[10] && !vec[11] && vec[15]);
	CHECK(posix_fadvise(fd, 0, 0, POSIX_FADV_WILLNEED) == 0);
	CHECK(in_memory(map, PAGES) == PAGES);
	CHECK(memcmp(map, data, SIZE) == 0);
	CHECK(pread(fd, got, SIZE, 0) == SIZE && memcmp(got, data, SIZE) == 0);
	munmap(map, SIZE);
	close(fd);
	unlink(NAME);
}

static void refused(void)
{
	int fd = open(NAME, O_RDWR | O_CREAT, 0600), path = open(NAME, O_PATH), p[2];

	CHECK(fd >= 0 && path >= 0 && pipe(p) == 0);
	CHECK(posix_fadvise(-1, 0, 0, POSIX_FADV_WILLNEED) == EBADF);
	CHECK(posix_fadvise(path, 0, 0, POSIX_FADV_WILLNEED) == EBADF);
	CHECK(posix_fadvise(fd, 0, 0, 77) == EINVAL);
	CHECK(posix_fadvise(fd, 0, -1, POSIX_FADV_NORMAL) == EINVAL);
	CHECK(posix_fadvise(p[0], 0, 0, POSIX_FADV_NORMAL) == ESPIPE);
	CHECK(posix_fadvise(fd, 1l << 40, 1l << 50, POSIX_FADV_WILLNEED) == 0);
	CHECK(posix_fadvise(fd, 0, 0, POSIX_FADV_DONTNEED) == 0);
	close(fd);
	close(path);
	close(p[0]);
	close(p[1]);
	unlink(NAME);
}

int main(void)
{
	return run_tests((const struct test[]){ { "needed", needed }, { "refused", refused }, { NULL, NULL } });
}
