/* SPDX-License-Identifier: MIT */
/* An image file as a block device, mounting it, and walking paths in it. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "tool.h"

unsigned char tool_buf[COPY_PAGES * CFS_PAGE];
static int image_fd = -1;

static int full_read(int fd, void *buf, size_t n, off_t off)
{
	while (n) {
		ssize_t r = pread(fd, buf, n, off);

		if (r < 0 && errno == EINTR)
			continue;
		if (r <= 0)
			return r ? -errno : -EIO;
		buf = (char *)buf + r;
		n -= (size_t)r;
		off += r;
	}
	return 0;
}

static int full_write(int fd, const void *buf, size_t n, off_t off)
{
	while (n) {
		ssize_t r = pwrite(fd, buf, n, off);

		if (r < 0 && errno == EINTR)
			continue;
		if (r < 0)
			return -errno;
		buf = (const char *)buf + r;
		n -= (size_t)r;
		off += r;
	}
	return 0;
}

static int dev_read(void *ctx, uint64_t blk, uint32_t n, void *buf)
{
	return full_read((int)(intptr_t)ctx, buf, (size_t)n * CFS_PAGE, (off_t)(blk * CFS_PAGE));
}

static int dev_write(void *ctx, uint64_t blk, uint32_t n, const void *buf)
{
	return full_write((int)(intptr_t)ctx, buf, (size_t)n * CFS_PAGE, (off_t)(blk * CFS_PAGE));
}

/* An image in the making needs no barriers: tool_unmount syncs once. */
bool tool_barriers;

static int dev_flush(void *ctx)
{
	return tool_barriers && fdatasync((int)(intptr_t)ctx) ? -errno : 0;
}

static void *dev_alloc(void *ctx, size_t n)
{
	(void)ctx;
	return malloc(n);
}

static void dev_free(void *ctx, void *p)
{
	(void)ctx;
	free(p);
}

int64_t tool_epoch(void)
{
	const char *s = getenv("SOURCE_DATE_EPOCH");

	return s && *s ? strtoll(s, NULL, 10) : -1;
}

void tool_now(struct cfs_time *t)
{
	struct timespec ts;

	*t = (struct cfs_time){ tool_epoch(), 0 };
	if (t->sec >= 0)
		return;
	clock_gettime(CLOCK_REALTIME, &ts);
	*t = (struct cfs_time){ ts.tv_sec, (uint32_t)ts.tv_nsec };
}

static void dev_now(void *ctx, struct cfs_time *t)
{
	(void)ctx;
	tool_now(t);
}

static void dev_log(void *ctx, const char *line)
{
	(void)ctx;
	warn("%s", line);
}

void tool_io(struct cfs_io *io, int fd, uint64_t nblocks)
{
	*io = (struct cfs_io){ .ctx = (void *)(intptr_t)fd, .nblocks = nblocks, .read = dev_read,
			       .write = dev_write, .flush = dev_flush, .alloc = dev_alloc, .free = dev_free,
			       .now = dev_now, .log = dev_log };
}

struct cfs *tool_mount(const char *image, uint32_t flags)
{
	struct cfs_mount_opt opt = { .flags = flags, .cache_nodes = 8192 };
	struct cfs_io io;
	struct cfs *fs;
	off_t size;
	int err;

	image_fd = open(image, (flags & CFS_RDONLY ? O_RDONLY : O_RDWR) | O_CLOEXEC);
	if (image_fd < 0)
		die_err(-errno, "%s", image);
	size = lseek(image_fd, 0, SEEK_END);
	tool_io(&io, image_fd, (uint64_t)size / CFS_PAGE);
	opt.crypt = tool_key(&io);
	err = cfs_mount(&io, &opt, &fs);
	if (err == -EINVAL)
		die("%s: not a calxfs image", image);
	if (err)
		die_err(err, "%s: cannot mount", image);
	return fs;
}

void tool_unmount(struct cfs *fs)
{
	int err = cfs_unmount(fs);

	if (!err && fsync(image_fd) < 0 && errno != EINVAL)
		err = -errno;
	close(image_fd);
	if (err)
		die_err(err, "writing the image");
}

static struct cfs_inode *walk(struct cfs *fs, const char *path, const char *end)
{
	struct cfs_inode *ip = cfs_root(fs), *next;

	if (!ip)
		die("the root directory cannot be read");
	while (path < end) {
		size_t n = strcspn(path, "/");
		int err;

		if (path + n > end)
			n = (size_t)(end - path);
		if (n && !(n == 1 && *path == '.')) {
			err = cfs_lookup(ip, path, n, &next);
			if (err)
				die_err(err, "%.*s", (int)n, path);
			cfs_iput(ip);
			ip = next;
		}
		path += n + 1;
	}
	return ip;
}

struct cfs_inode *tool_walk(struct cfs *fs, const char *path)
{
	return walk(fs, path, path + strlen(path));
}

struct cfs_inode *tool_parent(struct cfs *fs, const char *path, const char **name)
{
	const char *slash = strrchr(path, '/');

	*name = slash ? slash + 1 : path;
	if (!**name)
		die("%s: no file name", path);
	return walk(fs, path, slash ? slash : path);
}
