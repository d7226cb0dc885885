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

int
relations_parse(struct cpk_list *out, char *text, size_t n, const char *path)
{
	char *s, *next;
	struct cpk_dep d;
	unsigned line = 1;
	int r = 0;

	if (strlen(text) != n)
		return fail(ST_DAMAGED, "/%s: holds a NUL byte", path);
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
	cpk_list_sort(out);
	return r;
}

static int
load_relations(struct pkg *k, const char *path, struct cpk_list *out)
{
	char *text;
	size_t n;
	int r = slurp(k->rootfd, path, 1 << 24, &text, &n);

	if (r == -ENOENT)
		return 0;
	if (r)
		return fail(ST_IO, "/%s: %s", path, strerror(-r));
	r = relations_parse(out, text, n, path);
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
		k->recovered = r > 0;
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

/*
 * Lists of relations are sorted bytewise, which is by name: what may follow a name, a space or the
 * end, sorts before all that a name is made of. Returns where name is or belongs.
 */
static size_t
place_of(const struct cpk_list *l, const char *name, bool *here)
{
	size_t lo = 0, hi = l->n, n = strlen(name);

	*here = false;
	while (lo < hi) {
		size_t mid = (lo + hi) / 2, len = strcspn(l->v[mid], " ");
		int c = memcmp(name, l->v[mid], n < len ? n : len);

		if (c == 0 && n == len) {
			*here = true;
			return mid;
		}
		if (c < 0 || (c == 0 && n < len))
			hi = mid;
		else
			lo = mid + 1;
	}
	return lo;
}

const char *
relation_of(const struct cpk_list *l, const char *name)
{
	bool here;
	size_t at = place_of(l, name, &here);

	return here ? l->v[at] : NULL;
}

int
relation_set(struct cpk_list *l, const char *name, const char *relation)
{
	bool here;
	size_t at = place_of(l, name, &here);
	char *new;

	if (here && !relation) {
		free(l->v[at]);
		memmove(&l->v[at], &l->v[at + 1], (l->n - at - 1) * sizeof(*l->v));
		l->n--;
		/* Room goes by powers of two of n: the next one added finds it (cpk_list_add). */
		return 0;
	}
	if (here) {
		new = strdup(relation);
		if (!new)
			return -ENOMEM;
		free(l->v[at]);
		l->v[at] = new;
		return 0;
	}
	if (!relation)
		return 0;
	if (cpk_list_add(l, relation))
		return -ENOMEM;
	new = l->v[l->n - 1];
	memmove(&l->v[at + 1], &l->v[at], (l->n - 1 - at) * sizeof(*l->v));
	l->v[at] = new;
	return 0;
}
