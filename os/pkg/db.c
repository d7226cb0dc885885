/* SPDX-License-Identifier: MIT */
/* The data base of installed packages, and the lock on it. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "tx.h"

static int
load_one(struct pkg *k, int dirfd, const char *name)
{
	struct installed *v;
	struct cpk_error err;
	char *text;
	size_t n;
	int r = slurp(dirfd, name, CPK_MAX_TEXT, &text, &n);

	if (r)
		return fail(ST_IO, "/%s/%s: %s", DB_INSTALLED, name, strerror(-r));
	v = realloc(k->inst, (k->ninst + 1) * sizeof(*v));
	if (!v) {
		free(text);
		return fail(ST_FAIL, "out of memory");
	}
	k->inst = v;
	memset(&v[k->ninst], 0, sizeof(*v));
	r = cpk_manifest_parse(&v[k->ninst].m, text, n, name, &err);
	free(text);
	if (r)
		return fail(ST_DAMAGED, "/%s/%s", DB_INSTALLED, err.text);
	k->ninst++;
	if (strcmp(v[k->ninst - 1].m.name, name))
		return fail(ST_DAMAGED, "/%s/%s: is of another package", DB_INSTALLED, name);
	return 0;
}

static int
by_name(const void *a, const void *b)
{
	const struct installed *p = a, *q = b;

	return strcmp(p->m.name, q->m.name);
}

static int
load_installed(struct pkg *k)
{
	int fd = openat(k->rootfd, DB_INSTALLED, O_RDONLY | O_DIRECTORY | O_CLOEXEC), r = 0;
	struct dirent *e;
	DIR *d;

	if (fd < 0)
		return errno == ENOENT ? 0 : fail(ST_IO, "/%s: %s", DB_INSTALLED, strerror(errno));
	d = fdopendir(fd);
	if (!d) {
		close(fd);
		return fail(ST_FAIL, "out of memory");
	}
	while (!r && (e = readdir(d)))
		if (cpk_name_ok(e->d_name))
			r = load_one(k, fd, e->d_name);
	closedir(d);
	if (k->ninst)
		qsort(k->inst, k->ninst, sizeof(*k->inst), by_name);
	return r;
}

/* A file of relations, one a line; '#' begins a comment. */
static int
load_relations(struct pkg *k, const char *path, struct cpk_list *out)
{
	char *text, *s, *next;
	struct cpk_dep d;
	unsigned line = 1;
	size_t n;
	int r = slurp(k->rootfd, path, 1 << 24, &text, &n);

	if (r == -ENOENT)
		return 0;
	if (r)
		return fail(ST_IO, "/%s: %s", path, strerror(-r));
	if (strlen(text) != n)
		r = fail(ST_DAMAGED, "/%s: holds a NUL byte", path);
	for (s = text; !r && *s; s = next, line++) {
		next = s + strcspn(s, "\n");
		if (*next)
			*next++ = '\0';
		if (!*s || *s == '#')
			continue;
		if (cpk_dep_parse(&d, s) || !cpk_name_ok(d.name))
			r = fail(ST_DAMAGED, "/%s:%u: '%.80s' is not 'NAME' or 'NAME OP VERSION'", path, line, s);
		else if (cpk_list_add(out, s))
			r = fail(ST_FAIL, "out of memory");
	}
	free(text);
	return r;
}

static int
load_world(struct pkg *k)
{
	struct installed *p;
	struct cpk_dep d;
	size_t i;
	int r = load_relations(k, DB_WORLD, &k->world);

	if (!r)
		r = load_relations(k, DB_PINS, &k->pins);
	for (i = 0; !r && i < k->world.n; i++) {
		cpk_dep_parse(&d, k->world.v[i]);
		p = db_find(k, d.name);
		if (p)
			p->world = true;
	}
	return r;
}

/* Takes the lock: only one pkg at a time changes a root. */
static int
lock(struct pkg *k)
{
	int r = make_dirs(k->rootfd, DB_INSTALLED, 0755);

	if (r)
		return fail(ST_IO, "/%s: %s", DB_DIR, strerror(-r));
	k->lockfd = openat(k->rootfd, DB_DIR "/lock", O_RDWR | O_CREAT | O_CLOEXEC, 0644);
	if (k->lockfd < 0)
		return fail(ST_IO, "/%s/lock: %s", DB_DIR, strerror(errno));
	if (flock(k->lockfd, LOCK_EX | LOCK_NB) == 0)
		return 0;
	if (errno == EWOULDBLOCK)
		return fail(ST_BUSY, "another pkg is changing this system; try again when it is done");
	return fail(ST_IO, "/%s/lock: %s", DB_DIR, strerror(errno));
}

/*
 * Reads the data base. With write, takes the lock and first finishes or discards what a killed pkg
 * left; without, a committed but unfinished transaction is only reported.
 */
int
db_open(struct pkg *k, bool write)
{
	int r = write ? lock(k) : 0;

	if (!r && write) {
		r = tx_recover(k);
		if (r > 0)
			say(k, "finished an interrupted transaction");
	} else if (!r && faccessat(k->rootfd, TX_JOURNAL, F_OK, 0) == 0) {
		complain("an interrupted transaction waits: 'pkg recover' finishes it");
	}
	if (r >= 0)
		r = load_installed(k);
	if (!r)
		r = load_world(k);
	return r;
}

void
db_close(struct pkg *k)
{
	size_t i;

	for (i = 0; i < k->ninst; i++)
		cpk_manifest_free(&k->inst[i].m);
	free(k->inst);
	cpk_list_free(&k->world);
	cpk_list_free(&k->pins);
	for (i = 0; i < k->nrepos; i++)
		cpk_index_free(&k->repos[i].index);
	if (k->lockfd >= 0)
		close(k->lockfd);
	k->inst = NULL;
	k->ninst = 0;
	k->lockfd = -1;
}

struct installed *
db_find(const struct pkg *k, const char *name)
{
	struct installed key;

	if (!k->ninst)
		return NULL;
	key.m.name = (char *)name;
	return bsearch(&key, k->inst, k->ninst, sizeof(*k->inst), by_name);
}

const char *
relation_of(const struct cpk_list *l, const char *name)
{
	struct cpk_dep d;
	size_t i;

	for (i = 0; i < l->n; i++)
		if (cpk_dep_parse(&d, l->v[i]) == 0 && strcmp(d.name, name) == 0)
			return l->v[i];
	return NULL;
}

/* In place of what the list says of the same name; op "" takes it out. */
int
relation_set(struct cpk_list *l, const char *name, const char *relation)
{
	struct cpk_list out = { 0 };
	struct cpk_dep d;
	size_t i;

	for (i = 0; i < l->n; i++)
		if ((cpk_dep_parse(&d, l->v[i]) || strcmp(d.name, name)) && cpk_list_add(&out, l->v[i]))
			return -ENOMEM;
	if (relation && cpk_list_add(&out, relation))
		return -ENOMEM;
	cpk_list_sort(&out);
	cpk_list_free(l);
	*l = out;
	return 0;
}
