/* SPDX-License-Identifier: MIT */
/* statx says what stat says, and refuses what it does not know. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#define CHECK(x) do { errno = 0; if (!(x)) printf("%s:%d: %s, errno %d\n", __FILE__, __LINE__, #x, errno); } while (0)

static int same_time(const struct statx_timestamp *x, const struct timespec *t)
{
	return x->tv_sec == t->tv_sec && x->tv_nsec == (unsigned)t->tv_nsec;
}

static void agrees(const struct statx *x, const struct stat *st)
{
	CHECK((x->stx_mask & STATX_BASIC_STATS) == STATX_BASIC_STATS);
	CHECK(x->stx_mode == st->st_mode && x->stx_nlink == st->st_nlink && x->stx_ino == st->st_ino);
	CHECK(x->stx_uid == st->st_uid && x->stx_gid == st->st_gid);
	CHECK(x->stx_size == (unsigned long)st->st_size && x->stx_blocks == (unsigned long)st->st_blocks);
	CHECK(x->stx_dev_major == major(st->st_dev) && x->stx_dev_minor == minor(st->st_dev));
	CHECK(same_time(&x->stx_mtime, &st->st_mtim) && same_time(&x->stx_ctime, &st->st_ctim));
	CHECK(!(x->stx_mask & STATX_BTIME) || x->stx_btime.tv_sec);
}

int main(void)
{
	char name[] = "/tmp/statx-XXXXXX";
	struct statx x;
	struct stat st;
	int fd = mkstemp(name);

	CHECK(fd >= 0 && write(fd, "1234567", 7) == 7);
	CHECK(!stat(name, &st) && !statx(AT_FDCWD, name, 0, STATX_ALL, &x));
	agrees(&x, &st);
	CHECK(x.stx_size == 7 && S_ISREG(x.stx_mode));
	CHECK(!statx(fd, "", AT_EMPTY_PATH | AT_STATX_DONT_SYNC, STATX_BASIC_STATS, &x));
	agrees(&x, &st);
	CHECK(statx(AT_FDCWD, name, 0x40000000, STATX_ALL, &x) == -1 && errno == EINVAL);
	CHECK(statx(AT_FDCWD, "/tmp/none/such", 0, STATX_ALL, &x) == -1 && errno == ENOENT);
	CHECK(!unlink(name) && !symlink("nowhere", name));
	CHECK(statx(AT_FDCWD, name, 0, STATX_ALL, &x) == -1 && errno == ENOENT);
	CHECK(!statx(AT_FDCWD, name, AT_SYMLINK_NOFOLLOW, STATX_ALL, &x) && S_ISLNK(x.stx_mode));
	unlink(name);
	return 0;
}
