/* SPDX-License-Identifier: MIT */
/* Partition tables: GPT, else the four entries of an MBR. What lies outside the disk is left out. */
#include <string.h>
#include "../abi/file.h"
#include "blkdrv.h"

#define GPT_ENTRIES	128
#define MBR_TABLE	446
#define MBR_PROTECTIVE	0xee

struct gpt_header {
	char magic[8];
	uint32_t revision, size, crc, zero;
	uint64_t self, other, first, last;
	uint8_t uuid[16];
	uint64_t table;
	uint32_t count, entry, table_crc;
} __attribute__((packed));

struct gpt_entry {
	uint8_t type[16], uuid[16];
	uint64_t first, last, attrs;
	uint16_t name[36];
} __attribute__((packed));

static uint32_t crc32(uint32_t crc, const uint8_t *p, size_t n)
{
	crc = ~crc;
	for (; n--; p++) {
		crc ^= *p;
		for (int i = 0; i < 8; i++)
			crc = crc >> 1 ^ (crc & 1 ? 0xedb88320 : 0);
	}
	return ~crc;
}

static int header_ok(const uint8_t *p, size_t n, uint32_t sector, struct gpt_header *h)
{
	uint8_t copy[sizeof(*h)];
	uint32_t crc;

	if (n < 2ull * sector)
		return 0;
	memcpy(h, p + sector, sizeof(*h));
	if (memcmp(h->magic, "EFI PART", 8) || h->size < sizeof(*h) || h->size > sector ||
	    h->entry != sizeof(struct gpt_entry) || h->count > 1024 || h->table > n / sector ||
	    h->table * sector + (uint64_t)h->count * h->entry > n)
		return 0;
	memcpy(copy, h, sizeof(copy));
	memset(copy + 16, 0, 4);
	crc = crc32(0, copy, sizeof(copy));
	crc = crc32(crc, p + sector + sizeof(*h), h->size - sizeof(*h));
	return crc == h->crc && crc32(0, p + h->table * sector, (size_t)h->count * h->entry) == h->table_crc;
}

/* Partition n of the disk is entry n - 1 of the table: an empty entry keeps its number. */
static unsigned gpt(const uint8_t *p, const struct gpt_header *h, uint32_t sector, uint64_t size,
		    struct blk_part *out, unsigned max)
{
	uint64_t sectors = size / sector;
	unsigned used = 0;

	for (unsigned i = 0; i < h->count && i < max; i++) {
		struct gpt_entry e;

		memcpy(&e, p + h->table * sector + (size_t)i * h->entry, sizeof(e));
		out[i] = (struct blk_part){ 0, 0 };
		if (!e.first || e.first > e.last || e.last >= sectors)
			continue;
		out[i] = (struct blk_part){ e.first * sector, (e.last - e.first + 1) * sector };
		used = i + 1;
	}
	return used;
}

static uint32_t le32(const uint8_t *p)
{
	return p[0] | p[1] << 8 | p[2] << 16 | (uint32_t)p[3] << 24;
}

static unsigned mbr(const uint8_t *p, uint32_t sector, uint64_t size, struct blk_part *out,
		    unsigned max)
{
	unsigned used = 0;

	for (unsigned i = 0; i < 4 && i < max; i++) {
		const uint8_t *e = p + MBR_TABLE + 16 * i;
		uint64_t first = (uint64_t)le32(e + 8) * sector, n = (uint64_t)le32(e + 12) * sector;

		out[i] = (struct blk_part){ 0, 0 };
		/* A boot sector of a file system looks much like a table: its entries make no sense. */
		if ((e[0] & 0x7f) || e[4] == MBR_PROTECTIVE)
			return 0;
		if (!e[4] || !first || !n || first >= size || n > size - first)
			continue;
		out[i] = (struct blk_part){ first, n };
		used = i + 1;
	}
	return used;
}

unsigned blk_partitions(const uint8_t *t, size_t n, uint32_t sector, uint64_t size,
			struct blk_part *out, unsigned max)
{
	struct gpt_header h;

	if (n < 512 || t[510] != 0x55 || t[511] != 0xaa)
		return 0;
	if (header_ok(t, n, sector, &h))
		return gpt(t, &h, sector, size, out, max);
	return mbr(t, sector, size, out, max);
}
