/* SPDX-License-Identifier: MIT */
/*
 * Every row of the packages that come, against the disk and against other packages. What belongs
 * to another package, or to nobody and differs, is refused before anything has changed.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "fsops.h"
#include "change.h"

int
look_at(struct change *c, const char *path, struct stat *st)
{
	const char *name;
	int r = walk_to(&c->look, path, &name);

	if (!r && fstatat(c->look.fd, name, st, AT_SYMLINK_NOFOLLOW))
		r = -errno;
	return r == -ENOENT ? 0 : r ? r : 1;
}

/* The file system takes names that differ only in case for one. */
static bool
folds_case(struct pkg *k)
{
	struct stat a, b;

	return fstatat(k->rootfd, DB_DIR "/lock", &a, 0) == 0 &&
		fstatat(k->rootfd, DB_DIR "/LOCK", &b, 0) == 0 && a.st_ino == b.st_ino;
}

/* The package installed now stays as it is. */
static bool *
stay_flags(const struct change *c)
{
	bool *stays = malloc(c->k->ninst + 1);
	size_t i;

	if (!stays)
		return NULL;
	memset(stays, 1, c->k->ninst + 1);
	for (i = 0; i < c->plan->nadd; i++)
		if (c->plan->add[i].old)
			stays[c->plan->add[i].old - c->k->inst] = false;
	for (i = 0; i < c->plan->ndel; i++)
		stays[c->plan->del[i] - c->k->inst] = false;
	return stays;
}

static int
clash(const struct cpk_file *f, const struct cpk_manifest *m, const struct owner *other)
{
	bool same = strcmp(f->path, other->f->path) == 0;

	return fail(ST_CONFLICT, "/%s is in both %s and %s%s%s%s: nothing was changed", f->path, m->name,
			other->m->name, same ? "" : " (there as /", same ? "" : other->f->path,
			same ? "" : "; this disk does not tell upper from lower case)");
}

static int
fill_owners(struct change *c, const bool *stays)
{
	const struct owner *other;
	const struct cpk_file *f;
	size_t i;

	for (i = 0; i < c->k->ninst; i++) {
		owners_add(&c->before, &c->k->inst[i].m, &other);
		if (stays[i])
			owners_add(&c->after, &c->k->inst[i].m, &other);
	}
	for (i = 0; i < c->n; i++) {
		f = owners_add(&c->after, c->in[i].m, &other);
		if (f)
			return clash(f, c->in[i].m, other);
	}
	return 0;
}

static int
make_owners(struct change *c)
{
	bool *stays = stay_flags(c), fold = folds_case(c->k);
	size_t i, old = 0, new = 0;
	int r;

	for (i = 0; i < c->k->ninst; i++)
		old += c->k->inst[i].m.nfiles;
	for (i = 0; i < c->n; i++)
		new += c->in[i].m->nfiles;
	if (!stays || owners_begin(&c->before, old, fold) || owners_begin(&c->after, old + new, fold))
		r = fail(ST_FAIL, "out of memory");
	else
		r = fill_owners(c, stays);
	free(stays);
	return r;
}

