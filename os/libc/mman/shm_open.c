/* SPDX-License-Identifier: MIT */
/* shm_open.c: POSIX shared memory: files below /dev/shm. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <stdio.h>
#include <sys/mman.h>
#include "../internal/hidden.h"
#include "../internal/ret.h"
#include "../internal/plat.h"

#define DIR "/dev/shm/"

/* Names as POSIX has them: an optional slash and one component. */
hidden int __shm_path(char *buf, size_t len, const char *name)
{
	if (strlen(name) >= PATH_MAX)
		return -ENAMETOOLONG;
	while (*name == '/')
		name++;
	if (!*name || strchr(name, '/') || !strcmp(name, ".") || !strcmp(name, ".."))
		return -EINVAL;
	if (strlen(name) > NAME_MAX)
		return -ENAMETOOLONG;
	snprintf(buf, len, DIR "%s", name);
	return 0;
}

int shm_open(const char *name, int flags, mode_t mode)
{
	char path[NAME_MAX + sizeof(DIR)];
	int err = __shm_path(path, sizeof(path), name);

	return __ret(err ? err : plat_openat(AT_FDCWD, path, flags | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK, mode));
}

/* The folder is sticky, which makes EPERM of another's name; what has no folder has EACCES for that. */
hidden int __shm_unlink(const char *name)
{
	char path[NAME_MAX + sizeof(DIR)];
	int err = __shm_path(path, sizeof(path), name);

	if (!err)
		err = plat_unlinkat(AT_FDCWD, path, 0);
	return err == -EPERM ? -EACCES : err;
}

int shm_unlink(const char *name)
{
	return __ret(__shm_unlink(name));
}
