/* SPDX-License-Identifier: MIT */
/* The model of a disk (crash.h): a sorted list of paths. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "crash.h"

static size_t
lower(const struct model *m, const char *path)
{
	size_t lo = 0, hi = m->n;

	while (lo < hi) {
		size_t mid = (lo + hi) / 2;

		if (strcmp(m->v[mid].path, path) < 0)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo;
}

static struct name *
find(const struct model *m, const char *path)
{
	size_t i = lower(m, path);

	return i < m->n && strcmp(m->v[i].path, path) == 0 ? &m->v[i] : NULL;
}

static void
drop_node(struct node *n)
{
	if (--n->refs)
		return;
	free(n->data);
	free(n);
}

static void
remove_name(struct model *m, struct name *n)
{
	size_t i = (size_t)(n - m->v);

	drop_node(n->node);
	free(n->path);
	memmove(n, n + 1, (m->n - i - 1) * sizeof(*n));
	m->n--;
}

static void
add_name(struct model *m, const char *path, struct node *node)
{
	size_t i = lower(m, path);

	m->v = realloc(m->v, (m->n + 1) * sizeof(*m->v));
	if (!m->v)
		abort();
	memmove(&m->v[i + 1], &m->v[i], (m->n - i) * sizeof(*m->v));
	m->v[i].path = strdup(path);
	m->v[i].node = node;
	node->refs++;
	m->n++;
}

static struct node *
new_node(char type, unsigned mode, unsigned id, const char *data, size_t n)
{
	struct node *node = calloc(1, sizeof(*node));

	if (!node || !(node->data = malloc(n + 1)))
		abort();
	node->type = type;
	node->mode = mode;
	node->id = id;
	memcpy(node->data, data, n);
	node->data[n] = '\0';
	node->n = n;
	return node;
}

static int
by_path(const void *a, const void *b)
{
	return strcmp(((const struct name *)a)->path, ((const struct name *)b)->path);
}

bool
model_is_folder(const struct model *m, const char *path)
{
	struct name *n = find(m, path);

	return n && n->node->type == 'd';
}

/* The parent is a folder. */
static bool
has_parent(const struct model *m, const char *path)
{
	const char *slash = strrchr(path, '/');
	char dir[4096];
	struct name *p;

	if (!slash)
		return true;
	snprintf(dir, sizeof(dir), "%.*s", (int)(slash - path), path);
	p = find(m, dir);
	return p && p->node->type == 'd';
}

static bool
has_children(const struct model *m, const char *path)
{
	size_t i, n = strlen(path);

	for (i = lower(m, path); i < m->n && strncmp(m->v[i].path, path, n) == 0; i++)
		if (m->v[i].path[n] == '/')
			return true;
	return false;
}

static struct node *
by_id(const struct model *m, unsigned id)
{
	size_t i;

	for (i = 0; id && i < m->n; i++)
		if (m->v[i].node->id == id)
			return m->v[i].node;
	return NULL;
}

/* A folder takes all that is below it along; it replaces nothing but an empty one. */
static void
rename_folder(struct model *m, const char *from, const char *to)
{
	struct name *there = find(m, to);
	size_t n = strlen(from), i;

	if ((there && (there->node->type != 'd' || has_children(m, to))) ||
	    (strncmp(to, from, n) == 0 && to[n] == '/'))
		return;
	if (there)
		remove_name(m, there);
	for (i = lower(m, from); i < m->n; i++) {
		struct name *name = &m->v[i];
		char path[8192];

		if (strncmp(name->path, from, n) || (name->path[n] && name->path[n] != '/'))
			continue;
		snprintf(path, sizeof(path), "%s%s", to, name->path + n);
		free(name->path);
		name->path = strdup(path);
	}
	qsort(m->v, m->n, sizeof(*m->v), by_path);
}

