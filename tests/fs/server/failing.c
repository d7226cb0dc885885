/* SPDX-License-Identifier: MIT */
/* Errors while the timer writes back: whoever syncs later hears of them, or everything is on the disk after all. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>

#include "../../../os/abi/fs.h"
#include "../../../os/srv/fs/fsd.h"
#include "../dev.h"
#include "server.h"

#define PAGES	5

static uint8_t data[PAGES * PAGE], got[PAGES * PAGE];

static handle_t written(const char *name, uint64_t tag)
{
	handle_t h = open_file(name, O_CREAT | O_RDWR);

	for (uint32_t i = 0; i < PAGES; i++)
		fill_page(data + i * PAGE, tag + i);
	CHECK(file_pwrite(h, data, sizeof data, 0) == (int64_t)sizeof data);
	return h;
}

static int64_t sync_of(handle_t h)
{
	return ask(h, F_SYNC, NULL, 0, NULL, &a);
}

static void has(const char *name)
{
	handle_t h = open_file(name, O_RDONLY);

	CHECK(file_pread(h, got, sizeof got, 0) == (int64_t)sizeof got);
	CHECK(!memcmp(got, data, sizeof got));
	file_close(h);
}

/* The n-th block from now on and all after it cannot be written while the timer's time has come. */
static void tick_without(long n)
{
	the_disk()->fail_after = n;
	fs_tick(NULL, 0);
}

/* What could not be written is kept and written later, with its time. */
static void healed(void)
{
	handle_t h = written("healed", 1);

	tick_without(0);
	CHECK(sync_of(h) == -EIO && sync_of(h) == -EIO);
	tick_without(2);
	the_disk()->fail_after = -1;
	OK((int)sync_of(h));
	file_close(h);
	crash();
	has("healed");
}

/* The commit failed: nothing is left to write for this file, and yet it is not safe. Nor is any other. */
static void never_committed(void)
{
	handle_t h, other = written("other", 7);

	OK((int)sync_of(other));
	h = written("lost", 20);
	tick_without(PAGES);
	the_disk()->fail_after = -1;
	CHECK(sync_of(h) == -EIO && sync_of(h) == -EIO);
	CHECK(sync_of(other) == -EIO);
	CHECK(path_op(F_MKDIR, "d", 0, 0755) == -EROFS);
	file_close(h);
	file_close(other);
	crash();
	file_close(written("again", 7));
	has("other");
}

void test_failed_write_back(void)
{
	healed();
	never_committed();
}
