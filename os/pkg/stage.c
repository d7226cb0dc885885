/* SPDX-License-Identifier: MIT */
/*
 * Packages into the stage, several at once: every byte is checked against the manifest, and the
 * package against the hash that the index names, before the commit. Of P packages, row r of
 * package i is staged as D/N with D = 1 + i % (1 + P / 32), N = i / (1 + P / 32) << 19 | r: threads
 * that are at work on neighbours do not wait for each other at one folder. The manifest comes after
 * the rows. Files whose folder is not on the disk go into the tree (tx.h).
 */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "fsops.h"
#include "history.h"
#include "patch.h"

#define PER_DIR		32
#define ROW_BITS	19
#define ROOM		(256u << 10)	/* left for short files before their hashes are looked at */
_Static_assert(CPK_MAX_FILES < 1 << ROW_BITS, "a row number fits");

struct staging {
	struct change *c;
	atomic_size_t next;
	atomic_int status;		/* the first failure: negative exit status */
};

static struct staged
numbered(const struct change *c, size_t i, size_t row)
{
	unsigned dirs = 1 + (unsigned)c->n / PER_DIR;

	return (struct staged){ 1 + (unsigned)i % dirs, ((unsigned)i / dirs) << ROW_BITS | (unsigned)row };
}

struct staged
staged_row(const struct change *c, size_t i, const struct cpk_file *f)
{
	return numbered(c, i, (size_t)(f - c->in[i].m->files));
}

struct staged
staged_manifest(const struct change *c, size_t i)
{
	return numbered(c, i, c->in[i].m->nfiles);
}

bool
in_tree(const struct change *c, size_t i, const struct cpk_file *f)
{
	return c->in[i].tree && c->in[i].tree[f - c->in[i].m->files];
}

void
staged_path(const struct change *c, size_t i, const struct cpk_file *f, char buf[TX_TREE_PATH])
{
	if (in_tree(c, i, f))
		snprintf(buf, TX_TREE_PATH, TX_TREE "/%s", f->path);
	else
		staged_name(staged_row(c, i, f), buf);
}

/*
 * In the tree when its folder is missing, and nothing else is in its place there: then a package
 * clashes with another, which place.c tells.
 */
static int
open_staged(struct change *c, size_t i, const struct cpk_file *f, struct walk *look)
{
	struct incoming *in = &c->in[i];
	const char *base;
	int fd;

	if (walk_to(look, f->path, &base) != -ENOENT)
		return tx_stage(&c->tx, staged_row(c, i, f), f->mode);
	if (!in->tree && !(in->tree = calloc(in->m->nfiles, sizeof(*in->tree))))
		return fail(ST_FAIL, "out of memory");
	fd = tx_stage_tree(&c->tx, in->m, f);
	if (fd < 0)
		return tx_stage(&c->tx, staged_row(c, i, f), f->mode);
	in->tree[f - in->m->files] = true;
	return fd;
}

/* Mode, owner and attributes that opening the file has not given it. */
static int
finish_file(struct pkg *k, int fd, const struct cpk_file *f)
{
	unsigned uid = 0, gid = 0;
	size_t i;
	int r = 0;

	if (geteuid() == 0 && (strcmp(f->owner, "root") || strcmp(f->group, "root")) &&
	    uid_of(k, f->owner, &uid) == 0 && gid_of(k, f->group, &gid) == 0 && fchown(fd, uid, gid))
		r = -errno;
	if (!r && f->mode & 07022)	/* what the umask or a change of owner takes */
		r = fs->fchmod(fd, f->mode);
	for (i = 0; !r && i < f->nattrs; i++) {
		r = fs->setxattr(fd, f->attrs[i].name, f->attrs[i].value, f->attrs[i].len);
		if (r == -ENOTSUP || r == -EPERM)
			r = 0;		/* the file system or the user cannot: verify says so */
	}
	return r;
}

/* Finishes and closes; with r, what writing said. */
static int
end_file(struct pkg *k, int fd, const struct cpk_file *f, int r)
{
	if (!r)
		r = finish_file(k, fd, f);
	if (close(fd) && !r)
		r = -errno;
	return r ? fail(ST_IO, "staging /%s: %s", f->path, strerror(-r)) : 0;
}

static int
stage_file(struct change *c, size_t i, struct cpk_reader *reader, const struct cpk_file *f,
		struct walk *look)
{
	struct cpk_error err;
	const void *p;
	ssize_t got;
	int fd = open_staged(c, i, f, look), r = 0;

	if (fd < 0)
		return fd;
	while (!r && (got = cpk_piece(reader, &p, &err)) != 0) {
		if (got < 0) {
			close(fd);
			return fail(ST_TRUST, "%s", err.text);
		}
		r = write_all(fd, p, (size_t)got);
	}
	return end_file(c->k, fd, f, r);
}

