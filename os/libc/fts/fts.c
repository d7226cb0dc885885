/* SPDX-License-Identifier: MIT */
/*
 * fts: walks file hierarchies as in 4.4BSD. The working directory is never changed
 * (FTS_NOCHDIR is always as if set), so fts_accpath is the path from where the walk began.
 */
#include <dirent.h>
#include <errno.h>
#include <fts.h>
#include <stdlib.h>
#include <string.h>

struct _fts {
	int options;
	int (*compare)(const FTSENT **, const FTSENT **);
	FTSENT *cur;			/* returned last */
	FTSENT *roots;			/* not yet visited, linked */
	FTSENT *children;		/* of cur, read by fts_children */
	FTSENT parent;			/* above the roots */
	dev_t dev;
	int done;
};

static FTSENT *
make(FTSENT *parent, const char *dir, const char *name)
{
	size_t n = strlen(name), d = strlen(dir), slash = d && dir[d - 1] != '/';
	FTSENT *e = calloc(1, sizeof(*e) + n + 1);

	if (!e)
		return NULL;
	e->fts_statp = calloc(1, sizeof(*e->fts_statp));
	e->fts_path = malloc(d + slash + n + 1);
	if (!e->fts_statp || !e->fts_path) {
		free(e->fts_statp);
		free(e->fts_path);
		free(e);
		return NULL;
	}
	memcpy(e->fts_path, dir, d);
	if (slash)
		e->fts_path[d] = '/';
	strcpy(e->fts_path + d + slash, name);
	strcpy(e->fts_name, name);
	e->fts_namelen = (unsigned short)n;
	e->fts_pathlen = (unsigned short)(d + slash + n);
	e->fts_accpath = e->fts_path;
	e->fts_parent = parent;
	e->fts_level = parent->fts_level + 1;
	e->fts_instr = FTS_NOINSTR;
	return e;
}

static void
release(FTSENT *e)
{
	if (!e)
		return;
	free(e->fts_statp);
	free(e->fts_path);
	free(e);
}

static void
release_list(FTSENT *e)
{
	while (e) {
		FTSENT *next = e->fts_link;

		release(e);
		e = next;
	}
}

/* What e is; follow: links are looked through. */
static unsigned short
classify(FTS *f, FTSENT *e, int follow)
{
	struct stat *st = e->fts_statp;
	FTSENT *up;

	if ((follow ? stat : lstat)(e->fts_path, st)) {
		e->fts_errno = errno;
		if (follow && lstat(e->fts_path, st) == 0) {
			e->fts_errno = 0;
			return FTS_SLNONE;
		}
		memset(st, 0, sizeof(*st));
		return FTS_NS;
	}
	e->fts_dev = st->st_dev;
	e->fts_ino = st->st_ino;
	e->fts_nlink = st->st_nlink;
	if (S_ISDIR(st->st_mode)) {
		if (strcmp(e->fts_name, ".") == 0 || strcmp(e->fts_name, "..") == 0)
			if (e->fts_level > FTS_ROOTLEVEL)
				return FTS_DOT;
		for (up = e->fts_parent; up && up != &f->parent; up = up->fts_parent)
			if (up->fts_ino == e->fts_ino && up->fts_dev == e->fts_dev) {
				e->fts_cycle = up;
				return FTS_DC;
			}
		return FTS_D;
	}
	if (S_ISLNK(st->st_mode))
		return FTS_SL;
	return S_ISREG(st->st_mode) ? FTS_F : FTS_DEFAULT;
}

static FTSENT *
sorted(FTS *f, FTSENT *list, size_t n)
{
	const FTSENT **v;
	FTSENT *e;
	size_t i;

	if (!f->compare || n < 2)
		return list;
	v = malloc(n * sizeof(*v));
	if (!v)
		return list;
	for (i = 0, e = list; e; e = e->fts_link)
		v[i++] = e;
	qsort(v, n, sizeof(*v), (int (*)(const void *, const void *))f->compare);
	for (i = 0; i < n; i++)
		((FTSENT *)v[i])->fts_link = i + 1 < n ? (FTSENT *)v[i + 1] : NULL;
	e = (FTSENT *)v[0];
	free(v);
	return e;
}

/* The entries of folder p, linked; *bad when it could not be read. */
static FTSENT *
read_folder(FTS *f, FTSENT *p, int names, int *bad)
{
	FTSENT *list = NULL, **end = &list, *e;
	struct dirent *de;
	size_t n = 0;
	DIR *d = opendir(p->fts_path);

	*bad = !d;
	if (!d)
		return NULL;
	while ((de = readdir(d))) {
		int dot = strcmp(de->d_name, ".") == 0 || strcmp(de->d_name, "..") == 0;

		if (dot && !(f->options & FTS_SEEDOT))
			continue;
		e = make(p, p->fts_path, de->d_name);
		if (!e)
			break;
		if (names || (f->options & FTS_NOSTAT && de->d_type != DT_DIR &&
		    de->d_type != DT_UNKNOWN && !(de->d_type == DT_LNK && f->options & FTS_LOGICAL)))
			e->fts_info = FTS_NSOK;
		else
			e->fts_info = classify(f, e, f->options & FTS_LOGICAL);
		*end = e;
		end = &e->fts_link;
		n++;
	}
	closedir(d);
	return sorted(f, list, n);
}

