/* SPDX-License-Identifier: MIT */
/* What stat says of a file with dirty pages: the blocks that it will have, and when it was written to last. */
#include <fcntl.h>
#include <string.h>
#include <time.h>

#include "../../../os/srv/fs/fsd.h"
#include "../dev.h"
#include "server.h"

#define PAGES	200u

static char data[8 * PAGE];

static struct stat stat_file(handle_t h)
{
	struct stat st;

	OK((int)ask(h, F_STAT, NULL, 0, (uint64_t[MSG_WORDS - 1]){ 0 }, &a));
	memcpy(&st, a.out, sizeof st);
	return st;
}

static void put(handle_t h, uint64_t page, uint64_t n)
{
	CHECK(file_pwrite(h, data, n * PAGE, page * PAGE) == (int64_t)(n * PAGE));
}

static void blocks(handle_t h, long pages)
{
	CHECK(stat_file(h).st_blocks == pages * 8);
}

static void sync_it(handle_t h)
{
	OK((int)ask(h, F_SYNC, NULL, 0, NULL, &a));
}

static void some_cases(void)
{
	handle_t h = open_file("b", O_CREAT | O_RDWR);

	blocks(h, 0);
	put(h, 0, 1);
	blocks(h, 1);
	put(h, 1, 2);
	blocks(h, 3);
	put(h, 0, 3);			/* the same again */
	put(h, 10, 1);			/* behind a hole */
	blocks(h, 4);
	CHECK(stat_of("b").st_blocks == 4 * 8);
	sync_it(h);
	blocks(h, 4);
	put(h, 2, 2);			/* one of them new */
	blocks(h, 5);
	OK((int)ask(h, F_SETATTR, NULL, 0, (uint64_t[MSG_WORDS - 1]){ SA_SIZE, 0, 0, 3 * PAGE }, &a));
	blocks(h, 3);
	sync_it(h);
	blocks(h, 3);
	OK((int)ask(h, F_ALLOCATE, NULL, 0, (uint64_t[MSG_WORDS - 1]){ 0, 100 * PAGE, 4 * PAGE }, &a));
	blocks(h, 7);
	put(h, 101, 5);			/* three of them set aside before */
	blocks(h, 9);
	file_close(h);
	OK((int)path_op(F_UNLINK, "b", 0, 0));
}

static void before_a_write_back_as_after_it(void)
{
	handle_t h = open_file("b", O_CREAT | O_RDWR);
	long was;

	for (int i = 0; i < 300; i++) {
		for (uint32_t k = rnd() % 5; k; k--)
			put(h, rnd() % PAGES, 1 + rnd() % 8);
		if (rnd() % 4 == 0) {
			uint64_t n = rnd() % PAGES * PAGE + rnd() % PAGE;

			OK((int)ask(h, F_SETATTR, NULL, 0, (uint64_t[MSG_WORDS - 1]){ SA_SIZE, 0, 0, n }, &a));
		}
		was = stat_file(h).st_blocks;
		sync_it(h);
		CHECK(stat_file(h).st_blocks == was);
	}
	file_close(h);
	OK((int)path_op(F_UNLINK, "b", 0, 0));
}

static int64_t modified(handle_t h)
{
	struct stat st = stat_file(h);

	/* Whatever comes next is later. */
	nanosleep(&(struct timespec){ .tv_nsec = 1000 }, NULL);
	return st.st_mtim.tv_sec * 1000000000 + st.st_mtim.tv_nsec;
}

static void each_write_is_a_modification(void)
{
	handle_t h = open_file("t", O_CREAT | O_RDWR), other;
	int64_t t, u;

	put(h, 0, 1);
	t = modified(h);
	CHECK(modified(h) == t);
	put(h, 0, 1);
	u = modified(h);
	CHECK(u > t && modified(h) == u);
	put(h, 5, 2);
	t = modified(h);
	CHECK(t > u);
	sync_it(h);
	CHECK(modified(h) == t);
	put(h, 5, 1);
	put(h, 5, 1);
	sync_it(h);
	u = modified(h);
	CHECK(u > t);
	put(h, 1, 1);
	t = modified(h);
	other = open_file("t", O_RDONLY);
	file_close(h);
	CHECK(t > u && modified(other) == t);	/* that it is closed is none */
	file_close(other);
}

static void a_time_that_is_set_stays(void)
{
	handle_t h = open_file("t", O_RDWR);
	uint64_t w[MSG_WORDS - 1] = { SA_MTIME, 0, 0, 0, 0, 5 };

	put(h, 0, 1);
	put(h, 0, 1);
	OK((int)ask(h, F_SETATTR, NULL, 0, w, &a));
	CHECK(modified(h) == 5);
	file_close(h);
	CHECK(stat_of("t").st_mtim.tv_sec == 0 && stat_of("t").st_mtim.tv_nsec == 5);
	OK((int)path_op(F_UNLINK, "t", 0, 0));
}

void test_dirty(void)
{
	some_cases();
	before_a_write_back_as_after_it();
	each_write_is_a_modification();
	a_time_that_is_set_stays();
}
