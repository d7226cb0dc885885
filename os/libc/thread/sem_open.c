/* SPDX-License-Identifier: MIT */
/* sem_open.c: named semaphores: mapped files below /dev/shm. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <semaphore.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>
#include "../internal/hidden.h"
#include "../internal/ret.h"
#include "../internal/plat.h"

#include "../internal/lock.h"

hidden int __shm_path(char *buf, size_t len, const char *name);
hidden int __shm_unlink(const char *name);

/* One mapping for each file in the process, counted. */
static struct entry { ino_t ino; dev_t dev; sem_t *sem; int count; } *table;
static int entries;
static struct lock table_lock;

static sem_t *map_file(int fd)
{
	struct stat st;
	struct entry *e, *slot = 0;
	void *p;

	if (fstat(fd, &st))
		return SEM_FAILED;
	for (e = table; e < table + entries; e++) {
		if (e->count && e->ino == st.st_ino && e->dev == st.st_dev) {
			e->count++;
			return e->sem;
		}
		if (!e->count)
			slot = e;
	}
	if (!slot) {
		e = realloc(table, (entries + 8) * sizeof(*e));
		if (!e)
			return SEM_FAILED;
		memset(e + entries, 0, 8 * sizeof(*e));
		table = e;
		slot = e + entries;
		entries += 8;
	}
	p = mmap(0, sizeof(sem_t), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (p == MAP_FAILED)
		return SEM_FAILED;
	*slot = (struct entry){ st.st_ino, st.st_dev, p, 1 };
	return p;
}

/* Makes the file under a name of its own first, so that nobody sees it half done. */
static int make_file(const char *path, mode_t mode, unsigned value, int excl)
{
	char temp[NAME_MAX + 32];
	sem_t init;
	int fd, r;

	sem_init(&init, 1, value);
	snprintf(temp, sizeof(temp), "/dev/shm/.sem-%d-%p", plat_getpid(), (void *)&init);
	fd = open(temp, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, mode & 0666);
	if (fd < 0)
		return -errno;
	r = write(fd, &init, sizeof(init)) == sizeof(init) ? plat_linkat(AT_FDCWD, temp, AT_FDCWD, path, 0) : -ENOSPC;
	plat_unlinkat(AT_FDCWD, temp, 0);
	if (r == -EEXIST && !excl) {
		close(fd);
		return plat_openat(AT_FDCWD, path, O_RDWR | O_NOFOLLOW | O_CLOEXEC, 0);
	}
	if (r < 0)
		close(fd);
	return r < 0 ? r : fd;
}

sem_t *sem_open(const char *name, int flags, ...)
{
	char path[NAME_MAX + 16];
	sem_t *sem;
	unsigned value = 0;
	mode_t mode = 0;
	va_list ap;
	int fd = __shm_path(path, sizeof(path), name);

	if (flags & O_CREAT) {
		va_start(ap, flags);
		mode = va_arg(ap, mode_t);
		value = va_arg(ap, unsigned);
		va_end(ap);
		if (!fd && value > SEM_VALUE_MAX)
			fd = -EINVAL;
	}
	if (!fd) {
		fd = -ENOENT;
		if ((flags & (O_CREAT | O_EXCL)) != (O_CREAT | O_EXCL))
			fd = plat_openat(AT_FDCWD, path, O_RDWR | O_NOFOLLOW | O_CLOEXEC, 0);
		if (fd == -ENOENT && flags & O_CREAT)
			fd = make_file(path, mode, value, flags & O_EXCL);
	}
	if (fd < 0) {
		__ret(fd);
		return SEM_FAILED;
	}
	lock(&table_lock);
	sem = map_file(fd);
	unlock(&table_lock);
	close(fd);
	return sem;
}

int sem_close(sem_t *sem)
{
	int r = -EINVAL;

	lock(&table_lock);
	for (struct entry *e = table; e < table + entries; e++)
		if (e->count && e->sem == sem) {
			r = --e->count ? 0 : plat_munmap(sem, sizeof(*sem));
			break;
		}
	unlock(&table_lock);
	return __ret(r);
}

int sem_unlink(const char *name)
{
	return __ret(__shm_unlink(name));
}
