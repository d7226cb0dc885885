/* SPDX-License-Identifier: MIT */
/* Compiled time zones: TZif files (RFC 8536), mapped and looked up by bisection. */
#include <string.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tzfile.h"

#define HEAD	44

static uint32_t
be32(const unsigned char *p)
{
	return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

static int64_t
be64(const unsigned char *p)
{
	return (int64_t)((uint64_t)be32(p) << 32 | be32(p + 4));
}

/* Length of the data after a head whose times have `width` bytes. */
static size_t
data_length(const unsigned char *h, size_t width)
{
	size_t isut = be32(h + 20), isstd = be32(h + 24), leaps = be32(h + 28);
	size_t times = be32(h + 32), types = be32(h + 36), names = be32(h + 40);

	return times * width + times + types * 6 + names + leaps * (width + 4) + isstd + isut;
}

static int
sane(const unsigned char *h)
{
	int i;

	for (i = 20; i < HEAD; i += 4)
		if (be32(h + i) > 100000)
			return 0;
	return memcmp(h, "TZif", 4) == 0 && be32(h + 36) > 0 && be32(h + 40) > 0;
}

/* The TZ string between the two newlines at the end. */
static void
parse_foot(struct tzif *f, const unsigned char *p)
{
	const unsigned char *end = f->map + f->size;
	char text[128];
	size_t n = 0;

	if (p >= end || *p++ != '\n')
		return;
	while (p + n < end && p[n] != '\n' && n < sizeof(text) - 1)
		n++;
	memcpy(text, p, n);
	text[n] = '\0';
	f->has_foot = n && __rules_parse(text, &f->foot) == 0;
}

/* Checks the second, 64-bit block and finds its tables; all indexes are checked here, once. */
static int
parse(struct tzif *f)
{
	const unsigned char *h = f->map, *p;
	size_t skip;
	uint32_t i;

	if (f->size < 2 * HEAD || !sane(h) || h[4] < '2')
		return -1;
	skip = HEAD + data_length(h, 4);
	if (skip + HEAD > f->size)
		return -1;
	h += skip;
	if (!sane(h) || skip + HEAD + data_length(h, 8) > f->size)
		return -1;
	f->ntimes = be32(h + 32);
	f->ntypes = be32(h + 36);
	f->nnames = be32(h + 40);
	p = h + HEAD;
	f->times = p;
	f->kinds = p += 8 * f->ntimes;
	f->types = p += f->ntimes;
	f->names = p + 6 * f->ntypes;
	for (i = 0; i < f->ntimes; i++)
		if (f->kinds[i] >= f->ntypes)
			return -1;
	for (i = 0; i < f->ntypes; i++)
		if (f->types[6 * i + 5] >= f->nnames)
			return -1;
	if (f->names[f->nnames - 1])
		return -1;
	parse_foot(f, h + HEAD + data_length(h, 8));
	return 0;
}

int
__tzif_open(const char *name, struct tzif *f)
{
	static const char dir[] = "/usr/share/zoneinfo/";
	char path[256];
	struct stat st;
	int fd;

	memset(f, 0, sizeof(*f));
	if (strlen(name) + sizeof(dir) > sizeof(path) || strstr(name, ".."))
		return -1;
	strcpy(path, *name == '/' ? "" : dir);
	strcat(path, name);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return -1;
	if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode) && st.st_size > HEAD && st.st_size < 1 << 20) {
		f->size = (size_t)st.st_size;
		f->map = mmap(NULL, f->size, PROT_READ, MAP_PRIVATE, fd, 0);
	}
	close(fd);
	if (!f->map || f->map == MAP_FAILED) {
		f->map = NULL;
		return -1;
	}
	if (parse(f) == 0)
		return 0;
	__tzif_close(f);
	return -1;
}

void
__tzif_close(struct tzif *f)
{
	if (f->map)
		munmap((void *)f->map, f->size);
	memset(f, 0, sizeof(*f));
}

static void
set_type(const struct tzif *f, uint32_t type, struct zone *z)
{
	const unsigned char *p = f->types + 6 * type;

	z->off = (int32_t)be32(p);
	z->dst = p[4] != 0;
	z->name = (const char *)f->names + p[5];
}

void
__tzif_at(const struct tzif *f, long long t, struct zone *z)
{
	uint32_t low = 0, high = f->ntimes;	/* times[low - 1] <= t < times[high] */

	while (low < high) {
		uint32_t mid = low + (high - low) / 2;

		if (be64(f->times + 8 * mid) <= t)
			low = mid + 1;
		else
			high = mid;
	}
	if (low == f->ntimes && f->has_foot)
		__rules_at(&f->foot, t, z);
	else
		set_type(f, low ? f->kinds[low - 1] : 0, z);
}
