/* SPDX-License-Identifier: MIT */
/*
 * bootslot: what the boot menu of this disk starts becomes /boot/calx.elf and /boot/boot.img, and
 * what it started so far its second entry (bootslot(8) has the format of the partition).
 */
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>
#include "../lib/srv.h"

#define SECTOR	512u
#define PIECE	(128u << 10)
#define HEAD	"# calx-boot 1 "
#define FIRST	2048u			/* sectors before the first slot */

/* A kernel and a boot archive, in sectors of the partition; n 0: none. */
struct slot { uint64_t at[2], n[2]; };

struct menu {
	handle_t dev;
	char name[64];
	uint64_t sectors;
	struct slot now, before;
};

static const char *const files[2] = { "/boot/calx.elf", "/boot/boot.img" };
static const char *const words[4] = { "new=", "new_img=", "old=", "old_img=" };
static uint8_t piece[PIECE], other[PIECE];

static int64_t device(handle_t dev, unsigned op, void *buf, uint64_t sector, uint64_t n)
{
	struct msg m = { .w = { op, sector * SECTOR, n * SECTOR } };

	m.r[op == B_READ].base = (uint64_t)buf;
	m.r[op == B_READ].len = n * SECTOR;
	return sys_call(dev, &m);
}

static void must(int64_t n, uint64_t sectors, const char *name)
{
	if (n < 0)
		errx(1, "%s: %s", name, strerror((int)-n));
	if ((uint64_t)n != sectors * SECTOR)
		errx(1, "%s: %s", name, strerror(EIO));
}

/* The first half of the UUID of the file system that / is, as hexadecimal digits. */
static void root_id(char id[17])
{
	struct statvfs st;
	uint8_t b[8];

	if (statvfs("/", &st))
		err(1, "/");
	memcpy(b, &st.f_fsid, sizeof(b));
	for (unsigned i = 0; i < sizeof(b); i++)
		snprintf(id + 2 * i, 3, "%02x", b[i]);
}

/* The text's slots; what is no menu of this root: 0. */
static int parse(struct menu *m, char *text)
{
	uint64_t *const at[4] = { &m->now.at[0], &m->now.at[1], &m->before.at[0], &m->before.at[1] };
	uint64_t *const n[4] = { &m->now.n[0], &m->now.n[1], &m->before.n[0], &m->before.n[1] };
	char id[17], *save, *line, *end;

	root_id(id);
	if (strncmp(text, HEAD, sizeof(HEAD) - 1) || strncmp(text + sizeof(HEAD) - 1, id, 16))
		return 0;
	for (line = strtok_r(text, "\n", &save); line; line = strtok_r(NULL, "\n", &save))
		for (unsigned i = 0; i < 4; i++) {
			size_t len = strlen(words[i]);

			if (strncmp(line, "set ", 4) || strncmp(line + 4, words[i], len))
				continue;
			*at[i] = strtoull(line + 4 + len, &end, 10);
			*n[i] = *end == '+' ? strtoull(end + 1, NULL, 10) : 0;
			if (*at[i] > m->sectors || *n[i] > m->sectors - *at[i])
				errx(1, "%s: the boot menu is damaged", m->name);
		}
	return m->now.n[0] && m->now.n[1];
}

/* Looks whether a device is the partition of this root's menu: 1 when it is. */
static int look(void *arg, const char *dev)
{
	struct menu *m = arg;
	struct msg info = { .w = { B_INFO } };
	char text[SECTOR + 1] = "";
	int64_t h = srv_device(dev + 4, 0);

	if (h < 0)
		return 0;
	memset(m, 0, sizeof(*m));
	snprintf(m->name, sizeof(m->name), "%s", dev + 4);
	m->dev = (handle_t)h;
	if (sys_call(m->dev, &info) >= 0 && info.w[2] == SECTOR) {
		m->sectors = info.w[1] / SECTOR;
		if (device(m->dev, B_READ, text, 0, 1) == SECTOR && parse(m, text))
			return 1;
	}
	sys_handle_close(m->dev);
	return 0;
}

