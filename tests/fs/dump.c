/* SPDX-License-Identifier: MIT */
/* A digest of a whole file system, or of each object in it. */
#include "dev.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct names {
	char (*name)[256];
	size_t n;
};

struct walk {
	struct cfs *fs;
	void (*see)(void *arg, const char *path, uint64_t digest);
	void *arg;
	unsigned errors;
	unsigned long budget;	/* objects; damaged trees may be endless */
};

static int collect(void *arg, const struct cfs_dent *d)
{
	struct names *l = arg;

	if (d->next <= 2)
		return 0;
	l->name = realloc(l->name, (l->n + 1) * sizeof *l->name);
	memcpy(l->name[l->n], d->name, d->namelen);
	l->name[l->n++][d->namelen] = 0;
	return 0;
}

static int name_cmp(const void *a, const void *b)
{
	return strcmp(a, b);
}

static uint64_t mix(uint64_t h, uint64_t v)
{
	return cfs_xxh64(&v, sizeof v, h);
}

static int digest_data(struct cfs_inode *ip, uint64_t *h)
{
	static uint8_t page[CFS_PAGE], zero[CFS_PAGE];
	uint64_t pages = (ip->a.size + CFS_PAGE - 1) / CFS_PAGE, p = 0;

	for (unsigned steps = 0; p < pages && steps < 100000; p++, steps++) {
		uint64_t data;
		int err = cfs_seek(ip, p, false, &data);

		if (err == -ENXIO)
			return 0;
		if (!err)
			err = cfs_read(ip, data, 1, page);
		if (err)
			return err;
		p = data;
		if (memcmp(page, zero, CFS_PAGE))
			*h = mix(cfs_xxh64(page, CFS_PAGE, *h), p);
	}
	return 0;
}

static int digest(struct cfs_inode *ip, uint64_t *h)
{
	char link[4096];
	int n;

	*h = mix(mix(mix(ip->a.mode, ip->a.nlink), ip->a.uid), ip->a.size);
	if ((ip->a.mode & 0170000) == 0100000)
		return digest_data(ip, h);
	if ((ip->a.mode & 0170000) == 0120000) {
		n = cfs_readlink(ip, link, sizeof link);
		if (n < 0)
			return n;
		*h = cfs_xxh64(link, (size_t)n, *h);
	}
	return 0;
}

static void walk_dir(struct walk *w, struct cfs_inode *dir, const char *path, int depth)
{
	struct names l = { 0 };
	char sub[4200];

	if (cfs_readdir(dir, 0, collect, &l))
		w->errors++;
	if (l.n)
		qsort(l.name, l.n, sizeof *l.name, name_cmp);
	for (size_t i = 0; i < l.n && w->budget; i++, w->budget--) {
		struct cfs_inode *ip;
		uint64_t h;

		snprintf(sub, sizeof sub, "%s/%s", path, l.name[i]);
		if (cfs_lookup(dir, l.name[i], strlen(l.name[i]), &ip)) {
			w->errors++;
			continue;
		}
		if (digest(ip, &h))
			w->errors++;
		else
			w->see(w->arg, sub, h);
		if ((ip->a.mode & 0170000) == 0040000 && depth < 14)
			walk_dir(w, ip, sub, depth + 1);
		cfs_iput(ip);
	}
	free(l.name);
}

void dump_each(struct cfs *fs, void (*see)(void *arg, const char *path, uint64_t digest), void *arg,
	       unsigned *errors)
{
	struct walk w = { .fs = fs, .see = see, .arg = arg, .budget = 100000 };
	struct cfs_inode *root = cfs_root(fs);

	if (root)
		walk_dir(&w, root, "", 0);
	else
		w.errors++;
	cfs_iput(root);
	*errors = w.errors;
}

static void see_all(void *arg, const char *path, uint64_t digest)
{
	uint64_t *h = arg;

	if (getenv("DUMP"))
		fprintf(stderr, "%016llx %.60s\n", (unsigned long long)digest, path);
	*h = mix(cfs_xxh64(path, strlen(path), *h), digest);
}

uint64_t dump(struct cfs *fs)
{
	uint64_t h = 0;
	unsigned errors;

	dump_each(fs, see_all, &h, &errors);
	if (errors)
		FAIL("%u objects cannot be read", errors);
	return h;
}