FTS *
fts_open(char *const *argv, int options, int (*compare)(const FTSENT **, const FTSENT **))
{
	FTSENT **end;
	FTS *f;
	size_t n = 0;

	if (options & ~FTS_OPTIONMASK || !(options & (FTS_LOGICAL | FTS_PHYSICAL)) || !*argv) {
		errno = EINVAL;
		return NULL;
	}
	f = calloc(1, sizeof(*f));
	if (!f)
		return NULL;
	f->options = options;
	f->compare = compare;
	f->parent.fts_level = FTS_ROOTPARENTLEVEL;
	end = &f->roots;
	for (; *argv; argv++, n++) {
		FTSENT *e = make(&f->parent, "", *argv);

		if (!e) {
			fts_close(f);
			return NULL;
		}
		e->fts_info = classify(f, e, options & (FTS_LOGICAL | FTS_COMFOLLOW));
		*end = e;
		end = &e->fts_link;
	}
	f->roots = sorted(f, f->roots, n);
	return f;
}

/* The next entry beside e, or e's parent in postorder; e is released. */
static FTSENT *
advance(FTS *f, FTSENT *e)
{
	FTSENT *next = e->fts_link, *up = e->fts_parent;

	release(e);
	while (next && next->fts_instr == FTS_SKIP) {
		FTSENT *skip = next;

		next = next->fts_link;
		release(skip);
	}
	if (next)
		return next;
	if (up == &f->parent)
		return NULL;
	up->fts_info = up->fts_errno ? FTS_ERR : FTS_DP;
	return up;
}

/* Into the folder cur: its first entry, or cur itself in postorder. */
static FTSENT *
descend(FTS *f)
{
	FTSENT *p = f->cur, *list = f->children;
	int bad = 0;

	f->children = NULL;
	if (list && list->fts_info == FTS_NSOK && !(f->options & FTS_NOSTAT)) {
		release_list(list);
		list = NULL;
	}
	if (!list)
		list = read_folder(f, p, 0, &bad);
	if (bad) {
		p->fts_errno = errno;
		p->fts_info = FTS_DNR;
		return p;
	}
	if (list)
		return list;
	p->fts_info = FTS_DP;
	return p;
}

static int
enters(const FTS *f, const FTSENT *e)
{
	return e->fts_info == FTS_D && e->fts_instr != FTS_SKIP &&
		!(f->options & FTS_XDEV && e->fts_dev != f->dev);
}

FTSENT *
fts_read(FTS *f)
{
	FTSENT *e = f->cur;

	if (f->done)
		return NULL;
	if (!e) {
		e = f->roots;
		f->roots = NULL;
	} else if (e->fts_instr == FTS_AGAIN) {
		e->fts_instr = FTS_NOINSTR;
		e->fts_info = classify(f, e, f->options & FTS_LOGICAL);
		return e;
	} else if (e->fts_instr == FTS_FOLLOW && (e->fts_info == FTS_SL || e->fts_info == FTS_SLNONE)) {
		e->fts_instr = FTS_NOINSTR;
		e->fts_info = classify(f, e, 1);
		return e;
	} else if (enters(f, e)) {
		e = descend(f);
	} else if (e->fts_info == FTS_D) {
		release_list(f->children);
		f->children = NULL;
		e->fts_info = FTS_DP;
	} else {
		release_list(f->children);
		f->children = NULL;
		e = advance(f, e);
	}
	f->cur = e;
	if (!e) {
		f->done = 1;
		errno = 0;
	} else if (e->fts_level == FTS_ROOTLEVEL) {
		f->dev = e->fts_dev;
	}
	return e;
}

FTSENT *
fts_children(FTS *f, int instr)
{
	int bad;

	if (instr & ~FTS_NAMEONLY) {
		errno = EINVAL;
		return NULL;
	}
	errno = 0;
	if (f->done)
		return NULL;
	if (!f->cur)
		return f->roots;
	if (f->cur->fts_info != FTS_D)
		return NULL;
	release_list(f->children);
	f->children = read_folder(f, f->cur, instr & FTS_NAMEONLY, &bad);
	if (!bad)
		errno = 0;
	return f->children;
}

int
fts_set(FTS *f, FTSENT *e, int instr)
{
	(void)f;
	if (instr < 0 || instr > FTS_SKIP) {
		errno = EINVAL;
		return 1;
	}
	e->fts_instr = (unsigned short)instr;
	return 0;
}

int
fts_close(FTS *f)
{
	FTSENT *e = f->cur;

	release_list(f->children);
	while (e && e != &f->parent) {
		FTSENT *up = e->fts_parent;

		release_list(e);
		e = up;
	}
	release_list(f->roots);
	free(f);
	return 0;
}
