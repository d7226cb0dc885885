/* SPDX-License-Identifier: MIT */
/* Work trees of ports: making them and knowing what is in them. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "dev.h"
#include "patchfile.h"

/* --- .git/cook --- */

static void
read_memory(struct dev *d)
{
	char *path = fmt("%s/.git/cook", d->dir), *text = read_file(path, NULL);
	struct list lines = { 0 };
	size_t i;

	git_lines(text, &lines);
	for (i = 0; i < lines.n; i++) {
		if (strncmp(lines.v[i], "source ", 7) == 0)
			list_add(&d->sources, lines.v[i] + 7);
		else if (strncmp(lines.v[i], "patch ", 6) == 0)
			list_add(&d->known, lines.v[i] + 6);
	}
	cpk_list_free(&lines);
	free(path);
}

int
dev_hash(const char *path, char hex[CPK_HEX])
{
	int fd = open(path, O_RDONLY | O_CLOEXEC), r;
	uint8_t hash[CPK_HASH];

	if (fd < 0)
		return -errno;
	r = cpk_hash_fd(fd, hash, NULL);
	close(fd);
	if (r == 0)
		cpk_hex(hash, hex);
	return r;
}

static void
list_sources(const struct recipe *r, struct list *out)
{
	size_t i;

	for (i = 0; i < r->source.n; i++) {
		char *spec = source_expand(r, i);

		list_take(out, fmt("%s %s", spec, *r->sha256.v[i] ? r->sha256.v[i] : "-"));
		free(spec);
	}
}

/* The patches as they are now, in order, each with its commit when there is one for each. */
static void
list_patches(const struct dev *d, const struct recipe *r, struct list *out)
{
	struct list names = { 0 }, commits = { 0 };
	char hex[CPK_HEX];
	size_t i;

	patch_list(d->c, r, &names);
	git_lines(git_read(&d->git, "rev-list", "--reverse", "base..exported", NULL), &commits);
	for (i = 0; i < names.n; i++) {
		char *path = fmt("%s/%s", d->patches, names.v[i]);

		if (dev_hash(path, hex) == 0)
			list_take(out, fmt("%s %s %s", hex, commits.n == names.n ? commits.v[i] : "-",
					names.v[i]));
		free(path);
	}
	cpk_list_free(&commits);
	cpk_list_free(&names);
}

int
dev_remember(struct dev *d, const struct recipe *r)
{
	char *path = fmt("%s/.git/cook", d->dir);
	struct buf b = { 0 };
	size_t i;
	int bad;

	cpk_list_free(&d->sources);
	cpk_list_free(&d->known);
	list_sources(r, &d->sources);
	list_patches(d, r, &d->known);
	for (i = 0; i < d->sources.n; i++)
		buf_fmt(&b, "source %s\n", d->sources.v[i]);
	for (i = 0; i < d->known.n; i++)
		buf_fmt(&b, "patch %s\n", d->known.v[i]);
	bad = write_file(path, b.s ? b.s : "", b.n, 0644);
	if (bad < 0)
		warn_("%s: %s", path, strerror(-bad));
	free(b.s);
	free(path);
	return bad;
}

static int
same_list(const struct list *a, const struct list *b)
{
	size_t i;

	for (i = 0; i < a->n && i < b->n && strcmp(a->v[i], b->v[i]) == 0; i++)
		;
	return i == a->n && i == b->n;
}

int
dev_is_stale(struct dev *d)
{
	struct list sources = { 0 }, patches = { 0 };
	int stale;

	list_sources(d->r, &sources);
	list_patches(d, d->r, &patches);
	stale = !same_list(&sources, &d->sources) || !same_list(&patches, &d->known);
	cpk_list_free(&sources);
	cpk_list_free(&patches);
	return stale;
}

/* --- opening --- */

int
dev_open(struct dev *d, const struct cook *c, const struct port *p)
{
	char *git;
	int there;

	memset(d, 0, sizeof(*d));
	d->c = c;
	d->r = p->r;
	d->shown = fmt("dev/%s", p->name);
	d->dir = fmt("%s/%s", c->root, d->shown);
	d->patches = patch_dir(c, p->r);
	d->git = (struct git){ .dir = d->dir };
	git = fmt("%s/.git", d->dir);
	there = exists(git);
	if (there)
		read_memory(d);
	else if (exists(d->dir))
		die("%s is there but no git repository: move it away", d->shown);
	free(git);
	return there;
}

void
dev_close(struct dev *d)
{
	free(d->dir);
	free(d->shown);
	free(d->patches);
	cpk_list_free(&d->sources);
	cpk_list_free(&d->known);
}

/* --- what is not saved --- */

static void
add_lines(struct buf *b, const char *what, char *text)
{
	struct list lines = { 0 };
	size_t i;

	git_lines(text, &lines);
	for (i = 0; i < lines.n; i++)
		buf_fmt(b, "%s: %s\n", what, lines.v[i]);
	cpk_list_free(&lines);
}

static void
add_unfinished(const struct dev *d, struct buf *b)
{
	static const char *const marks[][2] = {
		{ "rebase-merge", "a rebase" }, { "rebase-apply", "a rebase or git am" },
		{ "CHERRY_PICK_HEAD", "a cherry-pick" }, { "MERGE_HEAD", "a merge" },
		{ "BISECT_LOG", "a bisection" },
	};
	size_t i;

	for (i = 0; i < sizeof(marks) / sizeof(marks[0]); i++) {
		char *path = fmt("%s/.git/%s", d->dir, marks[i][0]);

		if (exists(path))
			buf_fmt(b, "not finished: %s\n", marks[i][1]);
		free(path);
	}
}

