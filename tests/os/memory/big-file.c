/* SPDX-License-Identifier: MIT */
/*
 * A file of twice the machine's memory, written and read whole: by write and read, in a shared mapping,
 * and past the cache (O_DIRECT). Started where there is little memory (tests/os/boot.py).
 */
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/sysinfo.h>
#include <unistd.h>
#include "../check.h"

#define NAME	"/root/big-file"
#define PAGE	4096ul
#define CHUNK	(64 * 1024ul)

static size_t size;
static int fd;
static char chunk[CHUNK] __attribute__((aligned(4096)));

static void fill(void *p, size_t at, size_t n, uint64_t seed)
{
	uint64_t *w = p;

	for (size_t i = 0; i < n / 8; i++)
		w[i] = (at / 8 + i) * 0x9e3779b97f4a7c15ull + seed;
}

static int filled(const void *p, size_t at, size_t n, uint64_t seed)
{
	const uint64_t *w = p;

	for (size_t i = 0; i < n / 8; i++)
		if (w[i] != (at / 8 + i) * 0x9e3779b97f4a7c15ull + seed)
			return 0;
	return 1;
}

static void it_is_written(void)
{
	for (size_t at = 0; at < size && !check_why; at += CHUNK) {
		fill(chunk, at, CHUNK, 1);
		CHECK(write(fd, chunk, CHUNK) == (ssize_t)CHUNK);
	}
	CHECK(fsync(fd) == 0);
}

static void it_is_read_mapped_and_changed_there(void)
{
	char *p = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);

	CHECK(p != MAP_FAILED);
	for (size_t at = 0; at < size && !check_why; at += PAGE)
		CHECK(filled(p + at, at, PAGE, 1));
	for (size_t at = 0; at < size && !check_why; at += PAGE)
		fill(p + at, at, PAGE, 2);
	CHECK(filled(p + size / 2, size / 2, PAGE, 2) && filled(p, 0, PAGE, 2));
	CHECK(munmap(p, size) == 0);
}

static void it_is_read_again(void)
{
	CHECK(lseek(fd, 0, SEEK_SET) == 0);
	for (size_t at = 0; at < size && !check_why; at += CHUNK) {
		CHECK(read(fd, chunk, CHUNK) == (ssize_t)CHUNK);
		CHECK(filled(chunk, at, CHUNK, 2));
	}
	CHECK(read(fd, chunk, CHUNK) == 0);
}

/* What one way has written the other reads, in turn. */
static void the_cache_can_be_passed_by(void)
{
	int d = open(NAME, O_RDWR | O_DIRECT);

	CHECK(d >= 0 && (fcntl(d, F_GETFL) & O_DIRECT));
	CHECK(pread(d, chunk, CHUNK, 0) == (ssize_t)CHUNK && filled(chunk, 0, CHUNK, 2));
	fill(chunk, 8 * PAGE, PAGE, 3);
	CHECK(pwrite(fd, chunk, PAGE, 8 * PAGE) == (ssize_t)PAGE);
	memset(chunk, 0, PAGE);
	CHECK(pread(d, chunk, PAGE, 8 * PAGE) == (ssize_t)PAGE && filled(chunk, 8 * PAGE, PAGE, 3));
	fill(chunk, 8 * PAGE + 512, 1024, 4);
	CHECK(pwrite(d, chunk, 1024, 8 * PAGE + 512) == 1024);
	CHECK(pread(fd, chunk, PAGE, 8 * PAGE) == (ssize_t)PAGE);
	CHECK(filled(chunk, 8 * PAGE, 512, 3) && filled(chunk + 512, 8 * PAGE + 512, 1024, 4) &&
	      filled(chunk + 1536, 8 * PAGE + 1536, PAGE - 1536, 3));
	CHECK(pwrite(d, chunk, PAGE, (off_t)size) == (ssize_t)PAGE && lseek(fd, 0, SEEK_END) == (off_t)(size + PAGE));
	CHECK(pread(d, chunk, 100, 0) == -1 && errno == EINVAL);
	CHECK(pread(d, chunk, 512, 100) == -1 && errno == EINVAL);
	CHECK(pread(d, chunk + 1, 512, 0) == -1 && errno == EINVAL);
	CHECK(pread(d, chunk, 512, (off_t)(size + PAGE)) == 0);
	close(d);
	d = open(NAME, O_RDONLY | O_DIRECT);
	CHECK(pwrite(d, chunk, 512, 0) == -1 && errno == EBADF);
	close(d);
}

#define T(f) { #f, f }
int main(void)
{
	static const struct test tests[] = {
		T(it_is_written), T(it_is_read_mapped_and_changed_there), T(it_is_read_again), T(the_cache_can_be_passed_by),
		{ NULL, NULL },
	};
	struct sysinfo si;
	int failed;

	sysinfo(&si);
	size = (2 * si.totalram + CHUNK - 1) / CHUNK * CHUNK;
	fd = open(NAME, O_RDWR | O_CREAT | O_TRUNC, 0600);
	failed = run_tests(tests);
	unlink(NAME);
	return failed;
}