static int
stage_rows(struct change *c, size_t i, struct cpk_reader *reader, struct walk *look)
{
	const struct cpk_file *f;
	struct cpk_error err;
	int r = 1;

	while (r > 0) {
		r = cpk_next(reader, &f, &err);
		if (r < 0)
			r = fail(ST_TRUST, "%s", err.text);
		else if (r > 0 && f->type == 'f' && (r = stage_file(c, i, reader, f, look)) == 0)
			r = 1;
	}
	return r;
}

/* The stream that a patch made. */
static int
open_stream(struct pkg *k, const struct plan_item *a, struct cpk_reader **reader,
		struct cpk_error *err)
{
	char path[CPK_MAX_PATH + 2] = "/", *data;
	size_t n;
	int r;

	stream_path(a->p, path + 1);
	r = slurp(k->rootfd, path + 1, CPK_MAX_STREAM, &data, &n);
	if (r)
		return fail(ST_IO, "%s: %s", path, strerror(-r));
	return cpk_open_stream(reader, data, n, a->manifest, a->manifest_hash, path, err);
}

/*
 * Small packages are loaded some at a time, and their hashes made together. Before all are known to
 * be what the index names, none is looked at.
 */
#define BATCH	4
#define SMALL	(128u << 10)

struct loaded {
	void *data;			/* NULL: not a small package */
	size_t n;
	char path[4096];
};

/* What a thread works with. Without memory for them, the slow ways do. */
struct tools {
	struct cpk_unzip *unzip;
	struct cpk_hashes *hashes, *packages;
	struct loaded loaded[BATCH];
	struct walk look;		/* over the disk, which nobody changes meanwhile */
};

static int
load_one(struct change *c, const struct plan_item *a, struct tools *with, struct loaded *l)
{
	int fd, r;

	l->data = NULL;
	if (a->kept || a->patched || !with->packages || a->p->bytes > SMALL)
		return 0;
	fd = open_package(c->k, a, l->path);
	if (fd < 0)
		return fd;
	r = cpk_load(fd, SMALL, &l->data, &l->n);
	if (r || l->n != a->p->bytes) {
		if (!r)
			free(l->data);
		l->data = NULL;
		return 0;		/* the slow way finds out and says what is wrong */
	}
	cpk_hashes_add(with->packages, l->data, l->n);
	cpk_hashes_end(with->packages, a->p->hash, l->path);
	return 0;
}

static int
load_batch(struct change *c, size_t first, size_t n, struct tools *with)
{
	const char *bad;
	size_t i;
	int r = 0;

	for (i = 0; i < n; i++)
		with->loaded[i].data = NULL;
	for (i = 0; !r && i < n; i++)
		r = load_one(c, &c->plan->add[first + i], with, &with->loaded[i]);
	if (with->packages && cpk_hashes_check(with->packages, &bad) && !r)
		r = fail(ST_SWAPPED, "%s: does not have the length and hash that the signed index names",
				bad);
	for (i = 0; r && i < n; i++)
		free(with->loaded[i].data);
	return r;
}

static int
open_reader(struct pkg *k, const struct plan_item *a, struct tools *with, struct loaded *l,
		struct cpk_reader **reader, struct cpk_error *err)
{
	char path[4096];
	void *data = l->data;
	int fd;

	l->data = NULL;
	if (data)
		return cpk_open_data(reader, data, l->n, l->path, with->unzip, err);
	if (a->patched)
		return open_stream(k, a, reader, err);
	fd = open_package(k, a, path);
	return fd < 0 ? fd : cpk_open_known(reader, fd, path, a->p->hash, a->p->bytes, with->unzip, err);
}

static int
check_hashes(struct cpk_hashes *h)
{
	const char *bad;

	return h && cpk_hashes_check(h, &bad) ? fail(ST_TRUST, "/%s: hash differs from the manifest", bad) : 0;
}

static int
stage_package(struct change *c, size_t i, struct tools *with, struct loaded *l)
{
	const struct plan_item *a = &c->plan->add[i];
	struct incoming *in = &c->in[i];
	struct cpk_reader *reader;
	struct cpk_error err = { .text = "" };
	int r = open_reader(c->k, a, with, l, &reader, &err), more;

	if (r && !*err.text)
		return r;
	if (r)
		return fail(r == -EKEYREJECTED ? ST_SWAPPED : ST_TRUST, "%s", err.text);
	cpk_reader_defer(reader, with->hashes);
	in->m = cpk_reader_manifest(reader);
	if (strcmp(in->m->name, a->p->name))
		r = fail(ST_TRUST, "%s: the package says it is %s", a->p->name, in->m->name);
	else
		r = stage_rows(c, i, reader, &with->look);
	cpk_reader_take(reader, &in->own, &in->text, &in->ntext);
	in->m = &in->own;
	cpk_close(reader);
	more = !with->hashes || cpk_hashes_room(with->hashes, ROOM) ? 0 : check_hashes(with->hashes);
	return r ? r : more;
}

