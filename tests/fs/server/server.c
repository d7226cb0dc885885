/* SPDX-License-Identifier: MIT */
/* Tests of the file server against the fake kernel: what programs see through the protocol. */
#include <errno.h>
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>

#include "../../../os/srv/fs/fsd.h"
#include "../dev.h"
#include "server.h"

static struct dev *disk;
handle_t root;
struct answer a;

static void start(uint64_t nblocks, const char *prefix)
{
	if (nblocks) {
		disk = dev_new(nblocks);
		cfs_unmount(dev_mkfs(disk));
	}
	memset(&fsd, 0, sizeof fsd);
	strcpy(fsd.prefix, prefix);
	fsd.fs = dev_mount(disk, 0, 0);
	fsd.limit = 400;
	fsd.dev = 1;
	fsd.timer = -1;
	fsd.buf = aligned_alloc(PAGE, BUF_PAGES * PAGE);
	root = (handle_t)make_root();
	CHECK(root > 0);
}

/* As a power cut does, after all clients have closed what they had. */
void crash(void)
{
	cfs_abandon(fsd.fs);
	free(fsd.buf);
	CHECK(dev_check(disk, 0, true) == 0);
	start(0, "/");
}

/* As a reboot does. */
void restart(void)
{
	OK((int)sync_all());
	CHECK(!fsd.outstanding || fsd.old);
	crash();
}

struct dev *the_disk(void)
{
	return disk;
}

int64_t path_op(uint64_t op, const char *path, uint64_t w1, uint64_t w2)
{
	uint64_t w[MSG_WORDS - 1] = { w1, w2 };

	return ask(root, op, path, strlen(path), w, &a);
}

handle_t open_file(const char *path, uint64_t flags)
{
	OK((int)path_op(F_OPEN, path, flags, 0644));
	return a.h;
}

int64_t two(uint64_t op, const char *one, const char *other, uint64_t w1)
{
	char buf[8192];
	int n = sprintf(buf, "%s%c%s", one, 0, other);
	uint64_t w[MSG_WORDS - 1] = { w1 };

	fake_along = root;
	return ask(root, op, buf, (size_t)n, w, &a);
}

struct stat stat_of(const char *path)
{
	struct stat st;

	OK((int)path_op(F_STAT, path, 0, 0));
	memcpy(&st, a.out, sizeof st);
	return st;
}

static void test_open(void)
{
	handle_t h;

	CHECK(path_op(F_OPEN, "none", O_RDONLY, 0) == -ENOENT);
	CHECK(path_op(F_OPEN, "none/x", O_CREAT | O_RDWR, 0644) == -ENOENT);
	h = open_file("f", O_CREAT | O_RDWR);
	CHECK(path_op(F_OPEN, "f", O_CREAT | O_EXCL | O_RDWR, 0644) == -EEXIST);
	CHECK(path_op(F_OPEN, "f/x", O_RDONLY, 0) == -ENOTDIR);
	CHECK(path_op(F_OPEN, "f/", O_RDONLY, 0) == -ENOTDIR);
	CHECK(path_op(F_OPEN, "f", O_RDONLY | O_DIRECTORY, 0) == -ENOTDIR);
	CHECK(path_op(F_OPEN, "new/", O_RDWR | O_CREAT, 0) == -EISDIR);
	OK((int)path_op(F_MKDIR, "d/", 0, 0755));
	CHECK(path_op(F_MKDIR, "d", 0, 0755) == -EEXIST);
	CHECK(path_op(F_OPEN, "d", O_RDWR, 0) == -EISDIR);
	CHECK(path_op(F_UNLINK, "d", 0, 0) == -EISDIR);
	CHECK(path_op(F_UNLINK, "f", AT_REMOVEDIR, 0) == -ENOTDIR);
	CHECK(file_pwrite(h, "hello", 5, 0) == 5);
	CHECK(stat_of("f").st_size == 5);
	file_close(open_file("f", O_RDWR | O_TRUNC));
	CHECK(stat_of("f").st_size == 0 && file_length(h) == 0);
	file_close(h);
	fake_cred = CRED(5, 5);
	CHECK(path_op(F_OPEN, "f", O_RDWR, 0) == -EACCES);
	CHECK(path_op(F_OPEN, "d/x", O_RDWR | O_CREAT, 0644) == -EACCES);
	CHECK(path_op(F_UNLINK, "f", 0, 0) == -EACCES);
	CHECK(path_op(F_ACCESS, "f", R_OK, 0) == 0 && path_op(F_ACCESS, "f", W_OK, 0) == -EACCES);
	fake_cred = 0;
	OK((int)path_op(F_UNLINK, "f", 0, 0));
	OK((int)path_op(F_UNLINK, "d", AT_REMOVEDIR, 0));
}

