/* SPDX-License-Identifier: MIT */
/*
 * What file systems have beyond files, from inside the system: attributes, shared blocks, holes, times of birth, a full
 * disk, snapshots, scrubbing. The word in /mode: "features", or after the reboot that goes back to a snapshot "back".
 */
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "../../../os/abi/fs.h"

#define SIZE	(1 << 20)
#define CHECK(c)	do { if (!(c)) fail(__LINE__, #c); } while (0)

static unsigned char buf[SIZE], got[SIZE];

static _Noreturn void fail(int line, const char *what)
{
	printf("FAIL line %d: %s: %s\n", line, what, strerror(errno));
	exit(1);
}

static int make(const char *path, const char *text)
{
	int fd = open(path, O_CREAT | O_TRUNC | O_RDWR, 0644);

	CHECK(fd >= 0 && write(fd, text, strlen(text)) == (ssize_t)strlen(text));
	return fd;
}

static void says(const char *path, const char *text)
{
	char have[64] = "";
	int fd = open(path, O_RDONLY);

	CHECK(fd >= 0 && read(fd, have, sizeof have - 1) >= 0);
	close(fd);
	CHECK(!strcmp(have, text));
}

static unsigned long free_blocks(void)
{
	struct statvfs st;

	sync();
	CHECK(!statvfs("/", &st));
	return st.f_bavail;
}

static void attributes(void)
{
	int fd = make("/attr", "x");

	CHECK(!fsetxattr(fd, "user.colour", "red", 3, XATTR_CREATE));
	CHECK(getxattr("/attr", "user.colour", got, sizeof got) == 3 && !memcmp(got, "red", 3));
	CHECK(setxattr("/attr", "user.colour", "blue", 4, XATTR_CREATE) < 0 && errno == EEXIST);
	CHECK(!setxattr("/attr", "user.long", buf, 60000, 0));
	CHECK(fgetxattr(fd, "user.long", got, sizeof got) == 60000 && !memcmp(got, buf, 60000));
	CHECK(listxattr("/attr", (char *)got, sizeof got) == 22);
	CHECK(!removexattr("/attr", "user.long") && fgetxattr(fd, "user.long", got, 1) < 0 && errno == ENODATA);
	close(fd);
	fd = make("/tmp/attr", "x");
	CHECK(!fsetxattr(fd, "user.a", "b", 1, 0) && fgetxattr(fd, "user.a", got, 5) == 1);
	close(fd);
	CHECK(setxattr("/dev/null", "user.a", "b", 1, 0) < 0 && errno == EOPNOTSUPP);
}

/* A copy costs no space until it is changed; then the original stays. */
static void shared_blocks(void)
{
	int a = make("/orig", ""), b = make("/clone", ""), c = make("/copy", ""), t = make("/tmp/other", "");
	unsigned long before;
	off_t at = 0, to = 0;

	for (int i = 0; i < SIZE; i++)
		buf[i] = (unsigned char)(i * 7 + i / 4096);
	CHECK(write(a, buf, SIZE) == SIZE);
	before = free_blocks();
	CHECK(!ioctl(b, FICLONE, a));
	CHECK(copy_file_range(a, &at, c, &to, SIZE, 0) == SIZE && at == SIZE && to == SIZE);
	CHECK(free_blocks() + 64 > before);
	CHECK(pwrite(b, "changed", 7, 5000) == 7 && pread(c, got, SIZE, 0) == SIZE && !memcmp(got, buf, SIZE));
	CHECK(pread(a, got, SIZE, 0) == SIZE && !memcmp(got, buf, SIZE));
	CHECK(pread(b, got, 7, 5000) == 7 && !memcmp(got, "changed", 7));
	CHECK(ioctl(t, FICLONE, a) < 0 && errno == EXDEV);
	at = to = 0;
	CHECK(copy_file_range(a, &at, t, &to, 9999, 0) == 9999 && pread(t, got, SIZE, 0) == 9999);
	CHECK(!memcmp(got, buf, 9999));
	close(a), close(b), close(c), close(t);
}

static void holes(void)
{
	int fd = make("/sparse", "");

	CHECK(pwrite(fd, "data", 4, 40960) == 4 && lseek(fd, 0, SEEK_DATA) == 40960);
	CHECK(lseek(fd, 40960, SEEK_HOLE) == 40964 && lseek(fd, 0, SEEK_CUR) == 40964);
	CHECK(!fallocate(fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, 40960, 4096));
	CHECK(lseek(fd, 0, SEEK_DATA) < 0 && errno == ENXIO && lseek(fd, 0, SEEK_END) == 40964);
	close(fd);
}