static void
apply_rename(struct model *m, const struct op *o)
{
	struct name *from = find(m, o->a), *to = find(m, o->b);
	struct node *node;

	if (!from || !has_parent(m, o->b))
		return;
	if (from->node->type == 'd') {
		rename_folder(m, o->a, o->b);
		return;
	}
	if (to && (to->node->type == 'd' || to->node == from->node))
		return;		/* two names of one file: both stay */
	node = from->node;
	node->refs++;
	if (to)
		remove_name(m, to);
	remove_name(m, find(m, o->a));
	add_name(m, o->b, node);
	node->refs--;
}

static void
apply_write(struct node *n, const struct op *o)
{
	if (!n)
		return;
	n->data = realloc(n->data, n->n + o->n + 1);
	if (!n->data)
		abort();
	memcpy(n->data + n->n, o->data, o->n);
	n->n += o->n;
	n->data[n->n] = '\0';
}

void
model_apply(struct model *m, const struct op *o)
{
	struct name *a = *o->a ? find(m, o->a) : NULL;
	struct node *n = by_id(m, o->id);

	switch (o->kind) {
	case OP_CREATE:
		if (!a && has_parent(m, o->a))
			add_name(m, o->a, new_node('f', o->mode, o->id, "", 0));
		break;
	case OP_TRUNC:
		if (a && a->node->type == 'f')
			a->node->n = 0;
		break;
	case OP_WRITE:	apply_write(n, o); break;
	case OP_MKDIR:
		if (!a && has_parent(m, o->a))
			add_name(m, o->a, new_node('d', o->mode, 0, "", 0));
		break;
	case OP_RENAME:	apply_rename(m, o); break;
	case OP_UNLINK:
		if (a && a->node->type != 'd')
			remove_name(m, a);
		break;
	case OP_RMDIR:
		if (a && a->node->type == 'd' && !has_children(m, o->a))
			remove_name(m, a);
		break;
	case OP_LINK:
		if (a && a->node->type == 'f' && !find(m, o->b) && has_parent(m, o->b))
			add_name(m, o->b, a->node);
		break;
	case OP_SYMLINK:
		if (!a && has_parent(m, o->a))
			add_name(m, o->a, new_node('l', 0777, 0, o->b, strlen(o->b)));
		break;
	case OP_CHMOD:
		if (a)
			a->node->mode = o->mode;
		break;
	case OP_FCHMOD:
		if (n)
			n->mode = o->mode;
		break;
	case OP_FSYNC:
	case OP_SYNC:
		break;
	}
}

void
model_lose(struct model *m, unsigned id)
{
	struct node *n = by_id(m, id);

	if (n)
		n->n = 0;
}

static void
load_dir(struct model *m, const char *root, const char *dir)
{
	char path[8192], full[16384];
	DIR *d;
	struct dirent *e;

	snprintf(full, sizeof(full), "%s/%s", root, dir);
	d = opendir(full);
	while (d && (e = readdir(d))) {
		struct stat st;
		char *data = NULL;
		size_t n = 0, i;

		if (strcmp(e->d_name, ".") == 0 || strcmp(e->d_name, "..") == 0)
			continue;
		snprintf(path, sizeof(path), "%s%s%s", dir, *dir ? "/" : "", e->d_name);
		snprintf(full, sizeof(full), "%s/%s", root, path);
		if (lstat(full, &st))
			abort();
		for (i = 0; S_ISREG(st.st_mode) && st.st_nlink > 1 && i < m->n; i++)
			if (m->v[i].node->id == (unsigned)st.st_ino)
				break;
		if (S_ISREG(st.st_mode) && st.st_nlink > 1 && i < m->n) {
			add_name(m, path, m->v[i].node);
			continue;
		}
		data = calloc(1, (size_t)st.st_size + 4097);
		if (S_ISLNK(st.st_mode))
			n = (size_t)readlink(full, data, 4096);
		if (S_ISREG(st.st_mode)) {
			FILE *f = fopen(full, "r");

			n = fread(data, 1, (size_t)st.st_size, f);
			fclose(f);
		}
		add_name(m, path, new_node(S_ISDIR(st.st_mode) ? 'd' : S_ISLNK(st.st_mode) ? 'l' : 'f',
				st.st_mode & 07777, (unsigned)st.st_ino, data, n));
		free(data);
		if (S_ISDIR(st.st_mode))
			load_dir(m, root, path);
	}
	if (d)
		closedir(d);
}