static void test_links(void)
{
	OK((int)path_op(F_MKDIR, "d", 0, 0755));
	file_close(open_file("d/file", O_CREAT | O_RDWR));
	OK((int)two(F_SYMLINK, "rel", "d/file", 0));
	OK((int)two(F_SYMLINK, "d/up", "../d/./file", 0));
	OK((int)two(F_SYMLINK, "d/rootlink", "../dev/null", 0));
	OK((int)two(F_SYMLINK, "abs", "/etc/x", 0));
	OK((int)two(F_SYMLINK, "loop", "loop", 0));
	OK((int)two(F_SYMLINK, "dirlink", "d", 0));
	file_close(open_file("rel", O_RDONLY));
	file_close(open_file("dirlink/file", O_RDONLY));
	CHECK(path_op(F_OPEN, "d/up", O_RDONLY, 0) == -F_REDIRECT && !memcmp(a.out, "/d/./file", (size_t)a.w[1]));
	CHECK(path_op(F_OPEN, "d/rootlink", O_RDONLY, 0) == -F_REDIRECT && !memcmp(a.out, "/dev/null", 9));
	CHECK(path_op(F_OPEN, "abs/more/y", O_RDONLY, 0) == -F_REDIRECT && a.w[1] == 13 &&
	      !memcmp(a.out, "/etc/x/more/y", 13));
	CHECK(path_op(F_OPEN, "loop", O_RDONLY, 0) == -ELOOP);
	CHECK(path_op(F_OPEN, "rel", O_RDONLY | O_NOFOLLOW, 0) == -ELOOP);
	CHECK(path_op(F_READLINK, "abs", 0, 0) == 6 && !memcmp(a.out, "/etc/x", 6));
	CHECK(path_op(F_READLINK, "d", 0, 0) == -EINVAL);
	OK((int)path_op(F_STAT, "rel", AT_SYMLINK_NOFOLLOW, 0));
	CHECK(S_ISLNK(((struct stat *)a.out)->st_mode));
	OK((int)two(F_LINK, "d/file", "hard", 0));
	CHECK(stat_of("hard").st_nlink == 2 && stat_of("hard").st_ino == stat_of("d/file").st_ino);
	OK((int)two(F_RENAME, "hard", "d/file2", 0));
	CHECK(two(F_RENAME, "d", "d/below", 0) == -EINVAL);
	fake_along = open_file("d", O_RDONLY);
	CHECK(ask(root, F_RENAME, "a\0b", 3, NULL, &a) == -EXDEV);
	for (const char *const *p = (const char *const[]){ "rel", "d/up", "d/rootlink", "abs", "loop", "dirlink", "d/file",
							   "d/file2", NULL }; *p; p++)
		OK((int)path_op(F_UNLINK, *p, 0, 0));
	OK((int)path_op(F_UNLINK, "d", AT_REMOVEDIR, 0));
}

static void test_paths(void)
{
	handle_t h;

	OK((int)path_op(F_MKDIR, "a", 0, 0755));
	OK((int)path_op(F_MKDIR, "a/b", 0, 0755));
	h = open_file("a/b", O_PATH | O_DIRECTORY);
	CHECK(ask(h, F_PATH, NULL, 0, NULL, &a) == 4 && !memcmp(a.out, "/a/b", 4));
	OK((int)two(F_RENAME, "a", "other", 0));
	CHECK(ask(h, F_PATH, NULL, 0, NULL, &a) == 8 && !memcmp(a.out, "/other/b", 8));
	CHECK(ask(root, F_PATH, NULL, 0, NULL, &a) == 1 && a.out[0] == '/');
	file_close(h);
	OK((int)path_op(F_UNLINK, "other/b", AT_REMOVEDIR, 0));
	OK((int)path_op(F_UNLINK, "other", AT_REMOVEDIR, 0));
}

