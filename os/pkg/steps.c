/* SPDX-License-Identifier: MIT */
/* The steps of a change: folders cleared away, what comes, what goes, then the data base. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "history.h"

#define BOOT	"boot/"

/* Rows of m below the folder, deepest first, then the folder: clears the place for a file or link. */
static int
clear_rows(struct change *c, const struct cpk_manifest *m, const char *folder)
{
	size_t n = strlen(folder), i;
	int r = 0;

	for (i = m->nfiles; !r && i-- > 0;) {
		const struct cpk_file *f = &m->files[i];

		if (strncmp(f->path, folder, n) || (f->path[n] != '/' && f->path[n]))
			continue;
		r = f->type == 'd' ? tx_rmdir(&c->tx, f->path) : tx_del(&c->tx, f->path);
	}
	return r;
}

/* Packages share folders: the files of all go first, then the folders once more. */
static int
clear_folder(struct change *c, const char *folder)
{
	size_t i;
	int r = 0, pass;

	for (pass = 0; pass < 2; pass++)
		for (i = 0; !r && i < c->k->ninst; i++)
			r = clear_rows(c, &c->k->inst[i].m, folder);
	return r;
}

static int
put_owner(struct change *c, const struct cpk_file *f)
{
	unsigned uid, gid;

	if (geteuid() != 0 || (strcmp(f->owner, "root") == 0 && strcmp(f->group, "root") == 0 &&
	    !c->repair) || uid_of(c->k, f->owner, &uid) || gid_of(c->k, f->group, &gid))
		return 0;
	return tx_own(&c->tx, uid, gid, f->path);
}

/* A change of owner takes set-id bits: the mode comes after it. */
static int
put_dir(struct change *c, const struct cpk_file *f)
{
	struct stat st;
	size_t i;
	int r = 0;

	if (look_at(c, f->path, &st) == 1 && !S_ISDIR(st.st_mode))
		r = tx_del(&c->tx, f->path);
	if (!r)
		r = tx_dir(&c->tx, f->mode, f->path);
	if (!r)
		r = put_owner(c, f);
	for (i = 0; !r && i < f->nattrs; i++)
		r = tx_attr(&c->tx, f->path, f->attrs[i].name, f->attrs[i].value, f->attrs[i].len);
	return r;
}

static int
put_file(struct change *c, size_t i, const struct cpk_file *f, enum fate fate)
{
	char beside[CPK_MAX_PATH + 8];

	if (in_tree(c, i, f))
		return 0;
	if (fate == MERGED)
		return tx_file(&c->tx, c->in[i].merged[f - c->in[i].m->files], f->path);
	snprintf(beside, sizeof(beside), "%s%s", f->path, fate == BESIDE ? ".new" : "");
	return tx_file(&c->tx, staged_row(c, i, f), beside);
}

/* Another package of this change has the folder too, and its step comes first. */
static bool
made_already(const struct change *c, const struct cpk_file *f)
{
	const struct owner *o = owners_find(&c->after, f->path);
	const char *m = o ? (const char *)o->m : NULL;

	return m >= (const char *)c->in && m < (const char *)(c->in + c->n) && o->f != f &&
		!c->repair && o->f->mode == f->mode && !o->f->nattrs && !f->nattrs &&
		strcmp(o->f->owner, f->owner) == 0 && strcmp(o->f->group, f->group) == 0;
}

static int
put_row(struct change *c, size_t i, const struct cpk_file *f)
{
	enum fate fate = c->in[i].fate ? (enum fate)c->in[i].fate[f - c->in[i].m->files] : PUT;
	int r = 0;

	if (fate != PUT && f->type == 'f' && in_tree(c, i, f))
		return fail(ST_CONFLICT, "/%s appeared meanwhile: nothing was changed; try again", f->path);
	if (fate == LEAVE)
		return 0;
	if (f->type == 'd')
		return made_already(c, f) ? 0 : put_dir(c, f);
	if (c->k->ninst && replaces_folder(c, f))
		r = clear_folder(c, f->path);
	if (r)
		return r;
	if (f->type == 'f')
		return put_file(c, i, f, fate);
	return f->type == 'l' ? tx_link(&c->tx, f->path, f->link) : tx_hard(&c->tx, f->path, f->link);
}

