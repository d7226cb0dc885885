/* SPDX-License-Identifier: MIT */
/*
 * From the commits of a work tree to patches/NAME.  What is unchanged keeps its bytes and
 * its name.  All is made aside, applied to fresh sources without fuzz and compared with the
 * tree of HEAD before anything in patches/ is touched.
 */
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "dev.h"
#include "patchfile.h"

/* A patch to be: from a commit after base. */
struct item {
	char *commit, *name;
	char *text;			/* as git format-patch writes it */
	char *old;			/* the bytes it has in patches/, or NULL */
	const char *what;		/* "kept", "changed", "new" */
};

/* A patch that is in patches/ now. */
struct original {
	char *name, *commit, *text, *id;
	struct patch_head h;
	int used;
};

struct export {
	struct dev *d;
	const struct recipe *r;
	char *work;			/* a folder of our own: patches made anew, fresh sources */
	struct item *item;
	size_t nitems;
	struct original *orig;
	size_t norig;
};

/* --- what is there --- */

/* git's own lines "diff --git" where a patch has "--- a/FILE" alone. */
static char *
with_git_lines(const char *text)
{
	const char *line, *end;
	struct buf b = { 0 };
	int after_diff = 0;

	buf_str(&b, "");
	for (line = text; *line; line = end) {
		int n;

		end = line + strcspn(line, "\n");
		n = (int)strcspn(line + (strncmp(line, "--- a/", 6) ? 0 : 6), " \t\n");
		end += *end == '\n';
		if (strncmp(line, "diff ", 5) == 0)
			after_diff = 1;
		else if (strncmp(line, "--- a/", 6) == 0 && !after_diff)
			buf_fmt(&b, "diff --git a/%.*s b/%.*s\n", n, line + 6, n, line + 6);
		if (strncmp(line, "@@ ", 3) == 0)
			after_diff = 0;
		buf_add(&b, line, (size_t)(end - line));
	}
	return b.s;
}

/* What names a patch whatever its line numbers are; "" when git knows none. */
static char *
patch_id(struct export *e, const char *text)
{
	char *file = fmt("%s/id", e->work), *id, *full = with_git_lines(text);
	struct git g = e->d->git;

	g.input = file;
	g.quiet = 1;
	write_file(file, full, strlen(full), 0644);
	free(full);
	id = git_read(&g, "patch-id", "--stable", NULL);
	if (id)
		id[strcspn(id, " ")] = '\0';
	unlink(file);
	free(file);
	return id ? id : xdup("");
}

/* "HASH COMMIT NAME": the file must still be the one that the work tree knows. */
static int
read_original(struct export *e, const char *line)
{
	struct original *o = &e->orig[e->norig];
	const char *commit = strchr(line, ' ') + 1, *name = strchr(commit, ' ') + 1;
	char *path = fmt("%s/%s", e->d->patches, name), hex[CPK_HEX];
	int same = dev_hash(path, hex) == 0 && strncmp(hex, line, CPK_HEX - 1) == 0;

	if (same) {
		o->name = xdup(name);
		o->commit = fmt("%.*s", (int)(name - 1 - commit), commit);
		o->text = read_file(path, NULL);
		patch_head_read(&o->h, o->text, strlen(o->text));
		o->id = patch_id(e, o->text);
		e->norig++;
	} else if (exists(path)) {
		warn_("%s changed since %s was made", path, e->d->shown);
	} else {
		same = 1;		/* removed by hand: nothing to lose */
	}
	free(path);
	return same ? 0 : -1;
}

static int
is_original(const struct export *e, const char *name)
{
	size_t i;

	for (i = 0; i < e->norig; i++)
		if (strcmp(e->orig[i].name, name) == 0)
			return 1;
	return 0;
}

static int
read_originals(struct export *e)
{
	struct list names = { 0 };
	size_t i;
	int bad = 0;

	e->orig = xalloc((e->d->known.n + 1) * sizeof(*e->orig));
	for (i = 0; i < e->d->known.n; i++)
		bad |= read_original(e, e->d->known.v[i]) < 0;
	patch_list(e->d->c, e->r, &names);
	for (i = 0; i < names.n && !bad; i++) {
		if (is_original(e, names.v[i]))
			continue;
		warn_("%s/%s is not in %s", e->d->patches, names.v[i], e->d->shown);
		bad = 1;
	}
	cpk_list_free(&names);
	if (bad)
		warn_("nothing is written; move %s away, run 'cook dev %s' and take over your commits "
			"from there", e->d->shown, e->r->name);
	return bad ? -1 : 0;
}

/* --- commits --- */

static int
check_history(struct export *e)
{
	char *merges = git_read(&e->d->git, "rev-list", "--merges", "base..HEAD", NULL);
	int bad = 1;

	if (git_run(&e->d->git, "merge-base", "--is-ancestor", "base", "HEAD", NULL) != 0)
		warn_("%s: HEAD does not come after the tag 'base'", e->d->shown);
	else if (!merges || *merges)
		warn_("%s: there are merges after the tag 'base'; patches are a line: use rebase",
			e->d->shown);
	else
		bad = 0;
	free(merges);
	return bad ? -1 : 0;
}

