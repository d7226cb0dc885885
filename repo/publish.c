/* SPDX-License-Identifier: MIT */
/*
 * Publishing: what is staged and signed by enough goes to metadata/, then a snapshot that names it,
 * then the timestamp, which makes all of it current. What lacks signatures stays staged.
 */
#include <dirent.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/local.h"
#include "repo.h"

#define PATH 4096

/* Parses a document again after signatures were added. */
static int
reparse(json_t *doc, const char *type, struct tuf_md **md, struct cpk_error *err)
{
	char *text = json_dumps(doc, JSON_COMPACT);
	int r = text ? tuf_md_parse(md, text, strlen(text), type, type, err) : -TUF_FAIL;

	free(text);
	return r;
}

static json_int_t
threshold(const json_t *role)
{
	return json_integer_value(json_object_get(role, "threshold"));
}

static int
lacks(const char *file, const struct tuf_md *md, const json_t *keys, const json_t *role, const char *whose)
{
	int n = tuf_md_signers(md, keys, role);

	if (n >= threshold(role))
		return 0;
	complain("staging/%s: signed by %d of %s; %lld must: 'repo sign -k KEY %s' where they are",
			file, n, whose, (long long)threshold(role), file);
	return NEEDS_MORE;
}

static int
move(const struct meta *m, const char *name, const struct tuf_md *md, const char *quoted,
		struct cpk_error *err)
{
	char path[PATH];
	int r;

	snprintf(path, sizeof(path), "%" PRId64 ".%s.json", md->version, quoted);
	r = meta_write(m, "metadata", path, md->doc, NULL, err);
	snprintf(path, sizeof(path), "%s/staging/%s", m->dir, name);
	if (!r)
		unlink(path);
	return r;
}

/* A staged root: by the keys of the root before it, if any, and by its own. */
static int
publish_root(struct meta *m, struct cpk_error *err)
{
	struct tuf_md *md = NULL, *signed_md = NULL;
	int r = meta_read(m, "staging", "root.json", "root", &md, err);

	if (r)
		return r == -ENOENT ? 0 : r;
	keyring_sign(m->ring, md->doc, tuf_root_role(md, "root"));
	if (m->root)
		keyring_sign(m->ring, md->doc, tuf_root_role(m->root, "root"));
	r = reparse(md->doc, "root", &signed_md, err);
	tuf_md_free(md);
	if (r)
		return r;
	r = meta_write(m, "staging", "root.json", signed_md->doc, NULL, err);
	if (!r && m->root)
		r = lacks("root.json", signed_md, tuf_root_keys(m->root),
				tuf_root_role(m->root, "root"), "the old root's keys");
	if (!r)
		r = lacks("root.json", signed_md, tuf_root_keys(signed_md),
				tuf_root_role(signed_md, "root"), "its keys");
	if (!r)
		r = move(m, "root.json", signed_md, "root", err);
	if (r) {
		tuf_md_free(signed_md);
		return r;
	}
	tuf_md_free(m->root);
	m->root = signed_md;
	return 0;
}

static void
unquote(const char *file, char role[TUF_MAX_NAME + 1])
{
	size_t i = 0, n = strlen(file) - 5;	/* ".json" */
	unsigned c;

	while (n && i < TUF_MAX_NAME) {
		if (*file == '%' && n > 2 && sscanf(file + 1, "%2x", &c) == 1) {
			role[i++] = (char)c;
			file += 3;
			n -= 3;
		} else {
			role[i++] = *file++;
			n--;
		}
	}
	role[i] = '\0';
}

/* One staged role of targets; *files gains what the snapshot is to say of it. */
static int
publish_role(struct meta *m, const char *file, json_t *files, struct cpk_error *err)
{
	struct tuf_md *md = NULL, *signed_md = NULL;
	char role[TUF_MAX_NAME + 1], name[TUF_MAX_NAME + 8], quoted[TUF_MAX_NAME + 1];
	json_t *keys = NULL, *by = NULL;
	char *text;
	int r = meta_read(m, "staging", file, "targets", &md, err);

	if (r)
		return r;
	unquote(file, role);
	if (meta_trust(m, role, &keys, &by)) {
		tuf_md_free(md);
		return cpk_fail(err, -ENOENT, "staging/%s: nobody delegates to %s", file, role);
	}
	keyring_sign(m->ring, md->doc, by);
	r = reparse(md->doc, "targets", &signed_md, err);
	tuf_md_free(md);
	if (!r)
		r = meta_write(m, "staging", file, signed_md->doc, NULL, err);
	if (!r)
		r = lacks(file, signed_md, keys, by, "its keys");
	if (!r && tuf_quote(role, quoted))
		r = -EINVAL;
	if (!r)
		r = move(m, file, signed_md, quoted, err);
	if (!r) {
		text = json_dumps(signed_md->doc, JSON_COMPACT | JSON_SORT_KEYS);
		snprintf(name, sizeof(name), "%s.json", role);
		json_object_set_new(files, name, json_pack("{s:I, s:I}", "version",
				(json_int_t)signed_md->version, "length", (json_int_t)strlen(text)));
		free(text);
	}
	json_decref(keys);
	json_decref(by);
	tuf_md_free(signed_md);
	return r;
}

