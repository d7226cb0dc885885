/* SPDX-License-Identifier: MIT */
/* Whose a file is, and whether it is as its package says. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "change.h"

bool
is_config(const char *path)
{
	return strncmp(path, "etc/", 4) == 0;
}

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

static const char *
compare(int dirfd, const char *name, const struct cpk_file *f, bool modes)
{
	struct stat st;

	if (fstatat(dirfd, name, &st, AT_SYMLINK_NOFOLLOW))
		return errno == ENOENT ? "missing" : "cannot be read";
	if ((st.st_mode & S_IFMT) != (f->type == 'd' ? S_IFDIR : f->type == 'l' ? S_IFLNK : S_IFREG))
		return "other type";
	if (modes && f->type != 'l' && (st.st_mode & 07777) != f->mode)
		return "other mode";
	if (f->type == 'f')
		return content_difference(dirfd, name, f, &st);
	return f->type == 'l' ? link_difference(dirfd, name, f) : NULL;
}

static const char *
on_disk(struct pkg *k, const struct cpk_file *f, bool modes)
{
	const char *name, *why;
	int fd = open_parent(k->rootfd, f->path, &name);

	if (fd < 0)
		return "missing";
	why = compare(fd, name, f, modes);
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

/* The package installed now stays as it is. */
static bool
stays(const struct change *c, const struct installed *p)
{
	size_t i;

	for (i = 0; i < c->plan->nadd; i++)
		if (c->plan->add[i].old == p)
			return false;
	for (i = 0; i < c->plan->ndel; i++)
		if (c->plan->del[i] == p)
			return false;
	return true;
}

static const struct cpk_manifest *
installed_owner(const struct change *c, const char *path)
{
	size_t i;

	for (i = 0; i < c->k->ninst; i++)
		if (cpk_manifest_find(&c->k->inst[i].m, path) && stays(c, &c->k->inst[i]))
			return &c->k->inst[i].m;
	return NULL;
}

const struct cpk_manifest *
owner_after(struct change *c, const char *path)
{
	size_t i;

	for (i = 0; i < c->n; i++)
		if (cpk_manifest_find(c->in[i].m, path))
			return c->in[i].m;
	return installed_owner(c, path);
}

/* Two packages may share a folder, and nothing else. */
static int
clash(const struct cpk_file *f, const struct cpk_manifest *m, const struct cpk_manifest *other)
{
	const struct cpk_file *g = cpk_manifest_find(other, f->path);

	if (f->type == 'd' && g->type == 'd')
		return 0;
	return fail(ST_SOLVE, "/%s is in both %s and %s: nothing was changed", f->path, m->name,
			other->name);
}

/* What lies at the path now belonged to a package that this change replaces or removes. */
static bool
was_owned(const struct change *c, const char *path)
{
	size_t i;

	for (i = 0; i < c->k->ninst; i++)
		if (cpk_manifest_find(&c->k->inst[i].m, path))
			return true;
	return false;
}

static int
unowned(struct change *c, const struct cpk_file *f, const struct cpk_manifest *m)
{
	const char *why = on_disk(c->k, f, false);

	if (!why || strcmp(why, "missing") == 0 || is_config(f->path) || was_owned(c, f->path))
		return 0;
	return fail(ST_FAIL, "/%s is there already and belongs to no package (%s would put it there): "
			"move it away; nothing was changed", f->path, m->name);
}

/* A folder may not take the place of something else, nor the reverse, in one step. */
static int
type_change(struct change *c, const struct cpk_file *f, const struct cpk_manifest *m)
{
	const char *name;
	int fd = open_parent(c->k->rootfd, f->path, &name), r = 0;
	struct stat st;

	if (fd < 0)
		return fd == -ENOENT ? 0 : fail(ST_FAIL, "/%s of %s: a folder on the way to it is a "
				"link or a file here; nothing was changed", f->path, m->name);
	if (fstatat(fd, name, &st, AT_SYMLINK_NOFOLLOW) == 0 &&
	    S_ISDIR(st.st_mode) != (f->type == 'd'))
		r = fail(ST_FAIL, "/%s is a %s here, but %s in %s: nothing was changed", f->path,
				S_ISDIR(st.st_mode) ? "folder" : "file or link",
				f->type == 'd' ? "a folder" : "a file or link", m->name);
	close(fd);
	return r;
}

int
conflicts(struct change *c, size_t i)
{
	const struct cpk_manifest *m = c->in[i].m, *other;
	size_t j, o;
	int r = 0;

	for (j = 0; !r && j < m->nfiles; j++) {
		const struct cpk_file *f = &m->files[j];

		for (o = 0; !r && o < i; o++)
			if (cpk_manifest_find(c->in[o].m, f->path))
				r = clash(f, m, c->in[o].m);
		other = r ? NULL : installed_owner(c, f->path);
		if (other)
			r = clash(f, m, other);
		else if (!r && f->type != 'd')
			r = unowned(c, f, m);
		if (!r)
			r = type_change(c, f, m);
	}
	return r;
}
