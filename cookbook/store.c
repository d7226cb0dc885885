/* SPDX-License-Identifier: MIT */
/*
 * The store: store/KEY/ holds `meta`, the packages and, below out/PACKAGE/, their
 * trees.  A folder appears by one rename when it is complete; nothing in it changes.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "view.h"

void
store_meta_all(const struct cook *c, const char *key, const char *field, struct list *out)
{
	char *path = cook_path(c, "store/%s/meta", key), *text = read_file(path, NULL);
	size_t n = strlen(field);
	char *line, *save;

	free(path);
	if (!text)
		return;
	for (line = strtok_r(text, "\n", &save); line; line = strtok_r(NULL, "\n", &save))
		if (strncmp(line, field, n) == 0 && line[n] == ' ')
			list_add(out, line + n + 1);
	free(text);
}

char *
store_meta(const struct cook *c, const char *key, const char *field)
{
	struct list all = { 0 };
	char *value;

	store_meta_all(c, key, field, &all);
	value = all.n ? xdup(all.v[0]) : NULL;
	cpk_list_free(&all);
	return value;
}

char *
store_last(const struct cook *c, const char *name)
{
	char *path = cook_path(c, "last/%s", name), *key = read_file(path, NULL);

	free(path);
	if (key)
		key[strcspn(key, "\n")] = '\0';
	return key;
}

void
store_set_last(const struct cook *c, const char *name, const char *key)
{
	char *old = store_last(c, name), *path;

	if (!old || strcmp(old, key) != 0) {
		path = cook_path(c, "last/%s", name);
		write_file(path, key, strlen(key), 0644);
		free(path);
	}
	free(old);
}

int
store_find(struct cook *c, struct port *p)
{
	char *out = store_meta(c, p->key, "output");

	if (!out)
		return 0;
	snprintf(p->output, sizeof(p->output), "%s", out);
	free(out);
	out = p->r->sysroot == SYSROOT_LINK ? store_meta(c, p->key, "link") : NULL;
	memcpy(p->sys_output, p->output, sizeof(p->output));
	if (p->r->sysroot == SYSROOT_DEV) {
		char *dev = fmt("%s-dev", p->plain);

		store_content(c, p, dev, p->sys_output);
		free(dev);
	} else if (out) {
		snprintf(p->sys_output, sizeof(p->sys_output), "%s", out);
	}
	free(out);
	return 1;
}

void
store_content(const struct cook *c, const struct port *p, const char *package, char hex[CPK_HEX])
{
	struct list all = { 0 };
	size_t i, n = strlen(package);

	memcpy(hex, p->output, CPK_HEX);
	store_meta_all(c, p->key, "content", &all);
	for (i = 0; i < all.n; i++)
		if (strncmp(all.v[i], package, n) == 0 && all.v[i][n] == ' ')
			snprintf(hex, CPK_HEX, "%s", all.v[i] + n + 1);
	cpk_list_free(&all);
}

int
store_lock(const struct cook *c, const char *key)
{
	char *path = cook_path(c, "store/.%s.lock", key);
	int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0644);

	if (fd < 0 || flock(fd, LOCK_EX) < 0)
		die("%s: %s", path, strerror(errno));
	free(path);
	return fd;
}

enum seen { SEES_NOTHING, SEES_VIEW, SEES_ALL };

/* What a build sees of one package of a dependency. */
static enum seen
seen_of(const struct merge_set *set, const struct port *p, const char *package)
{
	size_t n = strlen(package), i;

	for (i = 0; i < set->nextra; i++)
		if (set->extra[i].p == p && strcmp(set->extra[i].package, package) == 0)
			return SEES_ALL;
	if (p->r->sysroot == SYSROOT_DEV && !set->whole)
		return strncmp(package, p->plain, n - 4) == 0 && strlen(p->plain) == n - 4 &&
			strcmp(package + n - 4, "-dev") == 0 ? SEES_ALL : SEES_NOTHING;
	if (view_hides_package(package))
		return SEES_NOTHING;
	return p->r->sysroot == SYSROOT_LINK && !set->whole && !set->tools ? SEES_VIEW : SEES_ALL;
}

/* A build that an older cook made has no stubs; then all of it is seen. */
static int
merge_package(struct cook *c, const struct port *p, const char *package, enum seen seen,
		const char *to, char *clash)
{
	char *from = cook_path(c, "store/%s/out/%s", p->key, package);
	char *stubs = cook_path(c, "store/%s/stub/%s", p->key, package);
	char *link = store_meta(c, p->key, "link");
	int r;

	if (seen == SEES_VIEW && link)
		r = view_merge(from, stubs, to, clash);
	else
		r = merge_tree(from, to, 1, clash);
	free(link);
	free(stubs);
	free(from);
	return r;
}

static int
merge_port(struct cook *c, const struct merge_set *set, struct port *p, const char *to)
{
	struct list packages = { 0 };
	char clash[PATH_MAX];
	size_t i;
	int r = 0;

	store_meta_all(c, p->key, "package", &packages);
	for (i = 0; r == 0 && i < packages.n; i++) {
		enum seen seen;

		packages.v[i][strcspn(packages.v[i], " ")] = '\0';
		seen = seen_of(set, p, packages.v[i]);
		if (seen == SEES_NOTHING)
			continue;
		r = merge_package(c, p, packages.v[i], seen, to, clash);
		if (r < 0)
			warn_("%s: cannot merge %s: %s", *clash ? clash : to, p->name, strerror(-r));
	}
	cpk_list_free(&packages);
	return r;
}

static void
merged_name(const struct merge_set *set, char hex[CPK_HEX])
{
	uint8_t hash[CPK_HASH];
	struct buf b = { 0 };
	size_t i;

	buf_fmt(&b, "%d %d %d\n", set->tools, set->whole, COOK_FORMAT);
	for (i = 0; i < set->n; i++)
		buf_fmt(&b, "%s %s\n", set->v[i]->name, set->v[i]->key);
	for (i = 0; i < set->nextra; i++)
		buf_fmt(&b, "%s\n", set->extra[i].package);
	cpk_hash(b.s ? b.s : "", b.n, hash);
	cpk_hex(hash, hex);
	free(b.s);
}

char *
store_merged(struct cook *c, const struct merge_set *set)
{
	char hex[CPK_HEX], *path, *tmp, *inner;
	size_t i;
	int lock, r;

	merged_name(set, hex);
	path = cook_path(c, "merged/%s-%.32s", set->tools ? "tools" : "sysroot", hex);
	tmp = fmt("%s.tmp", path);
	lock = store_lock(c, "merged");
	if (!exists(path)) {
		remove_tree(tmp);
		/* The sysroot is mounted inside the tools. */
		inner = fmt("%s/%s/sysroot", tmp, COOK_TARGET);
		r = make_dirs(set->tools ? inner : tmp);
		free(inner);
		for (i = 0; r == 0 && i < set->n; i++)
			r = merge_port(c, set, set->v[i], tmp);
		if (r == 0 && rename(tmp, path) < 0)
			r = -errno;
		if (r < 0) {
			remove_tree(tmp);
			free(path);
			path = NULL;
		}
	}
	close(lock);
	free(tmp);
	return path;
}
