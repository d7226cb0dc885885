/* SPDX-License-Identifier: MIT */
/* The boot archive: a ustar file in memory, read in place. */
#include "defs.h"

#define BLOCK	512

struct header {
	char name[100], mode[8], uid[8], gid[8], size[12], mtime[12], sum[8], type, link[100];
	char magic[6], version[2], user[32], group[32], major[8], minor[8], prefix[155], pad[12];
};
_Static_assert(sizeof(struct header) == BLOCK, "ustar");

static uint64_t octal(const char *s, unsigned n)
{
	uint64_t v = 0;

	for (; n != 0 && *s >= '0' && *s <= '7'; n--)
		v = v * 8 + (uint64_t)(*s++ - '0');
	return v;
}

static bool sum_ok(const struct header *h)
{
	const uint8_t *b = (const uint8_t *)h;
	uint64_t s = 8 * ' ';

	for (unsigned i = 0; i < BLOCK; i++)
		if (i < 148 || i >= 156)
			s += b[i];
	return s == octal(h->sum, sizeof(h->sum));
}

/* "./a" and "a" are one name; only names of up to 99 bytes without prefix are looked for. */
static bool is_named(const struct header *h, const char *name)
{
	const char *n = h->name;

	if (n[0] == '.' && n[1] == '/')
		n += 2;
	return h->prefix[0] == 0 && strncmp(n, name, sizeof(h->name) - 2) == 0;
}

const void *boot_file(const char *name, uint64_t *len)
{
	const uint8_t *a = phys_to_virt(boot_info.initrd);
	uint64_t total = boot_info.initrd_len, off = 0;

	while (off + BLOCK <= total) {
		const struct header *h = (const void *)(a + off);
		uint64_t size = octal(h->size, sizeof(h->size));

		if (memcmp(h->magic, "ustar", 5) != 0 || !sum_ok(h) || size > total - off - BLOCK)
			return NULL;
		if ((h->type == '0' || h->type == 0) && is_named(h, name)) {
			*len = size;
			return a + off + BLOCK;
		}
		off += BLOCK + ((size + BLOCK - 1) & ~(uint64_t)(BLOCK - 1));
	}
	return NULL;
}

struct mem *boot_mem(void)
{
	static struct mem *m;

	if (m == NULL && boot_info.initrd_len != 0)
		m = mem_create_phys(boot_info.initrd & ~(PAGE - 1), boot_info.initrd_len, 0);
	return m;
}
