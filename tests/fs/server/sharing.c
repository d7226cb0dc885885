/* SPDX-License-Identifier: MIT */
/* Extended attributes, files that share blocks, and where holes are, through the protocol. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "../../../os/srv/fs/fsd.h"
#include "../dev.h"
#include "server.h"

static int64_t set(handle_t h, const char *name, const char *value, uint64_t flags)
{
	char both[512];
	int n = sprintf(both, "%s%c%s", name, 0, value);

	return ask(h, F_SETXATTR, both, (size_t)n, (uint64_t[MSG_WORDS - 1]){ flags }, &a);
}

static int64_t get(handle_t h, const char *name, uint64_t most)
{
	return ask(h, F_GETXATTR, name, strlen(name), (uint64_t[MSG_WORDS - 1]){ most }, &a);
}

static int64_t list(handle_t h)
{
	return ask(h, F_LISTXATTR, NULL, 0, (uint64_t[MSG_WORDS - 1]){ 4096 }, &a);
}

static void xattrs_of_others(handle_t h)
{
	OK((int)set(h, "trusted.t", "secret", 0));
	OK((int)set(h, "security.s", "label", 0));
	CHECK(list(h) == 28);
	fake_cred = CRED(7, 7);
	CHECK(list(h) == 18 && !memmem(a.out, 18, "trusted", 7));
	CHECK(get(h, "trusted.t", 100) == -ENODATA && get(h, "security.s", 100) == 5);
	CHECK(set(h, "trusted.t", "x", 0) == -EPERM && set(h, "security.s", "x", 0) == -EPERM);
	CHECK(set(h, "user.a", "x", 0) == -EACCES && get(h, "user.a", 100) == 5);
	fake_cred = 0;
}

void test_xattrs(void)
{
	handle_t h = open_file("x", O_CREAT | O_RDWR), link;

	CHECK(list(h) == 0 && get(h, "user.a", 100) == -ENODATA);
	OK((int)set(h, "user.a", "one", XATTR_CREATE));
	CHECK(set(h, "user.a", "two", XATTR_CREATE) == -EEXIST && set(h, "user.b", "two", XATTR_REPLACE) == -ENODATA);
	OK((int)set(h, "user.a", "three", XATTR_REPLACE));
	CHECK(get(h, "user.a", 0) == 5 && get(h, "user.a", 4) == -ERANGE);
	CHECK(get(h, "user.a", 100) == 5 && !memcmp(a.out, "three", 5));
	CHECK(set(h, "system.posix_acl_access", "x", 0) == -EOPNOTSUPP && set(h, "user.", "x", 0) == -EOPNOTSUPP);
	CHECK(set(h, "", "x", 0) == -ERANGE && get(h, "", 1) == -ERANGE);
	xattrs_of_others(h);
	file_close(h);
	restart();
	h = open_file("x", O_RDONLY);
	CHECK(get(h, "user.a", 100) == 5 && !memcmp(a.out, "three", 5));
	OK((int)ask(h, F_REMOVEXATTR, "user.a", 6, NULL, &a));
	CHECK(ask(h, F_REMOVEXATTR, "user.a", 6, NULL, &a) == -ENODATA);
	file_close(h);
	OK((int)two(F_SYMLINK, "xl", "x", 0));
	link = open_file("xl", O_PATH | O_NOFOLLOW);
	CHECK(set(link, "user.a", "x", 0) == -EPERM && get(link, "user.a", 9) == -ENODATA);
	OK((int)set(link, "trusted.l", "x", 0));
	file_close(link);
	OK((int)path_op(F_UNLINK, "x", 0, 0));
	OK((int)path_op(F_UNLINK, "xl", 0, 0));
}

static int64_t copy(handle_t from, handle_t to, uint64_t at, uint64_t off, uint64_t len, uint64_t flags)
{
	uint64_t w[MSG_WORDS - 1] = { 0, at, off, len, flags };
	int64_t res = ask(from, F_SOURCE, NULL, 0, NULL, &a);

	if (res)
		return res;
	w[0] = (uint64_t)a.w[1];
	res = ask(to, F_COPY, NULL, 0, w, &a);
	CHECK(ask(to, F_COPY, NULL, 0, w, &a) == -EXDEV || res == -EBADF || res == -EISDIR);	/* a ticket counts once */
	return res;
}

#define MOST	160000u
static uint8_t data[2][MOST], got[MOST];
static uint64_t size[2];

static void model_write(handle_t h, int f)
{
	uint64_t off = rnd() % (MOST / 2), n = rnd() % (MOST / 2);

	for (uint64_t i = 0; i < n; i++)
		data[f][off + i] = got[i] = (uint8_t)rnd();
	CHECK(file_pwrite(h, got, n, off) == (int64_t)n);
	size[f] = n && off + n > size[f] ? off + n : size[f];
}

