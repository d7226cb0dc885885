/* SPDX-License-Identifier: MIT */
/* What is looked for below a file that is no directory fails with ENOTDIR, in every server. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#define CHECK(x) do { errno = 0; if (!(x)) printf("%s:%d: %s, errno %d\n", __FILE__, __LINE__, #x, errno); } while (0)

int main(void)
{
	struct stat st;

	close(open("file", O_CREAT | O_WRONLY, 0666));
	CHECK(stat("file/below", &st) == -1 && errno == ENOTDIR);
	CHECK(open("/dev/null/below", O_RDONLY) == -1 && errno == ENOTDIR);
	CHECK(utimensat(AT_FDCWD, "/dev/null/below", NULL, 0) == -1 && errno == ENOTDIR);
	CHECK(stat("/dev/none", &st) == -1 && errno == ENOENT);
	return 0;
}
