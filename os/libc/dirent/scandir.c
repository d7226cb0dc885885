/* SPDX-License-Identifier: MIT */
/* scandir.c: scandir and its orders. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "../internal/plat.h"

int alphasort(const struct dirent **a, const struct dirent **b)
{
	return strcoll((*a)->d_name, (*b)->d_name);
}

int versionsort(const struct dirent **a, const struct dirent **b)
{
	return strverscmp((*a)->d_name, (*b)->d_name);
}

struct list {
	struct dirent **v;
	size_t n, room;
};

static int append(struct list *l, const struct dirent *e)
{
	if (l->n == l->room) {
		size_t room = l->room ? 2 * l->room : 32;
		struct dirent **v = realloc(l->v, room * sizeof(*v));
		if (!v)
			return -1;
		l->v = v;
		l->room = room;
	}
	l->v[l->n] = malloc(e->d_reclen);
	if (!l->v[l->n])
		return -1;
	memcpy(l->v[l->n++], e, e->d_reclen);
	return 0;
}

static int collect(DIR *d, struct list *l, int (*sel)(const struct dirent *))
{
	struct dirent *e;

	for (;;) {
		errno = 0;
		e = readdir(d);
		if (!e)
			return errno ? -1 : 0;
		if (sel && !sel(e))
			continue;
		if (append(l, e))
			return -1;
	}
}

static int scan(DIR *d, struct dirent ***result, int (*sel)(const struct dirent *),
	int (*cmp)(const struct dirent **, const struct dirent **))
{
	struct list l = {0};
	int err, saved = errno;

	if (!d)
		return -1;
	if (collect(d, &l, sel)) {
		err = errno ? errno : ENOMEM;
		while (l.n)
			free(l.v[--l.n]);
		free(l.v);
		closedir(d);
		errno = err;
		return -1;
	}
	closedir(d);
	errno = saved;
	if (cmp)
		qsort(l.v, l.n, sizeof(*l.v), (int (*)(const void *, const void *))(uintptr_t)cmp);
	if (!l.v)
		l.v = malloc(1);
	*result = l.v;
	return l.n;
}

int scandir(const char *path, struct dirent ***result, int (*sel)(const struct dirent *),
	int (*cmp)(const struct dirent **, const struct dirent **))
{
	return scan(opendir(path), result, sel, cmp);
}

int scandirat(int dirfd, const char *path, struct dirent ***result, int (*sel)(const struct dirent *),
	int (*cmp)(const struct dirent **, const struct dirent **))
{
	int fd = openat(dirfd, path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	return fd < 0 ? -1 : scan(fdopendir(fd), result, sel, cmp);
}
