/* SPDX-License-Identifier: MIT */
/* What a program says of its reading to come: what is in the cache afterwards, and that nothing is lost. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>

#include "../../../os/abi/fs.h"
#include "../../../os/srv/fs/fsd.h"
#include "../dev.h"
#include "server.h"

#define PAGES	300u

static char page[PAGE];

static int64_t advise(handle_t h, uint64_t advice, uint64_t off, uint64_t n)
{
	return ask(h, F_ADVISE, NULL, 0, (uint64_t[MSG_WORDS - 1]){ advice, off, n }, &a);
}

/* Reads pages [from, to): how often the server was asked for some that were not there. */
static unsigned misses(handle_t h, uint64_t from, uint64_t to)
{
	unsigned before = fake_page_ins;

	for (uint64_t i = from; i < to; i++) {
		CHECK(file_pread(h, page, PAGE, i * PAGE) == PAGE);
		CHECK(page[0] == (char)(i % 251) && page[PAGE - 1] == page[0]);
	}
	return fake_page_ins - before;
}

void test_advice(void)
{
	handle_t h = open_file("f", O_CREAT | O_RDWR), dir = open_file(".", O_RDONLY);

	for (uint64_t i = 0; i < PAGES; i++) {
		memset(page, (int)(i % 251), PAGE);
		CHECK(file_pwrite(h, page, PAGE, i * PAGE) == PAGE);
	}
	OK((int)advise(h, POSIX_FADV_DONTNEED, 0, 0));
	CHECK(!fsd.old->dirty);
	OK((int)advise(h, POSIX_FADV_WILLNEED, 100 * PAGE + 5, 50 * PAGE));
	CHECK(misses(h, 100, 151) == 0);
	CHECK(misses(h, 151, 152) == 1);
	OK((int)advise(h, POSIX_FADV_DONTNEED, 0, 0));
	CHECK(misses(h, 120, 121) == 1);
	OK((int)advise(h, POSIX_FADV_WILLNEED, 0, 0));
	OK((int)advise(h, POSIX_FADV_DONTNEED, 10 * PAGE + 1, 2 * PAGE - 1));
	CHECK(misses(h, 0, 11) == 0);
	CHECK(misses(h, 11, 12) == 1);
	for (unsigned i = 0; i < 200; i++)
		advise(rnd() % 9 ? h : dir, rnd() % 6, rnd() >> rnd() % 60, rnd() >> rnd() % 64);
	misses(h, 0, PAGES);
	file_close(h);
	file_close(dir);
	restart();
	h = open_file("f", O_RDONLY);
	misses(h, 0, PAGES);
	file_close(h);
}
