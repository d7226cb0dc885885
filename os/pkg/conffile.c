/* SPDX-License-Identifier: MIT */
/*
 * Configuration files, all below etc/. One that the user has changed is merged with the changes of
 * the package, against the file as the package brought it before (the store has it); where both
 * changed the same lines, or there is nothing to merge against, the user's stays and the new one
 * comes beside it as FILE.new.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "history.h"

#define MAX_MERGE	(1u << 20)

bool
is_config(const char *path)
{
	return strncmp(path, "etc/", 4) == 0;
}

static int
read_fd(int fd, char **data, size_t *n)
{
	struct stat st;
	ssize_t got = 0;

	if (fd < 0)
		return -ENOENT;
	if (fstat(fd, &st) || st.st_size > MAX_MERGE) {
		close(fd);
		return -EFBIG;
	}
	*data = malloc((size_t)st.st_size + 1);
	for (*n = 0; *data && (got = read(fd, *data + *n, (size_t)st.st_size - *n)) > 0;)
		*n += (size_t)got;
	close(fd);
	if (!*data)
		return -ENOMEM;
	(*data)[*n] = '\0';
	return 0;
}

static int
merge(struct change *c, size_t i, const struct cpk_file *was, const struct cpk_file *f,
		const struct stat *st)
{
	char *base = NULL, *mine = NULL, *theirs = NULL, *out, name[TX_TREE_PATH];
	size_t nbase, nmine, ntheirs, nout;
	struct incoming *in = &c->in[i];
	int r = read_fd(store_open(c->k, was->hash), &base, &nbase);

	if (!r)
		r = slurp(c->k->rootfd, f->path, MAX_MERGE, &mine, &nmine);
	staged_path(c, i, f, name);
	if (!r)
		r = slurp(c->tx.filesfd, name, MAX_MERGE, &theirs, &ntheirs);
	if (!r)
		r = merge3(base, nbase, mine, nmine, theirs, ntheirs, &out, &nout);
	if (!r && !in->merged && !(in->merged = calloc(in->m->nfiles, sizeof(*in->merged))))
		r = -ENOMEM;
	if (!r) {
		r = tx_stage_fresh(&c->tx, out, nout, st->st_mode & 07777,
				&in->merged[f - in->m->files]);
		free(out);
	}
	free(base);
	free(mine);
	free(theirs);
	return r;
}

/* 0: as any other file; else 1 + enum fate. */
int
place_config(struct change *c, size_t i, const struct cpk_file *f, const struct stat *st)
{
	const struct owner *o = owners_find(&c->before, f->path);
	const struct cpk_file *was = o && o->f->type == 'f' ? o->f : NULL;
	int r = -EEXIST;

	if (!differs(c->k, f) || (was && !differs(c->k, was)))
		return 0;
	if (was && memcmp(was->hash, f->hash, CPK_HASH) == 0)
		return 1 + LEAVE;
	if (was && S_ISREG(st->st_mode))
		r = merge(c, i, was, f, st);
	if (r == 0) {
		say(c->k, "/%s: your changes and those of %s were merged", f->path, c->in[i].m->name);
		return 1 + MERGED;
	}
	if (strlen(f->path) + 4 > CPK_MAX_PATH)
		return 1 + LEAVE;
	complain("/%s was changed here%s: the new one is /%s.new", f->path,
			was && r == -EEXIST ? ", in the same lines as in the new version" : "", f->path);
	return 1 + BESIDE;
}