/* Delegated roles first: a role that is published must be trusted by what is. */
static int
publish_roles(struct meta *m, json_t *files, struct cpk_error *err)
{
	char path[PATH];
	struct dirent *e;
	int r = 0, one;
	DIR *d;

	snprintf(path, sizeof(path), "%s/staging", m->dir);
	d = opendir(path);
	if (!d)
		return cpk_fail(err, -errno, "%s: %s", path, strerror(errno));
	while ((e = readdir(d))) {
		size_t n = strlen(e->d_name);

		if (n < 6 || strcmp(e->d_name + n - 5, ".json") || !strcmp(e->d_name, "root.json") ||
		    !strcmp(e->d_name, "targets.json"))
			continue;
		one = publish_role(m, e->d_name, files, err);
		r = r && r != NEEDS_MORE ? r : one ? one : r;
	}
	closedir(d);
	snprintf(path, sizeof(path), "%s/staging/targets.json", m->dir);
	if ((!r || r == NEEDS_MORE) && access(path, F_OK) == 0) {
		one = publish_role(m, "targets.json", files, err);
		r = one ? one : r;
	}
	return r;
}

static int
sign_online(const struct meta *m, const char *role, json_t *doc, struct cpk_error *err)
{
	const json_t *by = tuf_root_role(m->root, role);

	if (keyring_sign(m->ring, doc, by) >= threshold(by))
		return 0;
	return cpk_fail(err, -EACCES, "%s: %lld of its keys must sign, and they are not all here (-k)",
			role, (long long)threshold(by));
}

static int
write_snapshot(struct meta *m, json_t *files, json_int_t *version, size_t *length,
		struct cpk_error *err)
{
	json_t *body, *doc, *meta = m->snapshot ?
		json_deep_copy(json_object_get(m->snapshot->body, "meta")) : json_object();
	char name[64];
	int r;

	*version = m->snapshot ? m->snapshot->version + 1 : 1;
	json_object_update(meta, files);
	body = meta_body(m, "snapshot", *version);
	json_object_set_new(body, "meta", meta);
	doc = meta_doc(body);
	r = json_object_get(meta, "targets.json") ? sign_online(m, "snapshot", doc, err) :
		cpk_fail(err, -ENOENT, "%s: has no targets yet", m->dir);
	snprintf(name, sizeof(name), "%lld.snapshot.json", (long long)*version);
	if (!r)
		r = meta_write(m, "metadata", name, doc, length, err);
	json_decref(doc);
	return r;
}

static int
write_timestamp(struct meta *m, json_int_t snapshot, size_t length, struct cpk_error *err)
{
	json_t *body = meta_body(m, "timestamp", m->timestamp ? m->timestamp->version + 1 : 1), *doc;
	char created[32];
	int r;

	tuf_time_print(m->now, created);
	json_object_set_new(body, "created", json_string(created));
	json_object_set_new(body, "meta", json_pack("{s:{s:I, s:I}}", "snapshot.json", "version",
			snapshot, "length", (json_int_t)length));
	doc = meta_doc(body);
	r = sign_online(m, "timestamp", doc, err);
	if (!r)
		r = meta_write(m, "metadata", "timestamp.json", doc, NULL, err);
	json_decref(doc);
	return r;
}

/* The keys of the server are here: without them nothing may leave staging. */
static int
online_keys(const struct meta *m, struct cpk_error *err)
{
	static const char *const roles[] = { "snapshot", "timestamp" };
	json_t *probe;
	size_t i;
	int r = 0;

	for (i = 0; !r && i < 2; i++) {
		probe = meta_doc(json_object());
		r = sign_online(m, roles[i], probe, err);
		json_decref(probe);
	}
	return r;
}

int
publish(struct meta *m)
{
	struct cpk_error err = { .text = "" };
	json_t *files = json_object();
	json_int_t version;
	size_t length;
	int r = publish_root(m, &err), more = 0;

	if (!r && m->root)
		r = online_keys(m, &err);
	if (!r && m->root) {
		r = publish_roles(m, files, &err);
		more = r == NEEDS_MORE;
		if (!r || (more && json_object_size(files)))
			r = write_snapshot(m, files, &version, &length, &err);
		if (!r)
			r = write_timestamp(m, version, length, &err);
	}
	json_decref(files);
	if (r < 0)
		return complain("%s", *err.text ? err.text : strerror(-r));
	return r ? r : more ? NEEDS_MORE : 0;
}
