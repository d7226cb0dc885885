/* SPDX-License-Identifier: MIT */
/* A name of shared memory that is too long is called so, with slashes in it or without. */
#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <sys/mman.h>

int main(void)
{
	static char name[PATH_MAX + 1];

	memset(name, 'a', PATH_MAX);
	assert(shm_open(name, O_RDWR | O_CREAT, 0600) == -1 && errno == ENAMETOOLONG);
	for (int i = 0; i < PATH_MAX; i += 14)
		name[i] = '/';
	assert(shm_open(name, O_RDWR | O_CREAT, 0600) == -1 && errno == ENAMETOOLONG);
	assert(shm_unlink(name) == -1 && errno == ENAMETOOLONG);
	assert(shm_open("/a/b", O_RDWR | O_CREAT, 0600) == -1 && errno == EINVAL);
	return 0;
}