/* Something in the folder at path belongs to no package, or to one that keeps it: its name. */
static bool
foreign(struct change *c, const char *path, char found[CPK_MAX_PATH + 1])
{
	const char *base;
	int dir = open_parent(c->k->rootfd, path, &base);
	int fd = dir < 0 ? -1 : openat(dir, base, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	DIR *d = fd < 0 ? NULL : fdopendir(fd);
	struct dirent *e;
	bool yes = false;

	if (dir >= 0)
		close(dir);
	while (d && !yes && (e = readdir(d))) {
		char sub[CPK_MAX_PATH + 1];
		struct stat st;

		if (strcmp(e->d_name, ".") == 0 || strcmp(e->d_name, "..") == 0)
			continue;
		if ((size_t)snprintf(sub, sizeof(sub), "%s/%s", path, e->d_name) >= sizeof(sub))
			yes = true;
		else if (!owners_find(&c->before, sub) || owners_find(&c->after, sub))
			yes = true;
		if (yes)
			snprintf(found, CPK_MAX_PATH + 1, "%s", sub);
		else if (fstatat(fd, e->d_name, &st, AT_SYMLINK_NOFOLLOW) == 0 && S_ISDIR(st.st_mode))
			yes = foreign(c, sub, found);
	}
	if (d)
		closedir(d);
	return yes;
}

bool
replaces_folder(struct change *c, const struct cpk_file *f)
{
	struct stat st;

	return f->type != 'd' && owners_find(&c->before, f->path) &&
		look_at(c, f->path, &st) == 1 && S_ISDIR(st.st_mode);
}

/* A folder stands where a file or link is to be. */
static int
place_over_folder(struct change *c, const struct cpk_file *f, const struct cpk_manifest *m)
{
	const struct owner *was = owners_find(&c->before, f->path);
	char found[CPK_MAX_PATH + 1];

	if (!was || was->f->type != 'd')
		return fail(ST_CONFLICT, "/%s is a folder here, but a file or link in %s: move it away;"
				" nothing was changed", f->path, m->name);
	if (foreign(c, f->path, found))
		return fail(ST_CONFLICT, "/%s is a folder here, but a file or link in %s, and /%s does not"
				" belong to what is replaced: move that away; nothing was changed",
				f->path, m->name, found);
	return 0;
}

/* Something else stands where a folder is to be. */
static int
place_folder(struct change *c, const struct cpk_file *f, const struct cpk_manifest *m)
{
	const struct owner *was = owners_find(&c->before, f->path);

	if (was && was->f->type != 'd')
		return 0;
	return fail(ST_CONFLICT, "/%s is a file or link here, but a folder in %s: move it away; nothing"
			" was changed", f->path, m->name);
}

static void
set_fate(struct change *c, size_t i, const struct cpk_file *f, enum fate fate)
{
	struct incoming *in = &c->in[i];

	if (!in->fate)
		in->fate = calloc(in->m->nfiles, 1);
	if (!in->fate)
		abort();	/* a few bytes, with nothing changed yet */
	in->fate[f - in->m->files] = (unsigned char)fate;
}

static int
place_row(struct change *c, size_t i, const struct cpk_file *f)
{
	const struct cpk_manifest *m = c->in[i].m;
	struct stat st;
	int r = look_at(c, f->path, &st);

	if (r < 0)
		return fail(ST_CONFLICT, "/%s of %s: a folder on the way to it is a link or a file here;"
				" nothing was changed", f->path, m->name);
	if (r == 0)
		return 0;
	if (f->type == 'd')
		return S_ISDIR(st.st_mode) ? 0 : place_folder(c, f, m);
	if (S_ISDIR(st.st_mode))
		return place_over_folder(c, f, m);
	if (f->type == 'f' && is_config(f->path)) {
		r = place_config(c, i, f, &st);
		if (r > 0)
			set_fate(c, i, f, (enum fate)(r - 1));
		return r < 0 ? r : 0;
	}
	if (owners_find(&c->before, f->path) || f->type == 'h' || !differs(c->k, f))
		return 0;
	return fail(ST_CONFLICT, "/%s is there already and belongs to no package (%s would put it there): "
			"move it away; nothing was changed", f->path, m->name);
}

/* For a repair: what is as it should be stays, and so do configuration files that are there. */
static int
place_repair(struct change *c, size_t i, const struct cpk_file *f)
{
	const char *why = difference(c->k, f);
	const struct cpk_file *first = f->type == 'h' ? cpk_manifest_find(c->in[i].m, f->link) : NULL;
	struct stat st;

	/* Further names of a file that is put anew are put anew. */
	if (first && (!c->in[i].fate || c->in[i].fate[first - c->in[i].m->files] == PUT))
		return 0;
	if (!why || (f->type == 'f' && is_config(f->path) && strcmp(why, "missing") &&
	    differs(c->k, f) && look_at(c, f->path, &st) == 1))
		set_fate(c, i, f, LEAVE);
	return 0;
}

/* A path below something that becomes a folder only now cannot be looked at: there is nothing. */
static bool
below_swap(struct change *c, const char *path)
{
	char dir[CPK_MAX_PATH + 1];
	const char *slash;

	for (slash = strchr(path, '/'); slash; slash = strchr(slash + 1, '/')) {
		const struct owner *was;
		struct stat st;

		snprintf(dir, sizeof(dir), "%.*s", (int)(slash - path), path);
		if (look_at(c, dir, &st) != 1)
			return false;
		was = owners_find(&c->before, dir);
		if (!S_ISDIR(st.st_mode))
			return was && was->f->type != 'd';
	}
	return false;
}

/* A repair takes files from a package: it must be the very one that is installed. */
static int
same_build(struct change *c, size_t i)
{
	const struct cpk_manifest *old = &c->plan->add[i].old->m, *new = c->in[i].m;
	char *a = NULL, *b = NULL;
	size_t na, nb;
	int r = 0;

	if (cpk_manifest_print_content(old, &a, &na) || cpk_manifest_print_content(new, &b, &nb))
		r = fail(ST_FAIL, "out of memory");
	else if (na != nb || memcmp(a, b, na))
		r = fail(ST_SOLVE, "%s %s-%u: the repository has another build of this version; nothing was"
				" changed", old->name, old->version, old->release);
	free(a);
	free(b);
	return r;
}

int
place_all(struct change *c)
{
	size_t i, j;
	int r = make_owners(c);

	for (i = 0; !r && c->repair && i < c->n; i++)
		r = same_build(c, i);

	walk_begin(&c->look, c->k->rootfd);
	c->look.keep_missing = true;
	for (i = 0; !r && i < c->n; i++)
		for (j = 0; !r && j < c->in[i].m->nfiles; j++) {
			const struct cpk_file *f = &c->in[i].m->files[j];

			if (c->repair)
				r = place_repair(c, i, f);
			else if (!c->k->ninst || !below_swap(c, f->path))
				r = place_row(c, i, f);
		}
	return r;
}
