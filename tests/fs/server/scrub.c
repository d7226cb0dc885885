/* SPDX-License-Identifier: MIT */
/* Scrubbing a file system in use, whose disk goes bad under it. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>

#include "../../../os/abi/fs.h"
#include "../../../os/srv/fs/fsd.h"
#include "../dev.h"
#include "server.h"

#define FILES	30

static uint8_t data[30000], got[30000];
static struct fs_scrub st;

static void name_of(char *name, int i)
{
	sprintf(name, "sub%d/file %d", i % 4, i);
}

static void make(int i)
{
	char name[64];
	handle_t h;

	name_of(name, i);
	h = open_file(name, O_CREAT | O_RDWR);
	for (size_t k = 0; k < sizeof data; k++)
		data[k] = (uint8_t)((size_t)i * 7 + k * (1 + k / 5000));
	CHECK(file_pwrite(h, data, sizeof data, 0) == (int64_t)sizeof data);
	file_close(h);
}

/* -EIO, or 0 with the right contents. */
static int64_t look_at(const char *name, int i)
{
	handle_t h = open_file(name, O_RDONLY);
	int64_t n = file_pread(h, got, sizeof got, 0);

	file_close(h);
	if (n < 0)
		return n;
	for (size_t k = 0; k < sizeof data; k++)
		CHECK(got[k] == (uint8_t)((size_t)i * 7 + k * (1 + k / 5000)));
	return 0;
}

static int64_t control(uint32_t req, const void *in, size_t n)
{
	return ask(root, F_IOCTL, in, n, (uint64_t[MSG_WORDS - 1]){ req }, &a);
}

static void run(void)
{
	handle_t h = open_file("busy", O_CREAT | O_RDWR);

	OK((int)control(FS_SCRUB_START, NULL, 0));
	CHECK(control(FS_SCRUB_START, NULL, 0) == -EBUSY);
	do {
		CHECK(file_pwrite(h, data, 5000, rnd() % 20000) == 5000);
		if (rnd() % 3 == 0)
			OK((int)ask(h, F_SYNC, NULL, 0, NULL, &a));
		fake_timers();
		OK((int)control(FS_SCRUB_LOOK, NULL, 0));
		memcpy(&st, a.out, sizeof st);
	} while (st.state == SCRUB_RUNS);
	CHECK(st.state == SCRUB_DONE && st.blocks > 200);
	file_close(h);
}

/* What the scrub says is damaged is, and by this name; it is removed. */
static void remove_damaged(void)
{
	struct fs_damage d = { .index = 0 };
	unsigned n;

	fake_evict();
	for (; !control(FS_SCRUB_DAMAGE, &d, sizeof d); d.index++) {
		memcpy(&d, a.out, 200);
		CHECK(d.known);
		if (!strcmp(d.path, "/busy")) {
			OK((int)path_op(F_UNLINK, "busy", 0, 0));
			continue;
		}
		CHECK(sscanf(d.path, "/sub%*u/file %u", &n) == 1);
		CHECK(look_at(d.path + 1, (int)n) == -EIO);
		name_of((char *)got, (int)n);
		OK((int)path_op(F_UNLINK, (char *)got, 0, 0));
		make((int)n);
	}
	CHECK((d.index != 0) == (st.errors != 0));
}

void test_scrub(void)
{
	uint64_t repaired = 0, errors = 0;
	struct dev *disk = the_disk();
	char name[64];

	for (int i = 0; i < 4; i++) {
		sprintf(name, "sub%d", i);
		OK((int)path_op(F_MKDIR, name, 0, 0755));
	}
	for (int i = 0; i < FILES; i++)
		make(i);
	OK((int)sync_all());
	run();
	CHECK(!st.errors && !st.repaired);
	for (int i = 0; i < 5000 && (i < 100 || !repaired || !errors); i++) {
		/* Not the superblocks' and the map's places: only what the library has not in memory. */
		disk->mem[(10 + rnd() % (disk->nblocks - 12)) * PAGE + rnd() % PAGE] ^= (uint8_t)(1u << rnd() % 8);
		run();
		repaired += st.repaired;
		errors += st.errors;
		remove_damaged();
		OK((int)sync_all());
	}
	CHECK(repaired && errors);
	run();
	CHECK(!st.errors && !st.repaired);
	fake_cred = CRED(9, 9);
	CHECK(control(FS_SCRUB_START, NULL, 0) == -EPERM && control(0x5401, NULL, 0) == -ENOTTY);
	fake_cred = 0;
	for (int i = 0; i < FILES; i++) {
		name_of(name, i);
		OK((int)look_at(name, i));
	}
}