static char *
format_commit(struct export *e, const char *commit)
{
	return git_read(&e->d->git, "format-patch", "-1", "--stdout", "-N", "--zero-commit",
			"--no-signature", "--no-renames", "--abbrev=12", "--binary",
			"--no-encode-email-headers", "--no-ext-diff", "--no-textconv",
			"--src-prefix=a/", "--dst-prefix=b/", "--stat=72", commit, NULL);
}

/* The same patch, though its lines may lie elsewhere now. */
static int
is_same(struct export *e, const struct original *o, const struct item *it)
{
	struct patch_head h;
	char *id;
	int same;

	if (strcmp(o->commit, it->commit) == 0)
		return 1;
	patch_head_read(&h, it->text, strlen(it->text));
	id = patch_id(e, it->text);
	same = *id && strcmp(id, o->id) == 0 && strcmp(h.message, o->h.message) == 0 &&
		(!o->h.from || strcmp(h.from, o->h.from) == 0);
	free(id);
	patch_head_free(&h);
	return same;
}

static struct original *
find_original(struct export *e, const struct item *it)
{
	struct patch_head h;
	size_t i;

	for (i = 0; i < e->norig; i++)
		if (!e->orig[i].used && is_same(e, &e->orig[i], it))
			return &e->orig[i];
	patch_head_read(&h, it->text, strlen(it->text));
	for (i = 0; i < e->norig; i++)
		if (!e->orig[i].used && e->orig[i].h.subject && h.subject &&
		    strcmp(e->orig[i].h.subject, h.subject) == 0)
			break;
	patch_head_free(&h);
	return i < e->norig ? &e->orig[i] : NULL;
}

static char *
slug(struct export *e, const char *commit)
{
	char *s = git_read(&e->d->git, "log", "-1", "--format=%f", commit, NULL);

	if (!s || !*s) {
		free(s);
		return xdup("patch");
	}
	if (strlen(s) > 52)
		s[52] = '\0';
	return s;
}

/* Names sort in the order of the commits; the old one stays when it can. */
static char *
choose_name(struct export *e, const struct item *it, const char *old, const char *before)
{
	const char *rest;
	char *own, *name;

	if (old && strcmp(old, before) > 0)
		return xdup(old);
	rest = old ? old + strspn(old, "0123456789") : NULL;
	own = rest ? xdup(rest + (*rest == '-')) : slug(e, it->commit);
	name = fmt("%04ld-%s%s", strtol(before, NULL, 10) + 1, own, rest ? "" : ".patch");
	free(own);
	return name;
}

static int
read_commit(struct export *e, const char *commit)
{
	struct item *it = &e->item[e->nitems];
	struct original *o;

	it->commit = xdup(commit);
	it->text = format_commit(e, commit);
	if (!it->text) {
		warn_("%s: git format-patch failed for %s", e->d->shown, commit);
		return -1;
	}
	it->text = xgrow(it->text, strlen(it->text) + 2);
	strcat(it->text, "\n");
	o = find_original(e, it);
	it->what = !o ? "new" : is_same(e, o, it) ? "kept" : "changed";
	if (o) {
		o->used = 1;
		it->old = strcmp(it->what, "kept") == 0 ? xdup(o->text) : NULL;
	}
	it->name = choose_name(e, it, o ? o->name : NULL,
			e->nitems ? e->item[e->nitems - 1].name : "");
	e->nitems++;
	return 0;
}

static int
read_commits(struct export *e)
{
	struct list commits = { 0 };
	size_t i;
	int bad = 0;

	git_lines(git_read(&e->d->git, "rev-list", "--reverse", "base..HEAD", NULL), &commits);
	e->item = xalloc((commits.n + 1) * sizeof(*e->item));
	for (i = 0; !bad && i < commits.n; i++)
		bad = read_commit(e, commits.v[i]) < 0;
	cpk_list_free(&commits);
	return bad ? -1 : 0;
}

/* --- checking --- */

static const char *
text_of(const struct item *it)
{
	return it->old ? it->old : it->text;
}

static int
apply_item(struct export *e, const struct item *it, const char *src)
{
	char *file = fmt("%s/%s", e->work, it->name);
	int bad = write_file(file, text_of(it), strlen(text_of(it)), 0644) < 0 ||
		patch_apply(file, src) != 0;

	if (bad)
		warn_("%s, made from %.12s, does not apply to fresh sources", it->name, it->commit);
	free(file);
	return bad ? -1 : 0;
}

