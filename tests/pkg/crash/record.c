/* SPDX-License-Identifier: MIT */
/* A table of file operations that does them and logs them (crash.h). One thread. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "crash.h"
#include "fsops.h"

static const struct fsops *real;
static struct fsops table;
static FILE *out;
static char top[4096];
static struct { ino_t ino; unsigned id; } open_files[65536];
static size_t nopen;
static unsigned next_id = 1000000;	/* beyond those of loaded files */

static void
put_string(const char *s, size_t n)
{
	fwrite(&n, sizeof(n), 1, out);
	fwrite(s, 1, n, out);
}

static void
put(enum op_kind kind, unsigned mode, unsigned id, const char *a, const char *b, const char *data,
		size_t n)
{
	unsigned head[3] = { kind, mode, id };

	fwrite(head, sizeof(head), 1, out);
	put_string(a ? a : "", a ? strlen(a) : 0);
	put_string(b ? b : "", b ? strlen(b) : 0);
	put_string(data ? data : "", n);
	fflush(out);
}

/* The path below the root of a name in a folder that is open. */
static const char *
full(int dir, const char *path, char buf[8192])
{
	char link[64];
	ssize_t n;

	snprintf(link, sizeof(link), "/proc/self/fd/%d", dir);
	n = readlink(link, buf, 4096);
	if (n < 0)
		abort();
	buf[n] = '\0';
	if (strncmp(buf, top, strlen(top)))
		abort();		/* pkg went outside its root */
	memmove(buf, buf + strlen(top), strlen(buf) - strlen(top) + 1);
	snprintf(buf + strlen(buf), 4096, "/%s", path);
	return buf[0] == '/' ? buf + 1 : buf;
}

static unsigned
id_of(int fd)
{
	struct stat st;
	size_t i;

	fstat(fd, &st);
	for (i = nopen; i-- > 0;)
		if (open_files[i].ino == st.st_ino)
			return open_files[i].id;
	return 0;
}

static int
rec_open(int dir, const char *path, int flags, unsigned mode)
{
	struct stat st;
	char buf[8192];
	bool there = fstatat(dir, path, &st, AT_SYMLINK_NOFOLLOW) == 0;
	int fd = real->open(dir, path, flags, mode);

	if (fd < 0)
		return fd;
	if (!there) {
		fstat(fd, &st);
		open_files[nopen].ino = st.st_ino;
		open_files[nopen++].id = next_id;
		put(OP_CREATE, mode & ~022u, next_id++, full(dir, path, buf), NULL, NULL, 0);
	} else if (flags & O_TRUNC) {
		put(OP_TRUNC, 0, id_of(fd), full(dir, path, buf), NULL, NULL, 0);
	}
	return fd;
}

static ssize_t
rec_write(int fd, const void *data, size_t n)
{
	ssize_t w = real->write(fd, data, n);

	if (w > 0)
		put(OP_WRITE, 0, id_of(fd), NULL, NULL, data, (size_t)w);
	return w;
}

static int
rec_mkdir(int dir, const char *path, unsigned mode)
{
	char buf[8192];
	int r = real->mkdir(dir, path, mode);

	if (!r)
		put(OP_MKDIR, mode & ~022u, 0, full(dir, path, buf), NULL, NULL, 0);
	return r;
}

static int
rec_rename(int a, const char *from, int b, const char *to)
{
	char buf[8192], buf2[8192];
	int r = real->rename(a, from, b, to);

	if (!r)
		put(OP_RENAME, 0, 0, full(a, from, buf), full(b, to, buf2), NULL, 0);
	return r;
}

static int
rec_unlink(int dir, const char *path, int flags)
{
	char buf[8192];
	int r = real->unlink(dir, path, flags);

	if (!r)
		put(flags & AT_REMOVEDIR ? OP_RMDIR : OP_UNLINK, 0, 0, full(dir, path, buf), NULL, NULL, 0);
	return r;
}

static int
rec_link(int a, const char *from, int b, const char *to)
{
	char buf[8192], buf2[8192];
	int r = real->link(a, from, b, to);

	if (!r)
		put(OP_LINK, 0, 0, full(a, from, buf), full(b, to, buf2), NULL, 0);
	return r;
}

static int
rec_symlink(const char *target, int dir, const char *path)
{
	char buf[8192];
	int r = real->symlink(target, dir, path);

	if (!r)
		put(OP_SYMLINK, 0777, 0, full(dir, path, buf), target, NULL, 0);
	return r;
}

static int
rec_chmod(int dir, const char *path, unsigned mode)
{
	char buf[8192];
	int r = real->chmod(dir, path, mode);

	if (!r)
		put(OP_CHMOD, mode, 0, full(dir, path, buf), NULL, NULL, 0);
	return r;
}

static int
rec_fchmod(int fd, unsigned mode)
{
	int r = real->fchmod(fd, mode);

	if (!r)
		put(OP_FCHMOD, mode, id_of(fd), NULL, NULL, NULL, 0);
	return r;
}

static int
rec_fsync(int fd)
{
	put(OP_FSYNC, 0, id_of(fd), NULL, NULL, NULL, 0);
	return 0;
}

static int
rec_syncfs(int fd)
{
	(void)fd;
	put(OP_SYNC, 0, 0, NULL, NULL, NULL, 0);
	return 0;
}

void
record_to(const char *file, const char *root)
{
	out = fopen(file, "w");
	if (!out || !realpath(root, top))
		abort();
	nopen = 0;
	if (!real)
		real = fs;
	table = *real;		/* owners and attributes are not part of the model */
	table.open = rec_open;
	table.write = rec_write;
	table.mkdir = rec_mkdir;
	table.rename = rec_rename;
	table.unlink = rec_unlink;
	table.link = rec_link;
	table.symlink = rec_symlink;
	table.chmod = rec_chmod;
	table.fchmod = rec_fchmod;
	table.fsync = rec_fsync;
	table.syncfs = rec_syncfs;
	fs = &table;
}

void
record_stop(void)
{
	fclose(out);
	fs = real;
}

static char *
get_string(FILE *f, size_t *n)
{
	char *s;

	if (fread(n, sizeof(*n), 1, f) != 1 || !(s = calloc(1, *n + 1)) || fread(s, 1, *n, f) != *n)
		abort();
	return s;
}

int
log_read(struct log *l, const char *file)
{
	FILE *f = fopen(file, "r");
	unsigned head[3];
	size_t cap = 0, n;

	l->v = NULL;
	l->n = 0;
	while (f && fread(head, sizeof(head), 1, f) == 1) {
		if (l->n == cap) {
			cap = cap ? 2 * cap : 256;
			l->v = realloc(l->v, cap * sizeof(*l->v));
			if (!l->v)
				abort();
		}
		l->v[l->n].kind = (enum op_kind)head[0];
		l->v[l->n].mode = head[1];
		l->v[l->n].id = head[2];
		l->v[l->n].a = get_string(f, &n);
		l->v[l->n].b = get_string(f, &n);
		l->v[l->n].data = get_string(f, &l->v[l->n].n);
		l->n++;
	}
	if (f)
		fclose(f);
	return f ? 0 : -ENOENT;
}

void
log_free(struct log *l)
{
	while (l->n) {
		struct op *o = &l->v[--l->n];

		free(o->a);
		free(o->b);
		free(o->data);
	}
	free(l->v);
}
