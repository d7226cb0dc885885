/* SPDX-License-Identifier: MIT */
/* A pipe cannot be brought to a disk: EINVAL; what is not open: EBADF. */
#include <assert.h>
#include <errno.h>
#include <unistd.h>

int main(void)
{
	int fd[2];

	assert(!pipe(fd));
	assert(fsync(fd[1]) == -1 && errno == EINVAL);
	assert(fdatasync(fd[0]) == -1 && errno == EINVAL);
	close(fd[1]);
	assert(fsync(fd[1]) == -1 && errno == EBADF);
	return 0;
}
