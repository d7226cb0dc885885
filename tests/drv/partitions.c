/* SPDX-License-Identifier: MIT */
/* What os/lib/blkpart.c makes of partition tables, whole and broken. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "../../os/lib/blkdrv.h"

#define SECTOR	512u
#define SIZE	(1ull << 20)

static int failed;
static uint8_t t[BLK_TABLE];
static struct blk_part part[BLK_PARTS_MAX];

static void check(int ok, const char *name)
{
	if (!ok)
		failed = 1;
	printf(ok ? "ok %s\n" : "FAIL %s: not so\n", name);
}

static uint32_t crc(const uint8_t *p, size_t n)
{
	uint32_t c = UINT32_MAX;

	while (n--) {
		c ^= *p++;
		for (int i = 0; i < 8; i++)
			c = c >> 1 ^ (c & 1 ? 0xedb88320 : 0);
	}
	return ~c;
}

static void put(size_t at, uint64_t v, unsigned n)
{
	for (unsigned i = 0; i < n; i++)
		t[at + i] = (uint8_t)(v >> 8 * i);
}

/* A GPT with entries 1 (sectors 100 to 199) and 3 (from 200 to `last`). */
static void gpt(uint64_t last)
{
	memset(t, 0, sizeof(t));
	put(510, 0xaa55, 2);
	t[450] = 0xee;
	memcpy(t + SECTOR, "EFI PART", 8);
	put(SECTOR + 8, 0x10000, 4);
	put(SECTOR + 12, 92, 4);
	put(SECTOR + 72, 2, 8);
	put(SECTOR + 80, 128, 4);
	put(SECTOR + 84, 128, 4);
	put(2 * SECTOR + 32, 100, 8);
	put(2 * SECTOR + 40, 199, 8);
	put(2 * SECTOR + 2 * 128 + 32, 200, 8);
	put(2 * SECTOR + 2 * 128 + 40, last, 8);
	put(SECTOR + 88, crc(t + 2 * SECTOR, 128 * 128), 4);
	put(SECTOR + 16, crc(t + SECTOR, 92), 4);
}

static unsigned read_table(void)
{
	return blk_partitions(t, sizeof(t), SECTOR, SIZE, part, BLK_PARTS_MAX);
}

static void fuzz(void)
{
	for (int i = 0; i < 20000; i++) {
		gpt(299);
		for (int k = rand() % 8; k >= 0; k--)
			t[rand() % 3 ? SECTOR + (unsigned)rand() % 92 : (unsigned)rand() % sizeof(t)] = (uint8_t)rand();
		for (unsigned n = read_table(); n--; )
			if (part[n].start > SIZE || part[n].size > SIZE - part[n].start)
				failed = 1;
	}
}

int main(void)
{
	unsigned n;

	gpt(299);
	n = read_table();
	check(n == 3 && part[0].start == 100 * SECTOR && part[0].size == 100 * SECTOR && !part[1].size &&
	      part[2].start == 200 * SECTOR && part[2].size == 100 * SECTOR, "gpt_is_read");
	gpt(SIZE / SECTOR);
	check(read_table() == 1, "what_lies_outside_is_left_out");
	gpt(299);
	t[2 * SECTOR + 41] ^= 1;
	check(read_table() == 0, "wrong_checksum_is_no_table");
	memset(t, 0, sizeof(t));
	put(510, 0xaa55, 2);
	t[450] = 0x83;
	put(454, 64, 4);
	put(458, 128, 4);
	check(read_table() == 1 && part[0].start == 64 * SECTOR && part[0].size == 128 * SECTOR, "mbr_is_read");
	memset(t, 0, sizeof(t));
	check(read_table() == 0, "nothing_is_no_table");
	fuzz();
	check(!failed, "broken_tables_stay_inside");
	return failed;
}
