/* SPDX-License-Identifier: MIT */
/* execveat. */
#include <errno.h>
#include <fcntl.h>
#include <unistd.h>
#include "plat.h"
#include "ret.h"

int execveat(int dir, const char *path, char *const argv[], char *const envp[], int flags)
{
	if (*path == '/' || dir == AT_FDCWD)
		return execve(path, argv, envp);
	if (!*path && flags & AT_EMPTY_PATH)
		return fexecve(dir, argv, envp);
	int fd = __ret(plat_openat(dir, path, O_PATH | O_CLOEXEC |
		(flags & AT_SYMLINK_NOFOLLOW ? O_NOFOLLOW : 0), 0));
	if (fd < 0)
		return -1;
	fexecve(fd, argv, envp);
	int e = errno;
	plat_close(fd);
	errno = e;
	return -1;
}
