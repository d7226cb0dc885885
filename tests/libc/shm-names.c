/* SPDX-License-Identifier: MIT */
/*
 * A name of shared memory that is too long is called so, with slashes in it or without; nobody takes
 * away another's name, of memory or of a semaphore.
 */
#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <semaphore.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#define OTHER 65534

static void another_may_not_unlink(void)
{
	char name[64];
	int status = -1;
	pid_t pid;

	snprintf(name, sizeof(name), "/calx-shm-names-%d", (int)getpid());
	assert(close(shm_open(name, O_RDWR | O_CREAT, 0600)) == 0);
	pid = fork();
	if (!pid) {
		if (seteuid(OTHER))
			_exit(1);
		if (shm_unlink(name) != -1 || errno != EACCES)
			_exit(2);
		_exit(sem_unlink(name) == -1 && errno == EACCES ? 0 : 3);
	}
	assert(waitpid(pid, &status, 0) == pid && status == 0);
	assert(shm_unlink(name) == 0);
	assert(shm_unlink(name) == -1 && errno == ENOENT && sem_unlink(name) == -1 && errno == ENOENT);
}

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
	if (geteuid() == 0)
		another_may_not_unlink();
	return 0;
}
