/* SPDX-License-Identifier: MIT */
/* Whether what is on the disk is what a row of a manifest says. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "beyond.h"
#include "change.h"

static const char *
content_difference(int dirfd, const char *name, const struct cpk_file *f, const struct stat *st)
{
	uint8_t hash[CPK_HASH];
	int fd, r;

	if ((uint64_t)st->st_size != f->size)
		return "other length";
	fd = openat(dirfd, name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0)
		return "cannot be read";
	r = cpk_hash_fd(fd, hash, NULL);
	close(fd);
	if (r)
		return "cannot be read";
	return memcmp(hash, f->hash, CPK_HASH) ? "other content" : NULL;
}

static const char *
link_difference(int dirfd, const char *name, const struct cpk_file *f)
{
	char target[CPK_MAX_PATH + 2];
	ssize_t n = readlinkat(dirfd, name, target, sizeof(target));

	if (n < 0 || (size_t)n != strlen(f->link) || memcmp(target, f->link, (size_t)n))
		return "other link target";
	return NULL;
}

/* A hard link must be the very file that its row names. */
static const char *
hard_difference(struct pkg *k, const struct cpk_file *f, const struct stat *st)
{
	const char *name;
	struct stat other;
	int fd = open_parent(k->rootfd, f->link, &name), r;

	if (fd < 0)
		return "not the file it is linked to";
	r = fstatat(fd, name, &other, AT_SYMLINK_NOFOLLOW);
	close(fd);
	if (r || other.st_dev != st->st_dev || other.st_ino != st->st_ino)
		return "not the file it is linked to";
	return NULL;
}

/* The number of NAME in lines "NAME:x:NUMBER:..." of a file of the root. */
static int
number_of(struct pkg *k, const char *file, const char *name, unsigned *id)
{
	char *text, *s, *next;
	size_t n, len = strlen(name);
	int r = -ENOENT;

	*id = 0;
	if (strcmp(name, "root") == 0)
		return 0;
	if (slurp(k->rootfd, file, 1 << 20, &text, &n))
		return -ENOENT;
	for (s = text; r && *s; s = next) {
		char *colon;

		next = s + strcspn(s, "\n");
		if (*next)
			*next++ = '\0';
		if (strncmp(s, name, len) || s[len] != ':' || !(colon = strchr(s + len + 1, ':')))
			continue;
		*id = (unsigned)strtoul(colon + 1, NULL, 10);
		r = 0;
	}
	free(text);
	return r;
}

int
uid_of(struct pkg *k, const char *name, unsigned *id)
{
	return number_of(k, "etc/passwd", name, id);
}

int
gid_of(struct pkg *k, const char *name, unsigned *id)
{
	return number_of(k, "etc/group", name, id);
}

/* Owners count where pkg can set them. */
static const char *
owner_difference(struct pkg *k, const struct cpk_file *f, const struct stat *st)
{
	unsigned uid, gid;

	if (geteuid() != 0 || uid_of(k, f->owner, &uid) || gid_of(k, f->group, &gid))
		return NULL;
	if (st->st_uid != uid)
		return "other owner";
	return st->st_gid != gid ? "other group" : NULL;
}

static const char *
attr_difference(int dirfd, const char *name, const struct cpk_file *f)
{
	unsigned char value[CPK_MAX_VALUE + 1];
	const char *why = NULL;
	size_t i;
	int fd;

	if (!f->nattrs)
		return NULL;
	fd = openat(dirfd, name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
	for (i = 0; !why && i < f->nattrs; i++) {
		ssize_t n = fd < 0 ? -1 : cpk_attr_get(fd, f->attrs[i].name, value, sizeof(value));

		if (n < 0 && fd >= 0 && errno == ENOTSUP)
			break;
		if (n < 0 || (size_t)n != f->attrs[i].len || memcmp(value, f->attrs[i].value, (size_t)n))
			why = "other attributes";
	}
	if (fd >= 0)
		close(fd);
	return why;
}

static const char *
compare(struct pkg *k, int dirfd, const char *name, const struct cpk_file *f, bool all)
{
	mode_t type = f->type == 'd' ? S_IFDIR : f->type == 'l' ? S_IFLNK : S_IFREG;
	const char *why = NULL;
	struct stat st;

	if (fstatat(dirfd, name, &st, AT_SYMLINK_NOFOLLOW))
		return errno == ENOENT ? "missing" : "cannot be read";
	if ((st.st_mode & S_IFMT) != type)
		return "other type";
	if (f->type == 'f')
		why = content_difference(dirfd, name, f, &st);
	else if (f->type == 'l')
		why = link_difference(dirfd, name, f);
	else if (f->type == 'h')
		why = hard_difference(k, f, &st);
	if (!why && all && f->type != 'l' && (st.st_mode & 07777) != f->mode)
		why = "other mode";
	if (!why && all)
		why = owner_difference(k, f, &st);
	return why || !all ? why : attr_difference(dirfd, name, f);
}

static const char *
on_disk(struct pkg *k, const struct cpk_file *f, bool all)
{
	const char *name, *why;
	int fd = open_parent(k->rootfd, f->path, &name);

	if (fd < 0)
		return "missing";
	why = compare(k, fd, name, f, all);
	close(fd);
	return why;
}

const char *
difference(struct pkg *k, const struct cpk_file *f)
{
	return on_disk(k, f, true);
}

bool
differs(struct pkg *k, const struct cpk_file *f)
{
	return on_disk(k, f, false) != NULL;
}
