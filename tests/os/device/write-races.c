/* SPDX-License-Identifier: MIT */
/* Writers, and who cuts, punches, shares and writes past the cache at the same time: nobody's bytes are lost. */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>
#include "../check.h"

#define NAME	"/root/write-races"
#define FROM	"/root/write-races.from"
#define PAGE	4096
#define SECTOR	512
#define ROUNDS	1500

/* The other thread: does beside(round) in each round, beside the test's own thread. */
static atomic_int go, did, over;
static void (*beside)(int round);
static int fd, past;			/* past: the same file with O_DIRECT */
static char page[PAGE] __attribute__((aligned(PAGE)));

static void *other(void *arg)
{
	(void)arg;
	for (int i = 1; ; i++) {
		while (go < i)
			sched_yield();
		if (over)
			break;
		beside(i);
		did = i;
	}
	return NULL;
}

static void *flusher(void *arg)
{
	(void)arg;
	while (!over)
		fdatasync(fd);
	return NULL;
}

static double seconds(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* Rounds of mine(i) beside theirs(i), then after(i): n of them, or what a slow machine does in a while. */
static void race(int n, void (*mine)(int), void (*theirs)(int), void (*after)(int))
{
	double end = seconds() + 2;
	pthread_t t, f;
	int i;

	go = did = over = 0;
	beside = theirs;
	CHECK(pthread_create(&t, NULL, other, NULL) == 0);
	CHECK(pthread_create(&f, NULL, flusher, NULL) == 0);
	for (i = 1; i <= n && seconds() < end && !check_why; i++) {
		go = i;
		mine(i);
		while (did < i)
			sched_yield();
		after(i);
	}
	over = 1;
	go = i;
	CHECK(pthread_join(t, NULL) == 0);
	CHECK(pthread_join(f, NULL) == 0);
}

static void begin(void)
{
	CHECK((fd = open(NAME, O_RDWR | O_CREAT | O_TRUNC, 0644)) >= 0);
	CHECK((past = open(NAME, O_RDWR | O_DIRECT)) >= 0);
}

static void end(void)
{
	CHECK(close(fd) == 0);
	CHECK(close(past) == 0);
}

/* Bytes [from, to) of b are all c. */
static int all(const char *b, size_t from, size_t to, int c)
{
	for (size_t i = from; i < to; i++)
		if (b[i] != (char)c)
			return 0;
	return 1;
}

static int value(int round)
{
	return 1 + round % 250;
}

static void put(int at, int n, int c)
{
	static _Thread_local char b[4 * PAGE];

	memset(b, c, (size_t)n);
	CHECK(pwrite(fd, b, (size_t)n, at) == n);
}

/* What lies at `at`, by the cache and (the same) on the disk. */
static int has(int at, int n, int c)
{
	static _Thread_local char b[8 * PAGE];

	return pread(fd, b, (size_t)n, at) == n && all(b, 0, (size_t)n, c);
}

static int disk_has(int at, int n, int c)
{
	static char b[8 * PAGE] __attribute__((aligned(PAGE)));
	int first = at / SECTOR * SECTOR;

	return fsync(fd) == 0 && pread(past, b, sizeof(b), first) >= at - first + n &&
		all(b, (size_t)(at - first), (size_t)(at - first + n), c);
}

static void write_5000(int i)
{
	put(0, 5000, value(i));
}

static void cut_off(int i)
{
	CHECK(ftruncate(fd, i % 2 ? 0 : 100) == 0);
}

static void before_or_after_the_cut(int i)
{
	struct stat st;
	int cut = i % 2 ? 0 : 100;

	CHECK(fstat(fd, &st) == 0);
	/* It may have been cut between the two pages. */
	CHECK(st.st_size == cut || st.st_size == 5000);
	if (st.st_size == 5000)
		CHECK(has(PAGE, 5000 - PAGE, value(i)) && (has(0, PAGE, value(i)) || has(cut, PAGE - cut, 0)));
	if (i % 16 == 0 && st.st_size == 5000)
		CHECK(disk_has(PAGE, 5000 - PAGE, value(i)));
}

static void a_write_comes_before_or_after_a_cut(void)
{
	begin();
	race(ROUNDS, write_5000, cut_off, before_or_after_the_cut);
	end();
}

static void second_half(int i)
{
	put(PAGE / 2, PAGE / 2, value(i));
	CHECK(has(PAGE / 2, PAGE / 2, value(i)));
}

static void punch_first_half(int i)
{
	put(0, PAGE / 2, value(i));
	CHECK(fallocate(fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, 0, PAGE / 2) == 0);
	CHECK(has(0, PAGE / 2, 0));
}

static void both_halves(int i)
{
	CHECK(has(0, PAGE / 2, 0) && has(PAGE / 2, PAGE / 2, value(i)));
	if (i % 16 == 0)
		CHECK(disk_has(0, PAGE / 2, 0) && disk_has(PAGE / 2, PAGE / 2, value(i)));
}

static void a_hole_beside_a_write(void)
{
	begin();
	race(ROUNDS, second_half, punch_first_half, both_halves);
	end();
}

static void write_into_two(int i)
{
	put(PAGE - 50, 100, value(i));
}

static void punch_two(int i)
{
	(void)i;
	CHECK(fallocate(fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, 0, 2 * PAGE) == 0);
}

static int zero_or(int at, int n, int c)
{
	return has(at, n, 0) || has(at, n, c);
}

static void only_the_last_write(int i)
{
	CHECK(has(0, PAGE - 50, 0) && has(PAGE + 50, PAGE - 50, 0));
	CHECK(zero_or(PAGE - 50, 50, value(i)) && zero_or(PAGE, 50, value(i)));
	put(0, 2 * PAGE, 255);
}

static void a_hole_over_a_write(void)
{
	begin();
	put(0, 2 * PAGE, 255);
	race(ROUNDS, write_into_two, punch_two, only_the_last_write);
	end();
}

static void direct_half(int i)
{
	memset(page, value(i), PAGE / 2);
	CHECK(pwrite(past, page, PAGE / 2, 0) == PAGE / 2);
	CHECK(has(0, PAGE / 2, value(i)));
}

static void halves(int i)
{
	CHECK(has(0, PAGE, value(i)));
	if (i % 16 == 0)
		CHECK(disk_has(0, PAGE, value(i)));
}

static void past_the_cache_beside_it(void)
{
	begin();
	race(ROUNDS, second_half, direct_half, halves);
	end();
}

static int base;

static void append_far(int i)
{
	put(base + 2 * PAGE, PAGE, value(i));
}

static void append_near(int i)
{
	if (i % 2) {
		CHECK(posix_fallocate(fd, base, PAGE) == 0);
		return;
	}
	memset(page, value(i), PAGE);
	CHECK(pwrite(past, page, PAGE, base) == PAGE);
}

static void both_ends(int i)
{
	struct stat st;

	CHECK(fstat(fd, &st) == 0 && st.st_size == base + 3 * PAGE);
	CHECK(has(base + 2 * PAGE, PAGE, value(i)) && has(base + PAGE, PAGE, 0));
	CHECK(has(base, PAGE, i % 2 ? 0 : value(i)));
	base = i % 64 ? base + 3 * PAGE : 0;
	if (!base)
		CHECK(ftruncate(fd, 0) == 0);
}

static void who_makes_a_file_longer_never_makes_it_shorter(void)
{
	begin();
	base = 0;
	race(ROUNDS, append_far, append_near, both_ends);
	end();
}

static int from;

static void share_all(int i)
{
	(void)i;
	while (ioctl(fd, FICLONE, from) != 0 && !check_why)
		CHECK(errno == EBUSY);
}

/* Old, shared or written: the old must be gone. */
static void nothing_old(int i)
{
	static char b[2 * PAGE];

	CHECK(pread(fd, b, sizeof(b), 0) == sizeof(b));
	for (size_t k = 0; k < sizeof(b); k++)
		CHECK(b[k] == (char)252 || b[k] == (char)value(i));
	CHECK(all(b, 0, PAGE - 50, 252) && all(b, PAGE + 50, sizeof(b), 252));
	put(0, 2 * PAGE, 255);
}

static void begin_sharing(void)
{
	static char b[2 * PAGE];

	begin();
	memset(b, 252, sizeof(b));
	CHECK((from = open(FROM, O_RDWR | O_CREAT | O_TRUNC, 0644)) >= 0);
	CHECK(write(from, b, sizeof(b)) == sizeof(b));
	put(0, 2 * PAGE, 255);
}

static void end_sharing(void)
{
	CHECK(close(from) == 0);
	end();
}

static void shared_pages_below_a_write(void)
{
	begin_sharing();
	race(ROUNDS / 4, write_into_two, share_all, nothing_old);
	end_sharing();
}

static void grow_source(int i)
{
	static char b[700];

	memset(b, 252, sizeof(b));
	for (int k = 0; k < 20; k++)
		CHECK(write(from, b, sizeof(b)) == sizeof(b));
	(void)i;
}

static void no_zeros(int i)
{
	static char b[64 * PAGE];
	ssize_t n = pread(fd, b, sizeof(b), 0);
	struct stat st;

	CHECK(fstat(fd, &st) == 0 && n == st.st_size && all(b, 0, (size_t)n, 252));
	if (i % 12 == 0)
		CHECK(ftruncate(from, 0) == 0 && lseek(from, 0, SEEK_SET) == 0);
	CHECK(ftruncate(fd, 0) == 0);
}

static void a_copy_of_what_grows(void)
{
	begin_sharing();
	race(ROUNDS / 4, grow_source, share_all, no_zeros);
	end_sharing();
}

static void a_write_that_fails_leaves_nothing(void)
{
	char *p = mmap(NULL, 2 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	ssize_t n;

	begin();
	CHECK(p != MAP_FAILED && munmap(p + PAGE, PAGE) == 0);
	memset(p, 7, PAGE);
	n = write(fd, p + PAGE - 60, 100);
	CHECK(n <= 60);
	n = n > 0 ? n : 0;
	CHECK(ftruncate(fd, 200) == 0);
	CHECK(has((int)n, 200 - (int)n, 0) && disk_has((int)n, 200 - (int)n, 0));
	CHECK(munmap(p, PAGE) == 0);
	end();
}

#define T(f) { #f, f }
int main(void)
{
	static const struct test tests[] = {
		T(a_write_comes_before_or_after_a_cut), T(a_hole_beside_a_write), T(a_hole_over_a_write),
		T(past_the_cache_beside_it), T(who_makes_a_file_longer_never_makes_it_shorter),
		T(shared_pages_below_a_write), T(a_copy_of_what_grows), T(a_write_that_fails_leaves_nothing), { NULL, NULL },
	};
	int failed = run_tests(tests);

	unlink(NAME);
	unlink(FROM);
	return failed;
}