/* The writer is told; what was accepted is there, and what is removed gives its room back. */
static void full_disk(void)
{
	unsigned long before = free_blocks();
	int fd = make("/full", "");
	ssize_t r;
	size_t n = 0;

	CHECK(posix_fallocate(fd, 0, 1 << 30) == ENOSPC);
	while ((r = write(fd, buf, 65536)) > 0)
		n += (size_t)r;
	CHECK(errno == ENOSPC && n > 8 << 20);
	CHECK(!fsync(fd) && pread(fd, got, 65536, (off_t)(n / 65536 - 1) * 65536) == 65536 && !memcmp(got, buf, 65536));
	CHECK(mkdir("/full.dir", 0755) == 0 || errno == ENOSPC);
	close(fd);
	CHECK(!unlink("/full") && free_blocks() + 64 > before);
	fd = make("/after", "room");
	CHECK(!fsync(fd));
	close(fd);
}

static void birth(void)
{
	struct statx x;

	CHECK(!statx(AT_FDCWD, "/orig", 0, STATX_ALL, &x) && x.stx_mask & STATX_BTIME);
	CHECK(x.stx_btime.tv_sec > 1700000000 && x.stx_btime.tv_sec <= x.stx_mtime.tv_sec);
}

/* What fstat says of a file that is not written back: its blocks, and the time of each write. */
static void not_written_back(void)
{
	int fd = make("/dirty", "x");
	struct stat a, b;

	CHECK(pwrite(fd, buf, 4 * 4096, 8192) == 4 * 4096 && !fstat(fd, &a) && a.st_blocks == 5 * 8);
	usleep(1000);
	CHECK(pwrite(fd, buf, 4096, 8192) == 4096 && !fstat(fd, &b) && b.st_blocks == 5 * 8);
	CHECK(b.st_mtim.tv_sec > a.st_mtim.tv_sec || b.st_mtim.tv_nsec > a.st_mtim.tv_nsec);
	CHECK(!fsync(fd) && !fstat(fd, &a) && a.st_blocks == b.st_blocks);
	CHECK(a.st_mtim.tv_sec == b.st_mtim.tv_sec && a.st_mtim.tv_nsec == b.st_mtim.tv_nsec);
	close(fd);
}

static void scrub(int root)
{
	struct fs_scrub s;

	CHECK(!ioctl(root, FS_SCRUB_START, 0));
	do {
		usleep(10000);
		CHECK(!ioctl(root, FS_SCRUB_LOOK, &s));
	} while (s.state == SCRUB_RUNS);
	CHECK(s.state == SCRUB_DONE && s.blocks > 256 && !s.errors && !s.repaired);
}

static void snapshots(int root)
{
	struct fs_snapshot s = { 0 };

	close(make("/word", "old"));
	CHECK(!mkdir("/.snapshots/one", 0755) && mkdir("/.snapshots/one", 0755) < 0 && errno == EEXIST);
	close(make("/word", "new"));
	close(make("/later", "later"));
	says("/word", "new");
	says("/.snapshots/one/word", "old");
	CHECK(open("/.snapshots/one/word", O_RDWR) < 0 && errno == EROFS);
	CHECK(access("/.snapshots/one/later", F_OK) < 0 && errno == ENOENT);
	CHECK(!mkdir("/.snapshots/two", 0755) && !mkdir("/.snapshots/three", 0755));
	CHECK(!ioctl(root, FS_SNAPSHOT_NEXT, &s) && !strcmp(s.name, "one") && !s.parent);
	CHECK(!ioctl(root, FS_SNAPSHOT_NEXT, &s) && !strcmp(s.name, "two") && s.parent);
	CHECK(!rmdir("/.snapshots/three") && ioctl(root, FS_SNAPSHOT_NEXT, &s) < 0 && errno == ENOENT);
	says("/.snapshots/two/later", "later");
	scrub(root);
	strcpy(s.name, "none");
	CHECK(ioctl(root, FS_SNAPSHOT_ROLLBACK, &s) < 0 && errno == ENOENT);
	strcpy(s.name, "one");
	CHECK(!ioctl(root, FS_SNAPSHOT_ROLLBACK, &s));
	says("/word", "new");
}

int main(void)
{
	char mode[32] = "";
	int fd = open("/mode", O_RDONLY), root = open("/", O_RDONLY | O_DIRECTORY);

	setvbuf(stdout, NULL, _IOLBF, 0);
	CHECK(fd >= 0 && read(fd, mode, sizeof mode - 1) > 0 && root >= 0);
	if (!strncmp(mode, "features", 8)) {
		attributes();
		shared_blocks();
		holes();
		birth();
		not_written_back();
		full_disk();
		snapshots(root);
	} else {
		says("/word", "old");
		CHECK(access("/later", F_OK) < 0);
		says("/.snapshots/two/later", "later");
	}
	puts("END");
	return 0;
}