static void test_list(void)
{
	char name[300];
	unsigned char seen[500] = { 0 };
	uint64_t w[MSG_WORDS - 1] = { 0 };
	int64_t n;

	OK((int)path_op(F_MKDIR, "many", 0, 0755));
	for (int i = 0; i < 500; i++) {
		sprintf(name, "many/%d%0*d", i + 1000, i % 200, 0);
		file_close(open_file(name, O_CREAT | O_WRONLY));
	}
	handle_t h = open_file("many", O_RDONLY | O_DIRECTORY);
	while ((n = ask(h, F_READDIR, NULL, 0, w, &a)) > 0) {
		for (int64_t at = 0; at < n;) {
			struct dirent *d = (void *)(a.out + at);

			if (d->d_name[0] != '.')
				seen[(d->d_name[1] - '0') * 100 + (d->d_name[2] - '0') * 10 + d->d_name[3] - '0']++;
			at += d->d_reclen;
		}
		w[0] = (uint64_t)a.w[1];
	}
	CHECK(n == 0);
	for (int i = 0; i < 500; i++) {
		CHECK(seen[i] == 1);
		sprintf(name, "many/%d%0*d", i + 1000, i % 200, 0);
		OK((int)path_op(F_UNLINK, name, 0, 0));
	}
	file_close(h);
	OK((int)path_op(F_UNLINK, "many", AT_REMOVEDIR, 0));
}

#define FSX	600000
static uint8_t want[FSX], got[FSX];

/* Random reads, writes and truncations of one file against an array; with syncs, evictions, restarts. */
static void fsx_step(handle_t *h, uint64_t *size)
{
	uint64_t off = rnd() % FSX, n = rnd() % 40000, w[MSG_WORDS - 1] = { SA_SIZE };

	n = n < FSX - off ? n : FSX - off;
	switch (rnd() % 12) {
	case 0: case 1: case 2: case 3:
		for (uint64_t i = 0; i < n; i++)
			got[i] = (uint8_t)rnd();
		CHECK(file_pwrite(*h, got, n, off) == (int64_t)n);
		memcpy(want + off, got, n);
		*size = n && off + n > *size ? off + n : *size;
		break;
	case 4:
		w[3] = rnd() % 3 ? off : 0;
		OK((int)ask(*h, F_SETATTR, NULL, 0, w, &a));
		if (w[3] < *size)
			memset(want + w[3], 0, *size - w[3]);
		*size = w[3];
		break;
	case 5:
		w[0] = rnd() % 3;
		OK((int)ask(*h, F_SYNC, NULL, 0, w, &a));
		break;
	case 6:
		fake_evict();
		break;
	case 7:
		file_close(*h);
		if (rnd() % 4 == 0)
			restart();
		*h = open_file("fsx", O_RDWR);
		break;
	default:
		n = off >= *size ? 0 : n < *size - off ? n : *size - off;
		CHECK(file_pread(*h, got, n, off) == (int64_t)n);
		for (uint64_t i = 0; i < n; i++)
			if (got[i] != want[off + i])
				FAIL("byte %llu is wrong", (unsigned long long)(off + i));
	}
	CHECK(file_length(*h) == *size && (uint64_t)stat_of("fsx").st_size == *size);
}

static void test_fsx(void)
{
	handle_t h = open_file("fsx", O_CREAT | O_RDWR);
	uint64_t size = 0;

	for (int i = 0; i < 6000; i++)
		fsx_step(&h, &size);
	file_close(h);
	OK((int)path_op(F_UNLINK, "fsx", 0, 0));
}

/* Holes, zeros and space set aside, against an array; whatever is in the page cache. */
static void test_allocate(void)
{
	static const uint64_t modes[] = { 0, 1, 3, 0x10, 0x11 };
	handle_t h = open_file("al", O_CREAT | O_RDWR);
	uint64_t size = 0, n;

	memset(want, 0, sizeof want);
	for (int i = 0; i < 400; i++) {
		uint64_t off = rnd() % 200000, len = 1 + rnd() % 60000, mode = modes[rnd() % 5];
		uint64_t w[MSG_WORDS - 1] = { mode, off, len };

		if (rnd() % 2) {
			for (uint64_t k = 0; k < len; k++)
				got[k] = (uint8_t)rnd();
			CHECK(file_pwrite(h, got, len, off) == (int64_t)len);
			memcpy(want + off, got, len);
			size = off + len > size ? off + len : size;
		} else {
			OK((int)ask(h, F_ALLOCATE, NULL, 0, w, &a));
			if (mode & ~1ull)
				memset(want + off, 0, len);
			if (!(mode & 1) && off + len > size)
				size = off + len;
		}
		if (rnd() % 3 == 0)
			fake_evict();
		CHECK(file_length(h) == size);
		n = file_pread(h, got, size, 0);
		CHECK(n == size && !memcmp(got, want, size));
	}
	CHECK(ask(h, F_ALLOCATE, NULL, 0, (uint64_t[MSG_WORDS - 1]){ 0, 0, 1ull << 40 }, &a) == -ENOSPC);
	file_close(h);
	restart();
	h = open_file("al", O_RDWR);
	CHECK(file_pread(h, got, size, 0) == (int64_t)size && !memcmp(got, want, size));
	file_close(h);
	OK((int)path_op(F_UNLINK, "al", 0, 0));
}