/* Configuration files as the package brings them: the base of the next merge. */
static int
put_bases(struct change *c, size_t i)
{
	const struct cpk_manifest *m = c->in[i].m;
	char name[TX_TREE_PATH], *data;
	size_t j, n;
	int r = 0;

	for (j = 0; !r && j < m->nfiles; j++) {
		const struct cpk_file *f = &m->files[j];

		if (f->type != 'f' || !is_config(f->path) || f->size > 1 << 20)
			continue;
		staged_path(c, i, f, name);
		r = slurp(c->tx.filesfd, name, 1 << 20, &data, &n);
		if (r)
			return fail(ST_IO, "/%s/%s: %s", TX_FILES, name, strerror(-r));
		r = store_put(&c->tx, data, n, f->hash);
		free(data);
	}
	return r;
}

static int
put_package(struct change *c, size_t i)
{
	const struct cpk_manifest *m = c->in[i].m;
	size_t j;
	int r = 0;

	for (j = 0; !r && j < m->nfiles; j++)
		r = put_row(c, i, &m->files[j]);
	return r || c->repair ? r : put_bases(c, i);
}

/* The content that goes away is kept for rollback; a changed configuration file stays. */
static int
remove_file(struct change *c, const struct cpk_file *f)
{
	const struct owner *after = owners_find(&c->after, f->path);
	struct stat st;
	int r = 0;

	if (f->type == 'd')
		return 0;
	if (!after && f->type == 'f' && is_config(f->path) && look_at(c, f->path, &st) == 1 &&
	    differs(c->k, f)) {
		say(c->k, "/%s was changed here and stays", f->path);
		return 0;
	}
	if (f->type == 'f' && (!after || after->f->type != 'f' ||
	    memcmp(after->f->hash, f->hash, CPK_HASH)))
		r = store_keep(c->k, f->path, f->hash);
	if (r)
		return fail(ST_IO, "/%s: %s", f->path, strerror(-r));
	return after ? 0 : tx_del(&c->tx, f->path);
}

static int
remove_old(struct change *c, const struct cpk_manifest *m)
{
	size_t i;
	int r = 0;

	for (i = 0; !r && i < m->nfiles; i++)
		r = remove_file(c, &m->files[i]);
	for (i = m->nfiles; !r && i-- > 0;)	/* children come after their parents: deepest first */
		if (m->files[i].type == 'd' && !owners_find(&c->after, m->files[i].path))
			r = tx_rmdir(&c->tx, m->files[i].path);
	return r;
}

static int
removals(struct change *c)
{
	char path[CPK_MAX_PATH + 1];
	size_t i;
	int r = 0;

	for (i = 0; !r && i < c->plan->nadd; i++)
		if (c->plan->add[i].old && !c->repair)
			r = remove_old(c, &c->plan->add[i].old->m);
	for (i = 0; !r && i < c->plan->ndel; i++) {
		r = remove_old(c, &c->plan->del[i]->m);
		snprintf(path, sizeof(path), DB_INSTALLED "/%s", c->plan->del[i]->m.name);
		if (!r)
			r = tx_del(&c->tx, path);
	}
	return r;
}

static int
put_manifest(struct change *c, size_t i)
{
	char path[CPK_MAX_PATH + 1];

	snprintf(path, sizeof(path), DB_INSTALLED "/%s", c->in[i].m->name);
	return tx_file(&c->tx, staged_manifest(c, i), path);
}

static int
put_world(struct change *c, const struct cpk_list *world)
{
	struct cpk_list sorted = { 0 };
	size_t i, len = 0;
	struct staged s;
	char *text;
	int r;

	for (i = 0; i < world->n; i++) {
		if (cpk_list_add(&sorted, world->v[i]))
			return fail(ST_FAIL, "out of memory");
		len += strlen(world->v[i]) + 1;
	}
	cpk_list_sort(&sorted);
	text = calloc(1, len + 1);
	if (!text)
		return fail(ST_FAIL, "out of memory");
	for (i = len = 0; i < sorted.n; i++)
		len += (size_t)sprintf(text + len, "%s\n", sorted.v[i]);
	r = tx_stage_fresh(&c->tx, text, len, 0644, &s);
	if (!r)
		r = tx_file(&c->tx, s, DB_WORLD);
	free(text);
	cpk_list_free(&sorted);
	return r;
}

