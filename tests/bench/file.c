/* SPDX-License-Identifier: MIT */
/* Files and folders. */
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "bench.h"

static int fd;
static char dir[512];

static void
small_file(void)
{
	make_file("bench.file", 100);
}

static void
remove_file(void)
{
	unlink(bench_path);
}

static void
open_close(long n)
{
	while (n--)
		close((int)CHECK(open(bench_path, O_RDONLY)));
}

static void
stat_path(long n)
{
	struct stat st;

	while (n--)
		CHECK(stat(bench_path, &st));
}

static void
open_small(void)
{
	small_file();
	fd = (int)CHECK(open(bench_path, O_RDWR));
}

static void
close_small(void)
{
	close(fd);
	remove_file();
}

static void
stat_fd(long n)
{
	struct stat st;

	while (n--)
		CHECK(fstat(fd, &st));
}

static void
make_dir(void)
{
	char name[32];
	int i;

	snprintf(dir, sizeof(dir), "%s/bench.dir", bench_dir);
	mkdir(dir, 0755);
	for (i = 0; i < 100; i++) {
		snprintf(name, sizeof(name), "bench.dir/f%d", i);
		make_file(name, 0);
	}
}

static void
remove_dir(void)
{
	char path[600];
	int i;

	for (i = 0; i < 100; i++) {
		snprintf(path, sizeof(path), "%s/f%d", dir, i);
		unlink(path);
	}
	rmdir(dir);
}

static void
read_dir(long n)
{
	while (n--) {
		DIR *d = opendir(dir);

		if (!d)
			CHECK(-1);
		while (readdir(d))
			;
		closedir(d);
	}
}

static void
new_name(void)
{
	snprintf(bench_path, sizeof(bench_path), "%s/bench.new", bench_dir);
	unlink(bench_path);
}

static void
new_name_on_disk(void)
{
	snprintf(bench_path, sizeof(bench_path), "%s/bench.new", bench_disk);
	unlink(bench_path);
}

static void
create_unlink(long n)
{
	while (n--) {
		close((int)CHECK(open(bench_path, O_RDWR | O_CREAT | O_EXCL, 0644)));
		CHECK(unlink(bench_path));
	}
}

static void
new_mib(long n)
{
	while (n--) {
		int f = (int)CHECK(open(bench_path, O_RDWR | O_CREAT | O_TRUNC, 0644));

		write_all(f, MIB);
		close(f);
		CHECK(unlink(bench_path));
	}
}

static void
write_sync(long n)
{
	while (n--) {
		int f = (int)CHECK(open(bench_path, O_RDWR | O_CREAT, 0644));

		write_all(f, MIB);
		CHECK(fsync(f));
		close(f);
	}
}

static void
open_mib(void)
{
	make_file("bench.file", MIB);
	fd = (int)CHECK(open(bench_path, O_RDWR));
}

static void
read_mib(long n)
{
	while (n--) {
		CHECK(lseek(fd, 0, SEEK_SET));
		while (CHECK(read(fd, bench_buf, sizeof(bench_buf))))
			;
	}
}

static void
write_mib(long n)
{
	while (n--) {
		CHECK(lseek(fd, 0, SEEK_SET));
		write_all(fd, MIB);
	}
}

static void
open_mib_on_disk(void)
{
	new_name_on_disk();
	fd = (int)CHECK(open(bench_path, O_RDWR | O_CREAT, 0644));
	write_all(fd, MIB);
	CHECK(fsync(fd));
}

/* From the disk: the cache has let go of the file before each read. */
static void
read_cold(long n)
{
	while (n--) {
		CHECK(-posix_fadvise(fd, 0, 0, POSIX_FADV_DONTNEED));
		read_mib(1);
	}
}

/* One operation is one page of a mapped file touched, mapping included. */
static void
map_file(long n)
{
	volatile char *p;
	long i, pages = MIB / 4096;

	while (n > 0) {
		p = mmap(NULL, MIB, PROT_READ, MAP_SHARED, fd, 0);
		if (p == MAP_FAILED)
			CHECK(-1);
		for (i = 0; i < pages; i++)
			(void)p[i * 4096];
		munmap((void *)p, MIB);
		n -= pages;
	}
}

const struct bench file_tests[] = {
	{ "open-close", 300, open_close, small_file, remove_file },
	{ "stat", 300, stat_path, small_file, remove_file },
	{ "fstat", 500, stat_fd, open_small, close_small },
	{ "readdir-100", 20, read_dir, make_dir, remove_dir },
	{ "create-unlink", 100, create_unlink, new_name, NULL },
	{ "new-file-1M", 5, new_mib, new_name, NULL },
	{ "write-1M", 10, write_mib, open_mib, close_small },
	{ "read-1M", 10, read_mib, open_mib, close_small },
	{ "map-file-page", 2560, map_file, open_mib, close_small },
	{ "disk-create-unlink", 50, create_unlink, new_name_on_disk, NULL },
	{ "disk-new-file-1M", 3, new_mib, new_name_on_disk, NULL },
	{ "disk-write-fsync-1M", 3, write_sync, new_name_on_disk, remove_file, 1 },
	{ "disk-read-cold-1M", 3, read_cold, open_mib_on_disk, close_small, 1 },
	{ NULL, 0, NULL, NULL, NULL },
};