static void test_times(void)
{
	handle_t h = open_file("t", O_CREAT | O_RDWR);
	uint64_t w[MSG_WORDS - 1] = { SA_MTIME, 0, 0, 0, 0, 1234567890123456789 };

	CHECK(file_pwrite(h, "x", 1, 0) == 1);
	CHECK(stat_of("t").st_mtim.tv_sec > 1700000000);
	OK((int)ask(h, F_SETATTR, NULL, 0, w, &a));
	file_close(h);
	CHECK(stat_of("t").st_mtim.tv_sec == 1234567890 && stat_of("t").st_mtim.tv_nsec == 123456789);
	restart();
	CHECK(stat_of("t").st_mtim.tv_sec == 1234567890 && stat_of("t").st_size == 1);
	OK((int)path_op(F_UNLINK, "t", 0, 0));
}

static uint64_t free_now(void)
{
	struct cfs_statfs st;

	OK((int)sync_all());
	cfs_statfs(fsd.fs, &st);
	return st.avail;
}

/* Unlinked while open, and while only mapped; temporary files leave nothing behind. */
static void test_unlinked(void)
{
	uint64_t before;
	unsigned live = fake_live();
	handle_t h, mem;
	char buf[8] = "";

	file_close(open_file("warm", O_CREAT | O_RDWR));
	OK((int)path_op(F_UNLINK, "warm", 0, 0));
	before = free_now();
	h = open_file("u", O_CREAT | O_RDWR);
	memset(got, 7, 100000);
	CHECK(file_pwrite(h, got, 100000, 0) == 100000);
	OK((int)path_op(F_UNLINK, "u", 0, 0));
	CHECK(path_op(F_STAT, "u", 0, 0) == -ENOENT);
	OK((int)sync_all());
	fake_evict();
	CHECK(file_pread(h, buf, 4, 50000) == 4 && buf[3] == 7);
	mem = fsd.young->mem;
	file_map(mem, 1);
	file_close(h);
	CHECK(fsd.young && fsd.young->mem == mem);
	file_map(mem, -1);
	for (int i = 0; i < 50; i++) {
		h = open_file("tmp", O_CREAT | O_RDWR);
		CHECK(file_pwrite(h, got, 30000, 0) == 30000);
		file_close(h);
		OK((int)path_op(F_UNLINK, "tmp", 0, 0));
	}
	CHECK(fsd.outstanding == 0);
	CHECK(free_now() == before);
	CHECK(fake_live() == live);
}

/* A full disk: the writer is told; what was accepted can be written back. */
static void test_full(void)
{
	handle_t h = open_file("full", O_CREAT | O_RDWR), other = open_file("other", O_CREAT | O_RDWR);
	uint64_t off = 0;
	int64_t n;

	CHECK(file_pwrite(other, "x", 1, 0) == 1);
	while ((n = file_pwrite(h, got, 50000, off)) > 0)
		off += (uint64_t)n;
	CHECK(n == -ENOSPC && off > 1000000);
	CHECK(file_pwrite(h, want, 50000, 0) == 50000 || free_now() < 50);
	OK((int)ask(h, F_SYNC, NULL, 0, NULL, &a));
	CHECK(file_length(h) == off);
	file_close(h);
	file_close(other);
	restart();
	CHECK((uint64_t)stat_of("full").st_size == off);
	OK((int)path_op(F_UNLINK, "full", 0, 0));
	OK((int)path_op(F_UNLINK, "other", 0, 0));
}

