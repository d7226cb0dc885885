/* SPDX-License-Identifier: MIT */
/* The boot archive: a ustar file in memory, read in place. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "init.h"

#define BLOCK	512

static const uint8_t *base;
static size_t total;

int archive_open(void)
{
	uint64_t size = 0;
	int64_t mem = sys_dev_info(init_dev, DEV_BOOTMEM, &size, sizeof(size));
	struct vm_map map = { .vm = H_NONE, .prot = 1, .flags = 1 };
	int64_t at;

	if (mem < 0)
		return (int)mem;
	map.mem = (handle_t)mem;
	map.len = (size + ABI_PAGE - 1) & ~(uint64_t)(ABI_PAGE - 1);
	at = sys_vm_map(&map);
	if (at < 0)
		return (int)at;
	base = (const uint8_t *)at;
	total = size;
	return 0;
}

/* The member at off: its path and contents; the offset of the next one, 0 at the end. */
static size_t member(size_t off, char path[257], struct image *img, char *type)
{
	const char *h = (const char *)base + off;
	char digits[13] = "";

	if (off + BLOCK > total || !h[0] || memcmp(h + 257, "ustar", 5))
		return 0;
	path[0] = '\0';
	if (h[345]) {
		strncat(path, h + 345, 155);
		strcat(path, "/");
	}
	strncat(path, h, 100);
	memcpy(digits, h + 124, 12);
	img->size = strtoul(digits, NULL, 8);
	img->data = base + off + BLOCK;
	*type = h[156];
	if (img->size > total - off - BLOCK)
		return 0;
	return off + BLOCK + (img->size + BLOCK - 1) / BLOCK * BLOCK;
}

int archive_find(const char *path, struct image *out)
{
	char name[257], type;
	size_t off = 0;

	while ((off = member(off, name, out, &type)))
		if ((type == '0' || !type) && !strcmp(name, path))
			return 0;
	return -ENOENT;
}

void archive_each(const char *prefix, const char *suffix,
		  void (*fn)(const char *path, const struct image *img))
{
	char name[257], type;
	struct image img;
	size_t off = 0, len;

	while ((off = member(off, name, &img, &type))) {
		len = strlen(name);
		if ((type == '0' || !type) && !strncmp(name, prefix, strlen(prefix)) &&
		    len > strlen(suffix) && !strcmp(name + len - strlen(suffix), suffix))
			fn(name, &img);
	}
}
