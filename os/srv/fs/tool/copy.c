/* SPDX-License-Identifier: MIT */
/* File contents between the host and an image; holes stay holes. */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "tool.h"

/* Reads up to n bytes; less only at the end. */
static size_t fill(int fd, unsigned char *buf, size_t n, const char *name)
{
	size_t got = 0;

	while (got < n) {
		ssize_t r = read(fd, buf + got, n - got);

		if (r < 0 && errno == EINTR)
			continue;
		if (r < 0)
			die_err(-errno, "%s", name);
		if (!r)
			break;
		got += (size_t)r;
	}
	return got;
}

static int is_zero(const unsigned char *p)
{
	return !*p && !memcmp(p, p + 1, CFS_PAGE - 1);
}

/* Writes the pages that are not all zero, in runs. */
static void put_pages(struct cfs_inode *ip, uint64_t page, uint32_t n, const char *name)
{
	uint32_t i = 0, k;

	while (i < n) {
		int err;

		if (is_zero(tool_buf + (size_t)i * CFS_PAGE)) {
			i++;
			continue;
		}
		for (k = i + 1; k < n && !is_zero(tool_buf + (size_t)k * CFS_PAGE); k++)
			;
		err = cfs_write(ip, page + i, k - i, tool_buf + (size_t)i * CFS_PAGE, 0, 0);
		if (err)
			die_err(err, "%s", name);
		i = k;
	}
}

void tool_copy_in(struct cfs_inode *ip, int fd, const char *name)
{
	struct cfs_attr a = { .size = 0 };
	size_t n;
	int err;

	while ((n = fill(fd, tool_buf, sizeof tool_buf, name))) {
		uint32_t pages = (uint32_t)((n + CFS_PAGE - 1) / CFS_PAGE);

		memset(tool_buf + n, 0, pages * CFS_PAGE - n);
		put_pages(ip, a.size / CFS_PAGE, pages, name);
		a.size += n;
	}
	err = cfs_setattr(ip, CFS_SET_SIZE, &a);
	if (err)
		die_err(err, "%s", name);
}

static void put_bytes(int fd, const unsigned char *p, size_t n, const char *name)
{
	while (n) {
		ssize_t r = write(fd, p, n);

		if (r < 0 && errno == EINTR)
			continue;
		if (r < 0)
			die_err(-errno, "%s", name);
		p += r;
		n -= (size_t)r;
	}
}

void tool_copy_out(struct cfs_inode *ip, int fd, const char *name)
{
	for (uint64_t off = 0; off < ip->a.size; off += sizeof tool_buf) {
		uint64_t left = ip->a.size - off;
		size_t n = left < sizeof tool_buf ? (size_t)left : sizeof tool_buf;
		int err = cfs_read(ip, off / CFS_PAGE, (uint32_t)((n + CFS_PAGE - 1) / CFS_PAGE), tool_buf);

		if (err)
			die_err(err, "%s", name);
		put_bytes(fd, tool_buf, n, name);
	}
}