/* Full to the last page, with files that share blocks: what was accepted is written back and synced. */
static void test_full_sizes(void)
{
	for (uint64_t blocks = 1100; blocks < 14000; blocks += blocks / 2 + rnd() % 50) {
		handle_t h, from;
		uint64_t off = 0;
		int64_t n;

		OK((int)sync_all());
		cfs_abandon(fsd.fs);
		free(fsd.buf);
		dev_free(disk);
		start(blocks, "/");
		h = open_file("full", O_CREAT | O_RDWR);
		from = open_file("from", O_CREAT | O_RDWR);
		CHECK(file_pwrite(from, got, 65536, 0) == 65536);
		OK((int)ask(from, F_SOURCE, NULL, 0, NULL, &a));
		CHECK(ask(h, F_COPY, NULL, 0, (uint64_t[MSG_WORDS - 1]){ (uint64_t)a.w[1], 0, 0, 65536 }, &a) == 65536);
		file_close(from);
		while ((n = file_pwrite(h, got, 65536, off)) > 0)
			off += (uint64_t)n;
		CHECK(n == -ENOSPC);
		OK((int)ask(h, F_SYNC, NULL, 0, NULL, &a));
		CHECK(file_pread(h, want, 4096, off - 4096) == 4096);
		file_close(h);
		OK((int)path_op(F_UNLINK, "full", 0, 0));
	}
}

static int64_t lock(handle_t h, uint32_t pid, uint64_t cmd, uint64_t type, uint64_t from, uint64_t len)
{
	uint64_t w[MSG_WORDS - 1] = { cmd, type, from, len };

	fake_pid = pid;
	return ask(h, F_RECLOCK, NULL, 0, w, &a);
}

static void test_locks(void)
{
	handle_t h = open_file("l", O_CREAT | O_RDWR), g = open_file("l", O_RDWR);
	uint64_t ex[MSG_WORDS - 1] = { LOCK_EX | LOCK_NB };

	OK((int)lock(h, 1, F_SETLK, F_WRLCK, 0, 100));
	CHECK(lock(g, 2, F_SETLK, F_RDLCK, 50, 10) == -EAGAIN);
	OK((int)lock(g, 2, F_SETLK, F_RDLCK, 100, 10));
	OK((int)lock(h, 1, F_SETLK, F_UNLCK, 40, 30));
	OK((int)lock(g, 2, F_SETLK, F_RDLCK, 50, 10));
	OK((int)lock(g, 2, F_GETLK, F_WRLCK, 0, 0));
	CHECK(a.w[2] == F_WRLCK && a.w[5] == 1);
	CHECK(lock(g, 2, F_SETLKW, F_WRLCK, 0, 10) == SRV_HELD);
	OK((int)lock(h, 1, F_SETLK, F_UNLCK, 0, 0));
	CHECK(fake_lates == 1 && fake_late == 0);
	OK((int)ask(h, F_FLOCK, NULL, 0, ex, &a));
	CHECK(ask(g, F_FLOCK, NULL, 0, ex, &a) == -EAGAIN);
	file_close(h);
	OK((int)ask(g, F_FLOCK, NULL, 0, ex, &a));
	file_close(g);
	OK((int)path_op(F_UNLINK, "l", 0, 0));
}

/* Opens of a fifo wait for each other; ends are let go when a side has closed. */
static void test_fifos(void)
{
	unsigned live = fake_live();
	handle_t rd, wr;

	OK((int)path_op(F_MKNOD, "p", 0, S_IFIFO | 0644));
	CHECK(path_op(F_OPEN, "p", O_WRONLY | O_NONBLOCK, 0) == -ENXIO);
	CHECK(path_op(F_OPEN, "p", O_RDONLY, 0) == SRV_HELD);
	wr = open_file("p", O_WRONLY);
	CHECK(fake_lates == 1 && fake_late == 0);
	rd = fake_late_handle;
	OK((int)ask(rd, F_STAT, NULL, 0, NULL, &a));
	CHECK(S_ISFIFO(((struct stat *)a.out)->st_mode));
	file_close(wr);
	file_close(rd);
	rd = open_file("p", O_RDONLY | O_NONBLOCK);
	file_close(open_file("p", O_WRONLY | O_NONBLOCK));
	file_close(rd);
	CHECK(path_op(F_OPEN, "p", O_WRONLY, 0) == SRV_HELD);
	CHECK(path_op(F_OPEN, "p", O_WRONLY, 0) == SRV_HELD);
	file_close(open_file("p", O_RDONLY | O_NONBLOCK));
	CHECK(fake_lates == 3);
	OK((int)path_op(F_UNLINK, "p", 0, 0));
	CHECK(fake_live() >= live);
}