/* A file of the kernel or the boot archive, by its name below boot/; NULL for others. */
static const char *
boot_name(const struct cpk_file *f)
{
	const char *name = f->path + strlen(BOOT);

	return f->type == 'f' && strncmp(f->path, BOOT, strlen(BOOT)) == 0 && !strchr(name, '/') ?
		name : NULL;
}

static bool
same_after(struct change *c, const struct cpk_file *f)
{
	const struct owner *after = owners_find(&c->after, f->path);

	return after && after->f->type == 'f' && memcmp(after->f->hash, f->hash, CPK_HASH) == 0;
}

static bool
boot_changes(struct change *c)
{
	size_t i, j;

	for (i = 0; i < c->k->ninst; i++)
		for (j = 0; j < c->k->inst[i].m.nfiles; j++)
			if (boot_name(&c->k->inst[i].m.files[j]) &&
			    !same_after(c, &c->k->inst[i].m.files[j]))
				return true;
	return false;
}

/* Links one file into boot/previous: from the store when it is replaced, so that it may be redone. */
static int
keep_boot_file(struct change *c, const struct cpk_file *f)
{
	char to[CPK_MAX_PATH + 32], from[CPK_MAX_PATH + 1];
	struct stat st;
	int r = 0;

	if (look_at(c, f->path, &st) != 1)
		return 0;
	snprintf(to, sizeof(to), BOOT "previous/%s", boot_name(f));
	snprintf(from, sizeof(from), "%s", f->path);
	if (!same_after(c, f)) {
		r = store_keep(c->k, f->path, f->hash);
		store_path(f->hash, from);
	}
	return r ? fail(ST_IO, "/%s: %s", f->path, strerror(-r)) : tx_hard(&c->tx, to, from);
}

/* When the kernel or the boot archive changes, the pair that runs now stays bootable. */
static int
keep_boot(struct change *c)
{
	size_t i, j;
	int r;

	if (c->repair || !boot_changes(c))
		return 0;
	r = tx_dir(&c->tx, 0755, BOOT "previous");
	for (i = 0; !r && i < c->k->ninst; i++)
		for (j = 0; !r && j < c->k->inst[i].m.nfiles; j++)
			if (boot_name(&c->k->inst[i].m.files[j]))
				r = keep_boot_file(c, &c->k->inst[i].m.files[j]);
	return r;
}

/*
 * The topmost of what is staged in the tree that is not on the disk. folder is the tree's folder at
 * path, which the disk has: "" or with a slash at its end.
 */
static int
put_trees(struct change *c, int folder, const char *path)
{
	DIR *d = folder < 0 ? NULL : fdopendir(folder);
	struct dirent *e;
	int r = d ? 0 : fail(ST_IO, "/%s/" TX_TREE "/%s: %s", TX_FILES, path, strerror(errno));

	while (!r && (e = readdir(d))) {
		char sub[CPK_MAX_PATH + 2];
		struct stat st;

		if (strcmp(e->d_name, ".") == 0 || strcmp(e->d_name, "..") == 0)
			continue;
		snprintf(sub, sizeof(sub), "%s%s", path, e->d_name);
		if (look_at(c, sub, &st) != 1 || !S_ISDIR(st.st_mode)) {
			r = tx_tree(&c->tx, sub);
			continue;
		}
		strcat(sub, "/");
		r = put_trees(c, openat(dirfd(d), e->d_name, O_RDONLY | O_DIRECTORY | O_CLOEXEC), sub);
	}
	if (d)
		closedir(d);
	return r;
}

int
write_steps(struct change *c)
{
	int tree = openat(c->tx.filesfd, TX_TREE, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	size_t i;
	int r = put_trees(c, tree, "");

	if (!r)
		r = keep_boot(c);
	for (i = 0; !r && i < c->n; i++)
		r = put_package(c, i);
	if (!r)
		r = removals(c);
	for (i = 0; !r && i < c->n; i++)
		r = put_manifest(c, i);
	if (!r && !c->repair)
		r = history_write(c);
	return r ? r : put_world(c, &c->plan->world);
}