/* Where the content of a row of a former version still is: the store, or the present file. */
static int
open_kept(struct pkg *k, const struct cpk_file *f)
{
	const char *base;
	int fd = store_open(k, f->hash), dir;

	if (fd >= 0 || differs(k, f))
		return fd;
	dir = open_parent(k->rootfd, f->path, &base);
	if (dir < 0)
		return dir;
	fd = openat(dir, base, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
	close(dir);
	return fd;
}

static int
copy_checked(struct change *c, size_t i, const struct cpk_file *f, int from, struct walk *look)
{
	uint8_t hash[CPK_HASH];
	uint64_t size;
	char buf[65536];
	ssize_t n = 1;
	int fd = open_staged(c, i, f, look), r = 0;

	if (fd < 0)
		return fd;
	if (cpk_hash_fd(from, hash, &size) || size != f->size || memcmp(hash, f->hash, CPK_HASH) ||
	    lseek(from, 0, SEEK_SET))
		r = -EBADMSG;
	while (!r && (n = read(from, buf, sizeof(buf))) > 0)
		r = write_all(fd, buf, (size_t)n);
	return end_file(c->k, fd, f, r ? r : n < 0 ? -EIO : 0);
}

static int
stage_kept(struct change *c, size_t i, struct walk *look)
{
	const struct cpk_manifest *m = c->plan->add[i].kept;
	size_t j;
	int r = 0;

	c->in[i].m = m;
	for (j = 0; !r && j < m->nfiles; j++) {
		int fd;

		if (m->files[j].type != 'f' || (c->repair && !difference(c->k, &m->files[j])))
			continue;
		fd = open_kept(c->k, &m->files[j]);
		if (c->repair && fd < 0)	/* the user's configuration file: stays */
			continue;
		if (fd < 0)
			return fail(ST_SOLVE, "/%s of %s %s-%u is not kept here any more",
					m->files[j].path, m->name, m->version, m->release);
		r = copy_checked(c, i, &m->files[j], fd, look);
		close(fd);
	}
	return r;
}

static int
stage_manifest(struct change *c, size_t i)
{
	struct incoming *in = &c->in[i];

	if (!in->text && cpk_manifest_print(in->m, &in->text, &in->ntext))
		return fail(ST_FAIL, "out of memory");
	cpk_hash(in->text, in->ntext, in->hash);
	return tx_stage_bytes(&c->tx, in->text, in->ntext, 0644, staged_manifest(c, i));
}

/* The packages from first on; those that were loaded and not come to are let go. */
static int
stage_batch(struct change *c, size_t first, size_t n, struct tools *with)
{
	int r = load_batch(c, first, n, with);
	size_t i;

	if (r)
		return r;
	for (i = 0; i < n; i++) {
		if (!r)
			r = c->plan->add[first + i].kept ? stage_kept(c, first + i, &with->look) :
				stage_package(c, first + i, with, &with->loaded[i]);
		if (!r)
			r = stage_manifest(c, first + i);
		free(with->loaded[i].data);
	}
	return r;
}

static void *
work(void *arg)
{
	struct staging *s = arg;
	struct change *c = s->c;
	struct tools *with = calloc(1, sizeof(*with));
	size_t first, left;
	int r = with ? 0 : fail(ST_FAIL, "out of memory"), none = 0;

	if (with) {
		with->unzip = cpk_unzip_new();
		with->hashes = cpk_hashes_new();
		with->packages = cpk_hashes_new();
		walk_begin(&with->look, c->k->rootfd);
		with->look.keep_missing = true;
	}
	while (!r && !atomic_load(&s->status) &&
	    (first = atomic_fetch_add(&s->next, BATCH)) < c->plan->nadd) {
		left = c->plan->nadd - first;
		r = stage_batch(c, first, left < BATCH ? left : BATCH, with);
	}
	if (with && !r)
		r = check_hashes(with->hashes);
	if (r)
		atomic_compare_exchange_strong(&s->status, &none, r);
	if (with) {
		cpk_hashes_free(with->packages);
		cpk_hashes_free(with->hashes);
		cpk_unzip_free(with->unzip);
		walk_end(&with->look);
	}
	free(with);
	return NULL;
}

static unsigned
how_many(const struct change *c)
{
	long cpus = sysconf(_SC_NPROCESSORS_ONLN);
	unsigned n = c->k->threads ? c->k->threads : cpus > 0 ? (unsigned)cpus : 1;

	if (n > 8)
		n = 8;
	return n < c->plan->nadd ? n : (unsigned)c->plan->nadd;
}

int
stage_packages(struct change *c)
{
	struct staging s = { .c = c };
	pthread_t thread[8];
	unsigned i, n = how_many(c), started = 0;
	int r = tx_begin(&c->tx, c->k, 1 + (unsigned)c->plan->nadd / PER_DIR);

	c->in = calloc(c->plan->nadd + 1, sizeof(*c->in));
	if (!r && !c->in)
		r = fail(ST_FAIL, "out of memory");
	if (r)
		return r;
	c->n = c->plan->nadd;
	for (i = 1; i < n; i++)
		if (pthread_create(&thread[started], NULL, work, &s) == 0)
			started++;
	work(&s);
	for (i = 0; i < started; i++)
		pthread_join(thread[i], NULL);
	return atomic_load(&s.status);
}