static int find(struct menu *m)
{
	static const char *const kinds[] = { "dev:blk", "dev:nvme", "dev:sata", "dev:usb" };

	for (unsigned i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (srv_each_name(kinds[i], look, m) > 0)
			return 1;
	return 0;
}

/* The next bytes of the file, with zeros to the end of their last sector: how many sectors. */
static uint64_t next(int fd, const char *path)
{
	size_t n = 0;
	ssize_t got;

	while (n < PIECE && (got = read(fd, piece + n, PIECE - n)) != 0) {
		if (got < 0)
			err(1, "%s", path);
		n += (size_t)got;
	}
	memset(piece + n, 0, -n % SECTOR);
	return (n + SECTOR - 1) / SECTOR;
}

/* Goes through the file and its place: compares, or writes with `put`. 0 when they differ. */
static int each(struct menu *m, const char *path, uint64_t at, uint64_t n, int put)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC), same = 1;
	uint64_t got;

	if (fd < 0)
		err(1, "%s", path);
	while (same && (got = next(fd, path)) != 0) {
		if (got > n)
			same = 0;
		else if (put)
			must(device(m->dev, B_WRITE, piece, at, got), got, m->name);
		else
			must(device(m->dev, B_READ, other, at, got), got, m->name);
		if (same && !put)
			same = !memcmp(piece, other, got * SECTOR);
		at += got;
		n -= same ? got : 0;
	}
	close(fd);
	return same && !n;
}

static int is_up_to_date(struct menu *m)
{
	for (unsigned i = 0; i < 2; i++)
		if (!each(m, files[i], m->now.at[i], m->now.n[i], 0))
			return 0;
	return 1;
}

/* Writes both files into the half that the menu's first entry does not use. */
static void fill(struct menu *m, struct slot *s)
{
	uint64_t half = (m->sectors - FIRST) / 2;
	uint64_t at = m->now.at[0] < FIRST + half ? FIRST + half : FIRST, end = at + half;

	for (unsigned i = 0; i < 2; i++) {
		struct stat st;

		if (stat(files[i], &st))
			err(1, "%s", files[i]);
		s->at[i] = at;
		s->n[i] = ((uint64_t)st.st_size + SECTOR - 1) / SECTOR;
		if (s->n[i] > end - at)
			errx(1, "%s: %s", files[i], "the partition of the boot menu is too small");
		if (!each(m, files[i], s->at[i], s->n[i], 1))
			errx(1, "%s changed meanwhile", files[i]);
		at += s->n[i];
	}
}

/* One sector: the menu before or this one, never half of it. */
static void publish(struct menu *m, const struct slot *now)
{
	const struct slot *s[2] = { now, &m->now };
	char text[SECTOR], id[17];
	int n;

	root_id(id);
	n = snprintf(text, sizeof(text), HEAD "%s\n", id);
	for (unsigned i = 0; i < 4; i++)
		n += snprintf(text + n, sizeof(text) - (size_t)n, "set %s%llu+%llu\n", words[i],
				(unsigned long long)s[i / 2]->at[i % 2],
				(unsigned long long)s[i / 2]->n[i % 2]);
	memset(text + n, '\n', sizeof(text) - (size_t)n);
	must(device(m->dev, B_FLUSH, NULL, 0, 0), 0, m->name);
	must(device(m->dev, B_WRITE, text, 0, 1), 1, m->name);
	must(device(m->dev, B_FLUSH, NULL, 0, 0), 0, m->name);
}

int main(int argc, char **argv)
{
	static struct menu m;
	struct slot now;

	(void)argv;
	if (argc != 1) {
		fprintf(stderr, "usage: bootslot\n");
		return 2;
	}
	if (!find(&m) || is_up_to_date(&m))
		return 0;
	if (m.sectors < 2 * FIRST)
		errx(1, "%s: the boot menu is damaged", m.name);
	fill(&m, &now);
	publish(&m, &now);
	return 0;
}
