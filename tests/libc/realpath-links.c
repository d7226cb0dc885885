/* SPDX-License-Identifier: MIT */
/* realpath follows links to files and folders; a slash behind a file is refused, with and without a link. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define CHECK(x) do { errno = 0; if (!(x)) printf("%s:%d: %s, errno %d\n", __FILE__, __LINE__, #x, errno); } while (0)

/* Is path, resolved, the working directory and name? */
static int is(const char *path, const char *name)
{
	char real[PATH_MAX], want[2 * PATH_MAX], cwd[PATH_MAX];

	if (!getcwd(cwd, sizeof(cwd)) || !realpath(path, real))
		return 0;
	snprintf(want, sizeof(want), "%s%s%s", cwd, *name ? "/" : "", name);
	return !strcmp(real, want);
}

static int refused(const char *path, int err)
{
	return !realpath(path, NULL) && errno == err;
}

int main(void)
{
	CHECK(!close(open("file", O_CREAT | O_WRONLY, 0666)));
	CHECK(!mkdir("dir", 0777) && !close(open("dir/inside", O_CREAT | O_WRONLY, 0666)));
	CHECK(!symlink("file", "to-file") && !symlink("dir", "to-dir") && !symlink("to-file", "twice"));
	CHECK(!symlink("../file", "dir/up") && !symlink("file/", "slash") && !symlink("dir/", "to-dir-slash"));
	CHECK(is("to-file", "file") && is("twice", "file") && is("dir/up", "file") && is("to-dir/up", "file"));
	CHECK(is("to-dir", "dir") && is("to-dir/", "dir") && is("to-dir-slash", "dir") && is("to-dir/inside", "dir/inside"));
	CHECK(is(".", "") && is("to-dir/..", "") && is("./dir//inside", "dir/inside"));
	CHECK(refused("file/", ENOTDIR) && refused("to-file/", ENOTDIR) && refused("slash", ENOTDIR));
	CHECK(refused("to-file/x", ENOTDIR) && refused("none", ENOENT) && refused("", ENOENT));
	return 0;
}