void
model_load(struct model *m, const char *root)
{
	memset(m, 0, sizeof(*m));
	load_dir(m, root, "");
}

void
model_copy(struct model *to, const struct model *from)
{
	size_t i, j;

	memset(to, 0, sizeof(*to));
	for (i = 0; i < from->n; i++) {
		const struct node *n = from->v[i].node;

		for (j = 0; n->refs > 1 && j < i; j++)
			if (from->v[j].node == n)
				break;
		if (n->refs > 1 && j < i)
			add_name(to, from->v[i].path, find(to, from->v[j].path)->node);
		else
			add_name(to, from->v[i].path, new_node(n->type, n->mode, n->id, n->data, n->n));
	}
}

void
model_free(struct model *m)
{
	while (m->n)
		remove_name(m, &m->v[m->n - 1]);
	free(m->v);
	memset(m, 0, sizeof(*m));
}

static void
clear(int dirfd)
{
	DIR *d = fdopendir(dup(dirfd));
	struct dirent *e;

	rewinddir(d);
	while ((e = readdir(d))) {
		int fd;

		if (strcmp(e->d_name, ".") == 0 || strcmp(e->d_name, "..") == 0)
			continue;
		if (unlinkat(dirfd, e->d_name, 0) == 0)
			continue;
		fd = openat(dirfd, e->d_name, O_RDONLY | O_DIRECTORY);
		clear(fd);
		close(fd);
		unlinkat(dirfd, e->d_name, AT_REMOVEDIR);
	}
	closedir(d);
}

void
model_write(const struct model *m, const char *root)
{
	int top = open(root, O_RDONLY | O_DIRECTORY), fd;
	size_t i, j;

	clear(top);
	for (i = 0; i < m->n; i++) {
		const struct node *n = m->v[i].node;
		const char *path = m->v[i].path;

		for (j = 0; n->refs > 1 && j < i && m->v[j].node != n; j++)
			;
		if (n->type == 'd') {
			mkdirat(top, path, 0700);
		} else if (n->type == 'l') {
			symlinkat(n->data, top, path);
		} else if (n->refs > 1 && j < i) {
			linkat(top, m->v[j].path, top, path, 0);
		} else {
			fd = openat(top, path, O_WRONLY | O_CREAT | O_EXCL, 0600);
			if (fd < 0 || write(fd, n->data, n->n) != (ssize_t)n->n || fchmod(fd, n->mode))
				abort();
			close(fd);
		}
	}
	for (i = m->n; i-- > 0;)
		if (m->v[i].node->type == 'd')
			fchmodat(top, m->v[i].path, m->v[i].node->mode, 0);
	close(top);
}

static bool
judged(const char *path, char type)
{
	static const char *const not[] = { "var/lib/pkg/lock", "var/cache", "var/lib/pkg/store",
		"var/lib/pkg/repos" };
	size_t i;

	for (i = 0; i < sizeof(not) / sizeof(*not); i++)
		if (strncmp(path, not[i], strlen(not[i])) == 0)
			return false;
	return type != 'd' || strncmp(path, "var", 3);
}

static uint64_t
mix(uint64_t h, const void *data, size_t n)
{
	const unsigned char *p = data;

	while (n--)
		h = (h ^ *p++) * 1099511628211u;
	return h;
}

uint64_t
model_hash(const struct model *m)
{
	uint64_t h = 14695981039346656037u;
	size_t i;

	for (i = 0; i < m->n; i++) {
		const struct node *n = m->v[i].node;

		if (!judged(m->v[i].path, n->type))
			continue;
		h = mix(h, m->v[i].path, strlen(m->v[i].path) + 1);
		h = mix(h, &n->type, 1);
		if (n->type != 'l')
			h = mix(h, &n->mode, sizeof(n->mode));
		h = mix(h, n->data, n->n);
		h = mix(h, "", 1);
	}
	return h;
}