/* Who reads straight on waits for the disk at the beginning only, from wherever that is; others get what they ask for. */
static void test_read_ahead(void)
{
	enum { PAGES = 1500 };
	static char buf[PAGE];
	handle_t h = open_file("f", O_CREAT | O_RDWR);
	unsigned before;

	for (uint64_t i = 0; i < PAGES; i++) {
		memset(buf, (int)(i % 251), PAGE);
		CHECK(file_pwrite(h, buf, PAGE, i * PAGE) == PAGE);
	}
	OK((int)sync_all());
	for (uint64_t from = 0; from < 600; from += 500) {
		fake_evict();
		before = fake_page_ins;
		for (uint64_t i = from; i < PAGES; i++) {
			CHECK(file_pread(h, buf, PAGE, i * PAGE) == PAGE);
			CHECK(buf[0] == (char)(i % 251) && buf[PAGE - 1] == buf[0]);
		}
		CHECK(fake_page_ins - before <= 3);
	}
	fake_evict();
	for (int i = 0; i < 300; i++) {
		uint64_t page = rnd() % PAGES;

		CHECK(file_pread(h, buf, PAGE, page * PAGE) == PAGE && buf[0] == (char)(page % 251));
		if (i % 20 == 0)
			fake_evict();
	}
	file_close(h);
}

/* Random requests with random arguments, for half of FUZZ_SECONDS: answers, not crashes. */
static void test_fuzz(void)
{
	static const char *const names[] = { "", "a", "b", "a/b", "..", "../..", "a/../b", "/", "b/", "a/b/c", "l", "m",
					     ".", "a\0b", "b\0a/x", "l\0../a", "m\0/abs", "a/b\0b" };
	const char *s = getenv("FUZZ_SECONDS");
	time_t end = time(NULL) + (s ? atoi(s) : 5) / 2 + 1;
	handle_t open[8];
	unsigned long n = 0;

	for (int i = 0; i < 8; i++)
		open[i] = H_NONE;
	for (; time(NULL) < end; n++) {
		uint64_t w[MSG_WORDS - 1], op = rnd() % (F_ADVISE + 2);
		int k = (int)(rnd() % 8), p = (int)(rnd() % 18);
		handle_t h = open[k] != H_NONE && rnd() % 2 ? open[k] : root;

		for (int i = 0; i < 7; i++)
			w[i] = rnd() % 4 ? rnd() % 8 << rnd() % 20 : rnd();
		if (op == F_SETATTR || op == F_ALLOCATE)
			w[0] &= ~(uint64_t)SA_SIZE;
		if (op == F_OPEN && rnd() % 2)
			w[0] = O_CREAT | O_RDWR;
		if (rnd() % 3)
			fake_along = root;
		ask(h, op, names[p], p > 12 ? strlen(names[p]) + 1 + strlen(names[p] + strlen(names[p]) + 1)
					    : strlen(names[p]), w, &a);
		if (a.h == H_NONE)
			continue;
		if (open[k] != H_NONE)
			file_close(open[k]);
		open[k] = a.h;
	}
	for (int i = 0; i < 8; i++)
		if (open[i] != H_NONE)
			file_close(open[i]);
	forget_watches();
	fprintf(stderr, "server fuzz: %lu requests\n", n);
	restart();
}

static const struct { const char *name; void (*run)(void); } tests[] = {
	{ "open", test_open }, { "links", test_links }, { "paths", test_paths }, { "list", test_list },
	{ "fsx", test_fsx }, { "allocate", test_allocate }, { "times", test_times }, { "dirty", test_dirty }, { "unlinked", test_unlinked }, { "full", test_full }, { "full_sizes", test_full_sizes },
	{ "locks", test_locks }, { "fifos", test_fifos }, { "permissions", test_permissions },
	{ "sockets", test_sockets }, { "watches", test_watches }, { "unnamed", test_unnamed }, { "owners", test_owners },
	{ "xattrs", test_xattrs }, { "copies", test_copies }, { "holes", test_holes }, { "scrub", test_scrub },
	{ "read_ahead", test_read_ahead }, { "memory", test_memory },
	{ "failed_write_back", test_failed_write_back }, { "advice", test_advice }, { "fuzz", test_fuzz },
};

/* Without an argument: names the tests. */
int main(int argc, char **argv)
{
	const char *seed = getenv("SEED");

	rnd_seed(seed ? strtoull(seed, NULL, 0) : 1);
	for (size_t i = 0; i < sizeof tests / sizeof tests[0]; i++) {
		if (argc < 2) {
			puts(tests[i].name);
			continue;
		}
		if (strcmp(argv[1], tests[i].name))
			continue;
		start(4000, "/");
		tests[i].run();
		OK((int)sync_all());
		CHECK(dev_check(disk, 0, true) == 0);
		return 0;
	}
	return argc < 2 ? 0 : 2;
}
