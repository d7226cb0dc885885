/* SPDX-License-Identifier: MIT */
/*
 * Builds that serve two targets.  A target that is built like the first one calls the same
 * compilers by the same names.  Where all that such a build would see is, byte for byte, what
 * the last build for the first target saw, its files are taken; only the packages' arch is
 * another.  `cook repro --target` builds anew and compares.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "job.h"
#include "share.h"

/* The inputs as they would be called for the first target, sorted. */
static void
plain_inputs(const struct port *p, struct list *out)
{
	size_t i;

	for (i = 0; i < p->inputs.n; i++) {
		const char *s = p->inputs.v[i], *at = strchr(s, '@'), *end = at ? strchr(at, ' ') : NULL;
		size_t n = strlen(p->target->name);

		if (strncmp(s, "target ", 7) == 0)
			continue;
		if (end && (size_t)(end - at) == n + 1 && strncmp(at + 1, p->target->name, n) == 0)
			list_take(out, fmt("%.*s%s", (int)(at - s), s, end));
		else
			list_add(out, s);
	}
	cpk_list_sort(out);
}

static int
same_inputs(struct cook *c, const struct port *p, const char *key)
{
	struct list mine = { 0 }, theirs = { 0 };
	char again[CPK_HEX];
	size_t i;
	int same;

	store_meta_all(c, key, "input", &theirs);
	key_of_inputs(c, p->r, &theirs, again);
	plain_inputs(p, &mine);
	cpk_list_sort(&theirs);
	/* Made by another way of building it would have another key. */
	same = mine.n == theirs.n && strcmp(again, key) == 0;
	for (i = 0; same && i < mine.n; i++)
		same = strcmp(mine.v[i], theirs.v[i]) == 0;
	cpk_list_free(&mine);
	cpk_list_free(&theirs);
	return same;
}

/* What says {platform} is another thing on each target: libc. */
static int
is_of_platform(const struct recipe *r)
{
	char *text = recipe_normal(r);
	int yes = strstr(text, "{platform}") != NULL;

	free(text);
	return yes;
}

/* "NAME FILE": its tree by links, its package with another arch. */
static int
take_package(struct job *j, const char *key, char *line)
{
	char *file = strchr(line, ' '), *from, *to, *tree, *trees;
	const char *arch = j->r->arch == ARCH_ANY ? "any" : j->p->target->name;
	struct cpk_error err = { "" };
	int r;

	*file++ = '\0';
	from = cook_path(j->c, "store/%s/%s", key, file);
	to = fmt("%s/store/%s", j->work, file);
	trees = cook_path(j->c, "store/%s/out/%s", key, line);
	tree = fmt("%s/store/out/%s", j->work, line);
	r = merge_tree(trees, tree, 1, NULL);
	if (r == 0)
		r = pack_as(from, to, tree, arch, &err);
	if (r < 0)
		warn_("%s: cannot take it from %s: %s", j->p->name, key, *err.text ? err.text : strerror(-r));
	free(from);
	free(to);
	free(trees);
	free(tree);
	return r;
}

/* All lines of their meta but the inputs, which are ours. */
static int
take_meta(struct job *j, const char *key)
{
	char *from = cook_path(j->c, "store/%s/meta", key), *to = fmt("%s/store/meta", j->work);
	char *text = read_file(from, NULL), *line, *save;
	struct buf b = { 0 };
	size_t i;
	int r = text ? 0 : -ENOENT;

	for (line = text ? strtok_r(text, "\n", &save) : NULL; line; line = strtok_r(NULL, "\n", &save))
		if (strncmp(line, "input ", 6) != 0)
			buf_fmt(&b, "%s\n", line);
	buf_fmt(&b, "shared %s\n", key);
	for (i = 0; i < j->p->inputs.n; i++)
		buf_fmt(&b, "input %s\n", j->p->inputs.v[i]);
	if (r == 0)
		r = write_file(to, b.s, b.n, 0644);
	free(b.s);
	free(text);
	free(from);
	free(to);
	return r;
}

static int
take(struct job *j, const char *key)
{
	char *from = fmt("%s/store", j->work), *to = cook_path(j->c, "store/%s", j->p->key);
	struct list packages = { 0 };
	size_t i;
	int r = 0;

	store_meta_all(j->c, key, "package", &packages);
	for (i = 0; r == 0 && i < packages.n; i++)
		r = take_package(j, key, packages.v[i]);
	if (r == 0)
		r = take_meta(j, key);
	if (r == 0 && rename(from, to) < 0)
		r = -errno;
	if (r == 0)
		store_set_last(j->c, j->p->name, j->p->key);
	cpk_list_free(&packages);
	free(from);
	free(to);
	return r;
}

int
share_get(struct cook *c, struct port *p)
{
	struct job j = { .c = c, .p = p, .r = p->r };
	char *key;
	int lock, there;

	if (!p->target->like || !c->sandbox || c->vary || p->r->arch == ARCH_HOST || is_of_platform(p->r))
		return 0;
	key = store_last(c, p->plain);
	if (!key || !same_inputs(c, p, key)) {
		free(key);
		return 0;
	}
	lock = store_lock(c, p->key);
	there = store_find(c, p);
	j.work = build_dir(c, p, getpid());
	if (!there && job_open(&j) == 0) {
		there = take(&j, key) == 0 && store_find(c, p);
		if (there)
			printf("shared %s\n", p->name);
		job_throw_away(&j);
	}
	close(lock);
	free(j.work);
	free(key);
	return there;
}