static void
add_uncommitted(const struct dev *d, struct buf *b, const char *which)
{
	char *status = git_read(&d->git, "status", "--porcelain", which, NULL);

	if (!status)
		buf_fmt(b, "git cannot read %s\n", d->shown);
	add_unfinished(d, b);
	add_lines(b, "not committed", status);
}

char *
dev_uncommitted(const struct dev *d)
{
	struct buf b = { 0 };

	add_uncommitted(d, &b, "--ignored=no");
	return b.s;
}

char *
dev_unsaved(const struct dev *d)
{
	struct buf b = { 0 };

	add_uncommitted(d, &b, "--ignored=traditional");
	add_lines(&b, "not exported", git_read(&d->git, "log", "--format=%h %s", "--branches", "HEAD",
			"--not", "exported", NULL));
	add_lines(&b, "stashed", git_read(&d->git, "stash", "list", NULL));
	return b.s;
}

/* --- making --- */

static int
commit_all(struct dev *d, const char *message, const char *author, const char *date)
{
	char *file = fmt("%s/.git/cook-message", d->dir);
	struct git g = d->git;
	int bad;

	g.author = author;
	g.date = date;
	bad = write_file(file, message, strlen(message), 0644) < 0 ||
		git_run(&g, "add", "-A", "-f", ".", NULL) != 0 ||
		git_run(&g, "commit", "-q", "--no-verify", "--allow-empty", "--allow-empty-message",
			"--cleanup=whitespace", "-F", file, NULL) != 0;
	unlink(file);
	free(file);
	if (bad)
		warn_("%s: git cannot commit", d->shown);
	return bad ? -1 : 0;
}

/* Bytes stay as upstream has them: no filters, no line ends of the host's. */
static int
init(struct dev *d)
{
	static const char attributes[] = "* -text !eol !filter !ident !working-tree-encoding\n";
	char *info = fmt("%s/.git/info", d->dir), *path = fmt("%s/attributes", info);
	int bad = make_dirs(d->dir) < 0 || git_run(&d->git, "init", "-q", "-b", "calx", NULL) != 0 ||
		git_run(&d->git, "config", "core.autocrlf", "false", NULL) != 0 ||
		git_run(&d->git, "config", "gc.auto", "0", NULL) != 0 ||
		make_dirs(info) < 0 ||
		write_file(path, attributes, sizeof(attributes) - 1, 0644) < 0;

	free(info);
	free(path);
	return bad ? -1 : 0;
}

/* Only called when git has all of it committed. */
static int
remove_files(const char *dir)
{
	struct list names = { 0 };
	size_t i;
	int bad = list_dir(dir, &names);

	for (i = 0; bad == 0 && i < names.n; i++) {
		char *path = fmt("%s/%s", dir, names.v[i]);

		if (strcmp(names.v[i], ".git") != 0)
			bad = remove_tree(path);
		free(path);
	}
	cpk_list_free(&names);
	return bad;
}

int
dev_commit_sources(struct dev *d, const struct recipe *r)
{
	char *message = fmt("%s %s", r->name, r->version);
	int bad = remove_files(d->dir) < 0 || layout_sources(d->c, r, d->dir) < 0 ||
		commit_all(d, message, NULL, NULL) < 0 ||
		git_run(&d->git, "tag", "-f", "base", NULL) != 0;

	free(message);
	return bad ? -1 : 0;
}

static int
commit_patch(struct dev *d, const char *name)
{
	char *path = fmt("%s/%s", d->patches, name), *text;
	struct patch_head h;
	size_t len;
	int bad;

	text = read_file(path, &len);
	bad = !text || patch_apply(path, d->dir) != 0;
	if (bad) {
		warn_("%s does not apply to %s %s (no fuzz is allowed)", path, d->r->name, d->r->version);
	} else {
		patch_head_read(&h, text, len);
		bad = commit_all(d, *h.message ? h.message : name, h.from, h.date) < 0;
		patch_head_free(&h);
	}
	free(text);
	free(path);
	return bad ? -1 : 0;
}

static int
fill(struct dev *d)
{
	struct list names = { 0 };
	size_t i;
	int bad = init(d) < 0 || dev_commit_sources(d, d->r) < 0;

	patch_list(d->c, d->r, &names);
	for (i = 0; !bad && i < names.n; i++)
		bad = commit_patch(d, names.v[i]) < 0;
	if (!bad)
		bad = git_run(&d->git, "tag", "-f", "exported", NULL) != 0 ||
			dev_remember(d, d->r) < 0;
	cpk_list_free(&names);
	return bad ? -1 : 0;
}

/* Made aside, so that what stands at dev/NAME is always whole. */
int
dev_make(struct dev *d)
{
	char *to = d->dir;
	int bad;

	d->dir = fmt("%s/dev/.%s-%d", d->c->root, d->r->name, (int)getpid());
	d->git.dir = d->dir;
	bad = fill(d) < 0;
	if (!bad && rename(d->dir, to) < 0) {
		warn_("%s: %s", to, strerror(errno));
		bad = 1;
	}
	if (bad)
		remove_tree(d->dir);
	free(d->dir);
	d->dir = to;
	d->git.dir = to;
	return bad ? -1 : 0;
}
