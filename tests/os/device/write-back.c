/* SPDX-License-Identifier: MIT */
/* What is written while the file server writes back reaches the disk: it is read past the cache (O_DIRECT). */
#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include "../../../os/lib/sys.h"
#include "../check.h"

#define NAME	"/root/write-back"
#define SIZE	(6u << 20)
#define CHUNK	(64u * 1024)

static char data[SIZE], back[CHUNK] __attribute__((aligned(4096)));
static atomic_int done;
static int fd;

static void *flusher(void *arg)
{
	(void)arg;
	while (!done)
		fdatasync(fd);
	return NULL;
}

/* The file on the disk is data. */
static int same(void)
{
	int d = open(NAME, O_RDONLY | O_DIRECT);

	for (size_t at = 0; d >= 0 && at < SIZE; at += CHUNK)
		if (pread(d, back, CHUNK, at) != (ssize_t)CHUNK || memcmp(back, data + at, CHUNK) != 0)
			return 0;
	return d >= 0 && close(d) == 0;
}

static void begin(pthread_t *t, unsigned seed)
{
	for (size_t i = 0; i < SIZE; i++)
		data[i] = (char)(1 + (i * 7 + i / 4096 + seed) % 255);
	done = 0;
	CHECK((fd = open(NAME, O_RDWR | O_CREAT | O_TRUNC, 0644)) >= 0);
	CHECK(pthread_create(t, NULL, flusher, NULL) == 0);
}

static void end(pthread_t t)
{
	done = 1;
	CHECK(pthread_join(t, NULL) == 0);
	CHECK(fsync(fd) == 0 && close(fd) == 0);
}

static void what_is_appended(void)
{
	pthread_t t;

	begin(&t, 1);
	for (size_t at = 0, n; at < SIZE && !check_why; at += n) {
		n = SIZE - at < 1536 ? SIZE - at : 1536;
		CHECK(write(fd, data + at, n) == (ssize_t)n);
	}
	end(t);
	CHECK(same());
}

static void what_is_overwritten_in_a_few_pages(void)
{
	pthread_t t;

	begin(&t, 2);
	CHECK(write(fd, data, SIZE) == (ssize_t)SIZE);
	for (unsigned i = 0; i < 20000 && !check_why; i++) {
		size_t at = i * 1000003ull % (8 * 4096 - 700);

		memset(data + at, (int)i, 700);
		CHECK(pwrite(fd, data + at, 700, at) == 700);
	}
	end(t);
	CHECK(same());
}

static void what_is_put_into_a_mapping(void)
{
	pthread_t t;
	char *p;

	begin(&t, 3);
	CHECK(write(fd, data, SIZE) == (ssize_t)SIZE);
	p = mmap(NULL, SIZE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	CHECK(p != MAP_FAILED);
	for (unsigned i = 0; i < 200000 && p != MAP_FAILED; i++) {
		size_t at = i * 1000003ull % (8 * 4096);

		p[at] = data[at] = (char)i;
	}
	CHECK(munmap(p, SIZE) == 0);
	end(t);
	CHECK(same());
}

/* Pages in memory that are newer than the disk. */
static long dirty(void)
{
	struct kernel_stat s = { 0 };

	sys6(SYS_kernel_stat, SYS_ARG(&s), sizeof(s), 0, 0, 0, 0);
	return (long)s.dirty;
}

static void what_nobody_syncs(void)
{
	const long pages = SIZE / 4096;
	long before;

	sync();
	before = dirty();
	CHECK((fd = open(NAME, O_RDWR | O_CREAT | O_TRUNC, 0644)) >= 0);
	CHECK(write(fd, data, SIZE) == (ssize_t)SIZE);
	CHECK(dirty() - before > pages / 2);
	for (int i = 0; i < 1200 && dirty() - before > pages / 8; i++)
		usleep(100000);
	CHECK(dirty() - before <= pages / 8);
	close(fd);
}

#define T(f) { #f, f }
int main(void)
{
	static const struct test tests[] = {
		T(what_is_appended), T(what_is_overwritten_in_a_few_pages), T(what_is_put_into_a_mapping),
		T(what_nobody_syncs), { NULL, NULL },
	};
	int failed = run_tests(tests);

	unlink(NAME);
	return failed;
}
