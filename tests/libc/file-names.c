/* SPDX-License-Identifier: MIT */
/* Names: links, ".." behind links, renames, times, directories, *at calls, and their errors. */
#include <assert.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static void put(const char *name)
{
	int fd = open(name, O_WRONLY | O_CREAT | O_EXCL, 0600);

	assert(fd >= 0 && write(fd, "12345", 5) == 5 && close(fd) == 0);
}

static void test_directory(void)
{
	DIR *d = opendir(".");
	struct dirent *e;
	int n = 0, dots = 0, again = 0;
	long mark = -1;

	assert(d);
	while ((e = readdir(d))) {
		dots += !strcmp(e->d_name, ".") || !strcmp(e->d_name, "..");
		if (++n == 2)
			mark = telldir(d);
	}
	assert(dots == 2);
	seekdir(d, mark);
	while (readdir(d))
		again++;
	assert(again == n - 2 && closedir(d) == 0);
	assert(!opendir("file") && errno == ENOTDIR);
}

/* Only a directory can be made where a slash follows the name. */
static void test_slash(void)
{
	assert(link("file", "new/") == -1 && errno == ENOENT && symlink("file", "new/") == -1 && errno == ENOENT);
	assert(mkfifo("new/", 0600) == -1 && errno == ENOENT && rename("file", "new/") == -1 && errno == ENOTDIR);
	assert(open("new/", O_WRONLY | O_CREAT, 0600) == -1 && errno == EISDIR && access("new", F_OK) == -1);
	assert(link("file", "d/") == -1 && errno == EEXIST && symlink("file", "d/") == -1 && errno == EEXIST);
	assert(mkdir("new/", 0700) == 0 && rmdir("new/") == 0);
}

/* A directory that is gone has no name. */
static void test_removed(void)
{
	char buf[PATH_MAX], was[PATH_MAX];

	assert(getcwd(was, sizeof(was)) && mkdir("gone", 0700) == 0 && chdir("gone") == 0 && rmdir("../gone") == 0);
	assert(!getcwd(buf, sizeof(buf)) && errno == ENOENT && !realpath(".", buf) && errno == ENOENT);
	assert(chdir(was) == 0 && getcwd(buf, sizeof(buf)) && !strcmp(buf, was));
}

int main(void)
{
	char top[] = "file-names-XXXXXX", buf[PATH_MAX], was[PATH_MAX];
	struct timespec times[2] = { { 1000, 5 }, { 0, UTIME_OMIT } };
	struct stat st, st2;
	int dir;

	assert(mkdtemp(top) && chdir(top) == 0 && getcwd(was, sizeof(was)));
	put("file");
	assert(open("file", O_CREAT | O_EXCL, 0600) == -1 && errno == EEXIST);
	assert(open("file/x", O_RDONLY) == -1 && errno == ENOTDIR && open("", O_RDONLY) == -1 && errno == ENOENT);
	assert(mkdir("d", 0755) == 0 && mkdir("d/e", 0755) == 0 && mkdir("d", 0755) == -1 && errno == EEXIST);
	assert(symlink("d/e", "link") == 0 && readlink("link", buf, sizeof(buf)) == 3 && !memcmp(buf, "d/e", 3));
	assert(stat("link/../../file", &st) == 0 && st.st_size == 5 && lstat("link", &st2) == 0 && S_ISLNK(st2.st_mode));
	assert(chdir("link") == 0 && chdir("..") == 0 && stat("e", &st) == 0 && chdir(was) == 0);
	assert(link("file", "d/hard") == 0 && stat("file", &st) == 0 && st.st_nlink == 2);
	assert(rename("d/hard", "other") == 0 && access("d/hard", F_OK) == -1 && unlink("other") == 0);
	assert(rename("d", "d/e/f") == -1 && errno == EINVAL && rmdir("d") == -1 && (errno == ENOTEMPTY || errno == EEXIST));
	assert((dir = open("d", O_RDONLY | O_DIRECTORY)) >= 0 && mkdirat(dir, "f", 0700) == 0);
	assert(fstatat(dir, "../file", &st, 0) == 0 && unlinkat(dir, "f", AT_REMOVEDIR) == 0 && close(dir) == 0);
	assert(stat("file", &st) == 0 && utimensat(AT_FDCWD, "file", times, 0) == 0 && stat("file", &st2) == 0);
	assert(st2.st_atim.tv_sec == 1000 && st2.st_atim.tv_nsec == 5 && st2.st_mtim.tv_nsec == st.st_mtim.tv_nsec);
	assert(chmod("file", 0640) == 0 && stat("file", &st) == 0 && (st.st_mode & 07777) == 0640);
	assert(fchmodat(AT_FDCWD, "file", 0604, AT_SYMLINK_NOFOLLOW) == 0 && symlink("file", "to") == 0);
	assert(fchmodat(AT_FDCWD, "to", 0666, AT_SYMLINK_NOFOLLOW) == 0 || errno == EOPNOTSUPP);
	assert(stat("to", &st) == 0 && (st.st_mode & 07777) == 0604 && unlink("to") == 0);
	assert(fchmodat(AT_FDCWD, "to", 0666, AT_SYMLINK_NOFOLLOW) == -1 && errno == ENOENT);
	assert(truncate("file", 2) == 0 && stat("file", &st) == 0 && st.st_size == 2);
	assert(symlink("loop", "loop") == 0 && stat("loop", &st) == -1 && errno == ELOOP);
	assert(!getcwd(buf, 2) && errno == ERANGE);
	test_directory();
	test_slash();
	test_removed();
	assert(unlink("loop") == 0 && unlink("link") == 0 && unlink("file") == 0 && rmdir("d/e") == 0 && rmdir("d") == 0);
	assert(chdir("..") == 0 && rmdir(top) == 0);
	return 0;
}