/* What must be refused is told by the rules of F_COPY alone. */
static void model_copy(handle_t h[2])
{
	int from = (int)(rnd() % 2), to = (int)(rnd() % 3 ? !from : from);
	uint64_t at = rnd() % 20 * PAGE, off = rnd() % 20 * PAGE, len = rnd() % 16 * PAGE, all = rnd() % 2;
	int64_t n;

	if (rnd() % 3 == 0 && at < size[from])
		len = size[from] - at;
	if (all && !len && at < size[from])
		len = size[from] - at;
	if (off + len > MOST)
		return;
	n = copy(h[from], h[to], at, off, len, all);
	if (n < 0) {
		CHECK(n == -EINVAL && ((all && at + len > size[from]) || (from == to && at < off + MOST && off < at + MOST) ||
			      ((at + len) % PAGE && off + len < size[to]) || (all && !len)));
		return;
	}
	CHECK(!all || (uint64_t)n == len);
	CHECK(at + (uint64_t)n <= size[from] || !n);
	memmove(data[to] + off, data[from] + at, (size_t)n);
	if (n && off + (uint64_t)n > size[to])
		size[to] = off + (uint64_t)n;
}

static void compare(handle_t h, int f)
{
	CHECK(file_length(h) == size[f]);
	CHECK(file_pread(h, got, size[f], 0) == (int64_t)size[f] && !memcmp(got, data[f], size[f]));
}

void test_copies(void)
{
	handle_t h[2], dir;

	memset(data, 0, sizeof data);
	size[0] = size[1] = 0;
	for (int round = 0; round < 6; round++) {
		h[0] = open_file("c0", O_CREAT | O_RDWR);
		h[1] = open_file("c1", O_CREAT | O_RDWR);
		for (int i = 0; i < 100; i++) {
			int f = (int)(rnd() % 2);

			if (rnd() % 2)
				model_write(h[f], f);
			else
				model_copy(h);
			if (rnd() % 3 == 0)
				fake_evict();
			compare(h[f], f);
		}
		file_close(h[0]);
		file_close(h[1]);
		restart();
	}
	h[0] = open_file("c0", O_RDONLY);
	h[1] = open_file("c1", O_WRONLY);
	dir = open_file("", O_RDONLY | O_DIRECTORY);
	CHECK(copy(h[1], h[0], 0, 0, PAGE, 0) == -EBADF && copy(h[0], h[0], 0, 0, PAGE, 0) == -EBADF);
	CHECK(copy(dir, h[1], 0, 0, PAGE, 0) == -EISDIR && copy(h[0], dir, 0, 0, PAGE, 0) == -EISDIR);
	CHECK(copy(h[0], h[1], 1, 0, PAGE, 0) == -EINVAL && copy(h[0], h[1], 0, 5, PAGE, 0) == -EINVAL);
	file_close(dir);
	file_close(h[0]);
	file_close(h[1]);
	OK((int)path_op(F_UNLINK, "c0", 0, 0));
	OK((int)path_op(F_UNLINK, "c1", 0, 0));
}

static int64_t seek(handle_t h, uint64_t off, uint64_t whence)
{
	return ask(h, F_SEEK, NULL, 0, (uint64_t[MSG_WORDS - 1]){ off, whence }, &a);
}

void test_holes(void)
{
	handle_t h = open_file("h", O_CREAT | O_RDWR);

	CHECK(seek(h, 0, SEEK_DATA) == -ENXIO && seek(h, 0, SEEK_HOLE) == -ENXIO);
	memset(got, 5, 10000);
	CHECK(file_pwrite(h, got, 10000, 40 * PAGE) == 10000);
	CHECK(seek(h, 0, SEEK_DATA) == 40 * PAGE && seek(h, 0, SEEK_HOLE) == 0);
	CHECK(seek(h, 40 * PAGE + 7, SEEK_DATA) == 40 * PAGE + 7);
	CHECK(seek(h, 40 * PAGE + 7, SEEK_HOLE) == 40 * PAGE + 10000);
	CHECK(seek(h, 40 * PAGE + 10000, SEEK_DATA) == -ENXIO && seek(h, (uint64_t)-1, SEEK_HOLE) == -ENXIO);
	CHECK(file_pwrite(h, got, 1, 3 * PAGE + 9) == 1);
	CHECK(seek(h, 1, SEEK_DATA) == 3 * PAGE && seek(h, 3 * PAGE, SEEK_HOLE) == 4 * PAGE);
	CHECK(seek(root, 0, SEEK_DATA) == -EINVAL);
	OK((int)ask(h, F_SETATTR, NULL, 0, (uint64_t[MSG_WORDS - 1]){ SA_SIZE, 0, 0, 4 * PAGE + 1 }, &a));
	CHECK(seek(h, 4 * PAGE, SEEK_HOLE) == 4 * PAGE && seek(h, 4 * PAGE, SEEK_DATA) == -ENXIO);
	file_close(h);
	OK((int)path_op(F_UNLINK, "h", 0, 0));
}
