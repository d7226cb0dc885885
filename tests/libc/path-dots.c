/* SPDX-License-Identifier: MIT */
/* "." and ".." are components, not what looks like them; slashes may be repeated anywhere. */
#include <assert.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static char top[] = "/tmp/path-dots.XXXXXX";

/* The inode of a path below top, or of path itself when it begins with a slash or a dot; 0: none. */
static ino_t ino(const char *path)
{
	char full[200];
	struct stat st;

	snprintf(full, sizeof(full), *path == '/' || *path == '.' ? "%s" : "%2$s/%1$s", path, top);
	return stat(full, &st) ? 0 : st.st_ino;
}

int main(void)
{
	static const char *const names[] = { "a", "a/b..", "a/..c", "a/..." };
	ino_t a, t;
	int fd;
	struct stat st;

	assert(mkdtemp(top) && !chdir(top));
	for (int i = 0; i < 4; i++)
		assert(!mkdir(names[i], 0755));
	a = ino("a");
	t = ino(top);
	assert(a && t && a != t);
	assert(ino("a/..") == t && ino("a/b../..") == a && ino("a/..c/..") == a && ino("a/.../../..") == t);
	assert(ino("a/b..") != a && ino("a/..c") != a && ino("a/...") != a && ino("./a/.") == a);
	assert(ino("a/./../a") == a && ino("/..") == ino("/") && ino("a//") == a && ino("a//..//a") == a);
	assert(!chdir("a/b..") && ino("..") == a && ino("../") == a && ino("../..") == t && ino("../..c/..") == a);
	assert(ino("/dev") && !ino("/de") && !ino("/devx") && ino("/dev/null"));
	assert(ino("///dev/null") == ino("/dev/null") && ino("/dev///null") == ino("/dev/null"));
	fd = open(top, O_RDONLY | O_DIRECTORY);
	assert(fd >= 0 && !fstatat(fd, "a/..", &st, 0) && st.st_ino == t);
	assert(!fstatat(fd, "a/b..", &st, 0) && st.st_ino != a && !fstatat(fd, "..//.", &st, 0) && st.st_ino == ino("/tmp"));
	for (int i = 3; i >= 0; i--)
		assert(!unlinkat(fd, names[i], AT_REMOVEDIR));
	assert(!rmdir(top));
	return 0;
}