/* 1 when the sources with all patches are what HEAD is; 0 when not; -1 and a message. */
static int
gives_head(struct export *e)
{
	char *src = fmt("%s/src", e->work), *index = fmt("%s/index", e->work);
	char *repo = fmt("%s/.git", e->d->dir), *want, *got = NULL;
	struct git g = { .dir = src, .repo = repo, .index = index };
	size_t i;
	int r;

	unlink(index);
	remove_tree(src);
	make_dirs(src);
	r = layout_sources(e->d->c, e->r, src) < 0 ? -1 : 1;
	for (i = 0; r == 1 && i < e->nitems; i++)
		r = apply_item(e, &e->item[i], src) < 0 ? 0 : 1;
	want = git_read(&e->d->git, "rev-parse", "HEAD^{tree}", NULL);
	if (r == 1 && git_run(&g, "add", "-A", "-f", ".", NULL) == 0)
		got = git_read(&g, "write-tree", NULL);
	if (r == 1 && (!want || !got || strcmp(want, got) != 0)) {
		char *name = want && got ? git_read(&g, "diff-tree", "-r", "--name-only", want, got,
				NULL) : NULL;

		warn_("the patches do not give what is committed: %s differs",
			name ? (name[strcspn(name, "\n")] = '\0', name) : "the tree");
		free(name);
		r = 0;
	}
	free(src);
	free(index);
	free(repo);
	free(want);
	free(got);
	return r;
}

/* Old bytes were kept where only lines moved; when that goes wrong all are written anew. */
static int
verify(struct export *e)
{
	int r = gives_head(e), kept = 0;
	size_t i;

	for (i = 0; r == 0 && i < e->nitems; i++) {
		if (!e->item[i].old)
			continue;
		free(e->item[i].old);
		e->item[i].old = NULL;
		e->item[i].what = "changed";
		kept = 1;
	}
	if (r == 0 && kept)
		r = gives_head(e);
	if (r != 1)
		warn_("nothing is written");
	return r == 1 ? 0 : -1;
}

/* --- writing --- */

static int
is_item(const struct export *e, const char *name)
{
	size_t i;

	for (i = 0; i < e->nitems; i++)
		if (strcmp(e->item[i].name, name) == 0)
			return 1;
	return 0;
}

static void
say(const struct export *e, const struct item *it)
{
	struct patch_head h;
	const char *why;

	printf("%s %s\n", it->what, it->name);
	patch_head_read(&h, text_of(it), strlen(text_of(it)));
	why = !h.status ? "says no Upstream-Status: amend the message of its commit" :
		patch_status_refused(h.status);
	if (why)
		warn_("%s/%s: %s", strrchr(e->d->patches, '/') + 1, it->name, why);
	patch_head_free(&h);
}

/* What is new goes first: at any moment at least one form of each patch is there. */
static int
write_all(struct export *e)
{
	size_t i;
	int bad = e->nitems ? make_dirs(e->d->patches) : 0;

	if (bad)
		warn_("%s: %s", e->d->patches, strerror(-bad));
	for (i = 0; !bad && i < e->nitems; i++) {
		struct item *it = &e->item[i];
		char *path = fmt("%s/%s", e->d->patches, it->name);

		bad = write_file(path, text_of(it), strlen(text_of(it)), 0644);
		if (bad)
			warn_("%s: %s", path, strerror(-bad));
		else
			say(e, it);
		free(path);
	}
	for (i = 0; !bad && i < e->norig; i++) {
		char *path = fmt("%s/%s", e->d->patches, e->orig[i].name);

		if (!is_item(e, e->orig[i].name) && unlink(path) == 0)
			printf("%s %s\n", e->orig[i].used ? "renamed" : "dropped", e->orig[i].name);
		free(path);
	}
	if (!bad && !e->nitems)
		rmdir(e->d->patches);
	return bad ? -1 : 0;
}

static void
end(struct export *e)
{
	size_t i;

	for (i = 0; i < e->nitems; i++) {
		free(e->item[i].commit);
		free(e->item[i].name);
		free(e->item[i].text);
		free(e->item[i].old);
	}
	for (i = 0; i < e->norig; i++) {
		free(e->orig[i].name);
		free(e->orig[i].commit);
		free(e->orig[i].text);
		free(e->orig[i].id);
		patch_head_free(&e->orig[i].h);
	}
	remove_tree(e->work);
	free(e->item);
	free(e->orig);
	free(e->work);
}

int
dev_export(struct dev *d, const struct recipe *r)
{
	struct export e = { .d = d, .r = r };
	char *uncommitted = dev_uncommitted(d);
	int bad;

	if (uncommitted) {
		warn_("%s: commit (or stash) this first; nothing is written:\n%s", d->shown, uncommitted);
		free(uncommitted);
		return -1;
	}
	e.work = fmt("%s/dev/.%s-export-%d", d->c->root, r->name, (int)getpid());
	make_dirs(e.work);
	bad = check_history(&e) < 0 || read_originals(&e) < 0 || read_commits(&e) < 0 ||
		verify(&e) < 0 || write_all(&e) < 0;
	/* The last export stays reachable, whatever was dropped since. */
	if (!bad)
		bad = git_run(&d->git, "tag", "-f", "exported-before", "exported", NULL) != 0 ||
			git_run(&d->git, "tag", "-f", "exported", "HEAD", NULL) != 0 ||
			dev_remember(d, r) < 0;
	end(&e);
	return bad ? -1 : 0;
}
