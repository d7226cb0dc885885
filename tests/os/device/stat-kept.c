/* SPDX-License-Identifier: MIT */
/* fstat of an open file is answered by the kernel; what another process does to the file is seen at once all the same. */
#include <fcntl.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <sys/xattr.h>
#include <time.h>
#include <unistd.h>
#include "../check.h"

#define ROUNDS	400

static const char *name, *second;	/* of the file under test, and of another name of it */
static int fd, other;			/* for writing; for reading */
static struct stat st;

/* What fstat says by both descriptors, twice: the second time it is known. 1: they all say the same. */
static int look_once(void)
{
	struct stat again, by_other, by_name;

	if (fstat(fd, &st) || fstat(fd, &again) || fstat(other, &by_other))
		return 0;
	if (memcmp(&st, &again, sizeof(st)) || memcmp(&st, &by_other, sizeof(st)))
		return 0;
	return !st.st_nlink || (!stat(name, &by_name) && !memcmp(&st, &by_name, sizeof(st)));
}

/* A write back between two of them takes blocks, which is told too: once. What is kept too long stays wrong. */
static int look(void)
{
	return look_once() || look_once() || look_once();
}

/* fn in another process, which opens the file by its name: its result. */
static int elsewhere(int (*fn)(void))
{
	pid_t pid = fork();
	int status = -1;

	if (!pid)
		_exit(fn());
	waitpid(pid, &status, 0);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static int later(struct timespec a, struct timespec b)
{
	return a.tv_sec > b.tv_sec || (a.tv_sec == b.tv_sec && a.tv_nsec > b.tv_nsec);
}

static int writes(void)
{
	int f = open(name, O_WRONLY);

	return f < 0 || pwrite(f, "0123456789", 10, 5000) != 10;
}

static int cuts(void)
{
	return truncate(name, 77) != 0;
}

static int changes_mode(void)
{
	return chmod(name, 0640) != 0;
}

static int changes_owner(void)
{
	return chown(name, 12, 34) != 0;
}

static int links(void)
{
	return link(name, second) != 0;
}

static int unlinks(void)
{
	return unlink(second) != 0;
}

static int unlinks_all(void)
{
	return unlink(name) != 0;
}

static int sets_times(void)
{
	struct timespec t[2] = { { 1000, 5 }, { 2000, 6 } };

	return utimensat(AT_FDCWD, name, t, 0) != 0;
}

static int sets_attribute(void)
{
	return setxattr(name, "user.test", "x", 1, 0) != 0;
}

static int renames(void)
{
	return rename(name, second) || rename(second, name);
}

/* Writes back, which takes blocks. */
static int syncs(void)
{
	int f = open(name, O_WRONLY);

	return f < 0 || fsync(f);
}

static void touch(void)
{
	usleep(2000);		/* for times to differ */
}

static void size_and_time(void)
{
	struct stat was;
	char c = 'x';

	CHECK(look() && st.st_size == 0 && st.st_nlink == 1);
	was = st;
	touch();
	CHECK(!elsewhere(writes) && look() && st.st_size == 5010);
	CHECK(later(st.st_mtim, was.st_mtim) && later(st.st_ctim, was.st_ctim));
	CHECK(write(fd, &c, 1) == 1 && look() && st.st_size == 5010);
	CHECK(pwrite(fd, &c, 1, 9999) == 1 && look() && st.st_size == 10000);
	CHECK(!ftruncate(fd, 20000) && look() && st.st_size == 20000);
	was = st;
	touch();
	CHECK(!elsewhere(cuts) && look() && st.st_size == 77 && later(st.st_mtim, was.st_mtim));
	CHECK(!elsewhere(syncs) && look() && st.st_size == 77);
	was = st;
	touch();
	CHECK(write(fd, &c, 1) == 1 && look() && !later(was.st_mtim, st.st_mtim));
	CHECK(!elsewhere(sets_times) && look() && st.st_mtim.tv_sec == 2000 && st.st_atim.tv_nsec == 5);
}

static void change_after_write(void)
{
	struct stat was;

	CHECK(pwrite(fd, "x", 1, 0) == 1);
	touch();
	CHECK(!elsewhere(changes_mode) && look() && later(st.st_ctim, st.st_mtim));
	was = st;
	CHECK(!elsewhere(syncs) && look() && !later(was.st_ctim, st.st_ctim));
}

static void mode_and_owner(void)
{
	struct stat was;

	CHECK(look());
	was = st;
	touch();
	CHECK(!elsewhere(changes_mode) && look() && (st.st_mode & 07777) == 0640 && later(st.st_ctim, was.st_ctim));
	CHECK(!elsewhere(changes_owner) && look() && st.st_uid == 12 && st.st_gid == 34);
	was = st;
	touch();
	CHECK(!elsewhere(sets_attribute) && look() && later(st.st_ctim, was.st_ctim));
	CHECK(!fchmod(fd, 0600) && look() && (st.st_mode & 07777) == 0600);
}

static void names(void)
{
	struct stat was;

	CHECK(look());
	was = st;
	touch();
	CHECK(!elsewhere(links) && look() && st.st_nlink == 2 && later(st.st_ctim, was.st_ctim));
	CHECK(!elsewhere(unlinks) && look() && st.st_nlink == 1);
	was = st;
	touch();
	CHECK(!elsewhere(renames) && look() && later(st.st_ctim, was.st_ctim));
	CHECK(!elsewhere(unlinks_all) && look() && st.st_nlink == 0);
	CHECK(write(fd, "x", 1) == 1 && look() && st.st_size > 0);
}

/*
 * Another process changes mode and size again and again, and says how far it is when the call has returned: what is
 * seen afterwards is not older.
 */
static void at_the_same_time(void)
{
	atomic_int *said = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	pid_t pid = fork();
	int last = 0;

	if (!pid) {
		for (int i = 1; i <= ROUNDS; i++) {
			if (fchmod(other, (mode_t)i) || ftruncate(fd, i))
				_exit(1);
			*said = i;
		}
		_exit(0);
	}
	while (last < ROUNDS) {
		int i = *said;

		CHECK(!fstat(fd, &st) && (int)(st.st_mode & 07777) >= i && st.st_size >= i);
		last = i;
		if (waitpid(pid, NULL, WNOHANG) == pid && *said < ROUNDS) {
			CHECK(!"the other process went on");
			break;
		}
	}
	munmap(said, 4096);
}

static void in_folder(const char *path, const char *path2, void (*fn)(void))
{
	name = path;
	second = path2;
	fd = open(name, O_RDWR | O_CREAT | O_TRUNC, 0644);
	other = open(name, O_RDONLY);
	CHECK(fd >= 0 && other >= 0);
	fn();
	close(fd);
	close(other);
	unlink(name);
	unlink(second);
}

#define BOTH(fn) \
static void fn##_on_the_disk(void) { in_folder("/root/stat-kept", "/root/stat-kept.2", fn); } \
static void fn##_in_memory(void) { in_folder("/tmp/stat-kept", "/tmp/stat-kept.2", fn); }
BOTH(size_and_time)
BOTH(change_after_write)
BOTH(mode_and_owner)
BOTH(names)
BOTH(at_the_same_time)

int main(void)
{
	static const struct test tests[] = {
		{ "fstat_sees_sizes_and_times_on_the_disk", size_and_time_on_the_disk },
		{ "fstat_sees_sizes_and_times_in_memory", size_and_time_in_memory },
		{ "fstat_sees_changes_after_writes_on_the_disk", change_after_write_on_the_disk },
		{ "fstat_sees_changes_after_writes_in_memory", change_after_write_in_memory },
		{ "fstat_sees_modes_and_owners_on_the_disk", mode_and_owner_on_the_disk },
		{ "fstat_sees_modes_and_owners_in_memory", mode_and_owner_in_memory },
		{ "fstat_sees_names_on_the_disk", names_on_the_disk },
		{ "fstat_sees_names_in_memory", names_in_memory },
		{ "fstat_is_never_late_on_the_disk", at_the_same_time_on_the_disk },
		{ "fstat_is_never_late_in_memory", at_the_same_time_in_memory },
		{ NULL, NULL },
	};

	return run_tests(tests);
}
