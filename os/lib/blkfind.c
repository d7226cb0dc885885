/* SPDX-License-Identifier: MIT */
/* Finding a file system by the superblock in blocks 1 and 2 of a device (srv/fs/lib/format.h). */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "../srv/fs/lib/format.h"
#include "blkfind.h"
#include "srv.h"

#define MS		1000000ll
#define PAUSE_FIRST	MS
#define PAUSE_MAX	(64 * MS)
#define TELL_AFTER	(10000 * MS)

struct search {
	const char *label;		/* or NULL */
	const uint8_t *uuid;		/* or NULL */
	char *name;
	size_t size;
};

/* Names of block devices; each kind of driver has its own (drv/). */
static const char *const kinds[] = { "dev:blk", "dev:nvme", "dev:sata", "dev:usb" };

static int fits(const struct search *s, const struct cfs_super *sb)
{
	if (sb->magic != CFS_MAGIC)
		return 0;
	if (s->label)
		return !strncmp(sb->label, s->label, sizeof(sb->label));
	return !s->uuid || !memcmp(sb->uuid, s->uuid, 16);
}

/* Reads both superblocks of a device and looks whether it is the one: 1 when it is. */
static int look(void *arg, const char *dev)
{
	static struct cfs_super sb[2];
	struct msg m = { .w = { B_READ, CFS_BLOCK, sizeof(sb) }, .r = { { 0, 0 }, { (uint64_t)sb, sizeof(sb) } } };
	struct search *s = arg;
	int64_t h = srv_device(dev + 4, 0), n;

	if (h < 0)
		return 0;
	n = sys_call((handle_t)h, &m);
	sys_handle_close((handle_t)h);
	if (n != sizeof(sb) || !(fits(s, &sb[0]) || fits(s, &sb[1])))
		return 0;
	strlcpy(s->name, dev + 4, s->size);
	return 1;
}

static int any(struct search *s)
{
	for (unsigned i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (srv_each_name(kinds[i], look, s) > 0)
			return 1;
	return 0;
}

static void wait_for(struct search *s, const char *spec)
{
	int64_t begin = srv_now(), pause = PAUSE_FIRST;
	int told = 0;

	while (!any(s)) {
		sys_sleep(srv_now() + pause);
		if (pause < PAUSE_MAX)
			pause *= 2;
		if (!told && srv_now() - begin > TELL_AFTER) {
			srv_log("still no disk or partition with the file system %s", spec);
			told = 1;
		}
	}
}

static int parse_uuid(const char *text, uint8_t uuid[16])
{
	unsigned n = 0;

	for (; *text; text++) {
		const char *hex = "0123456789abcdef", *at = strchr(hex, *text | 32);

		if (*text == '-')
			continue;
		if (!at || n == 32)
			return -EINVAL;
		uuid[n / 2] = (uint8_t)(uuid[n / 2] << 4 | (at - hex));
		n++;
	}
	return n == 32 ? 0 : -EINVAL;
}

/* The word after root= of the kernel's command line, or "". */
static void root_option(char *to, size_t size)
{
	const char *p = getenv("CALX_CMDLINE");

	*to = '\0';
	for (; p && *p; p += strcspn(p, " "), p += strspn(p, " ")) {
		size_t n = strcspn(p, " ") + 1;

		if (!strncmp(p, "root=", 5))
			strlcpy(to, p + 5, n - 5 < size ? n - 5 : size);
	}
}

int blk_find(const char *spec, char *name, size_t size)
{
	struct search s = { .name = name, .size = size };
	char option[64];
	uint8_t uuid[16];

	if (!strcmp(spec, "root")) {
		root_option(option, sizeof(option));
		spec = option;
	}
	if (!strncmp(spec, "LABEL=", 6)) {
		s.label = spec + 6;
	} else if (!strncmp(spec, "UUID=", 5)) {
		if (parse_uuid(spec + 5, uuid))
			return -EINVAL;
		s.uuid = uuid;
	} else if (*spec) {
		return strlcpy(name, spec, size) < size ? 0 : -ENAMETOOLONG;
	}
	wait_for(&s, *spec ? spec : "of the root");
	return 0;
}
