/* SPDX-License-Identifier: MIT */
/*
 * The metadata on disk: metadata/N.ROLE.json and timestamp.json are published; staging/ROLE.json
 * waits for signatures. A staged file is complete metadata but for those: it is carried to the host
 * that has the keys, signed there (repo sign) and carried back.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "lib/local.h"
#include "repo.h"

#define PATH 4096

int
meta_read(const struct meta *m, const char *folder, const char *name, const char *type,
		struct tuf_md **md, struct cpk_error *err)
{
	char path[PATH], *data;
	size_t n;
	int r;

	snprintf(path, sizeof(path), "%s/%s/%s", m->dir, folder, name);
	r = read_file(path, TUF_MAX_META, &data, &n, err);
	if (r)
		return r;
	r = tuf_md_parse(md, data, n, type, path, err);
	free(data);
	return r;
}

static int
read_version(const struct meta *m, const struct tuf_md *by, const char *role, const char *type,
		struct tuf_md **md, struct cpk_error *err)
{
	char name[PATH], key[TUF_MAX_NAME + 8], quoted[TUF_MAX_NAME + 1];
	const json_t *f;

	snprintf(key, sizeof(key), "%s.json", role);
	f = json_object_get(json_object_get(by->body, "meta"), key);
	if (!f || tuf_quote(role, quoted))
		return cpk_fail(err, -ENOENT, "%s: no such role", role);
	snprintf(name, sizeof(name), "%lld.%s.json",
			(long long)json_integer_value(json_object_get(f, "version")), quoted);
	return meta_read(m, "metadata", name, type, md, err);
}

/* The newest root: versions follow each other without a gap. */
static int
load_root(struct meta *m, struct cpk_error *err)
{
	char path[PATH], name[64];
	int64_t n = 1;

	for (;; n++) {
		snprintf(path, sizeof(path), "%s/metadata/%" PRId64 ".root.json", m->dir, n);
		if (access(path, F_OK))
			break;
	}
	if (n == 1)
		return cpk_fail(err, -ENOENT, "%s: is no repository yet ('repo init')", m->dir);
	snprintf(name, sizeof(name), "%" PRId64 ".root.json", n - 1);
	return meta_read(m, "metadata", name, "root", &m->root, err);
}

int
meta_load(struct meta *m, struct cpk_error *err)
{
	int r = load_root(m, err);

	if (r)
		return r;
	r = meta_read(m, "metadata", "timestamp.json", "timestamp", &m->timestamp, err);
	if (r)
		return r == -ENOENT ? 0 : r;
	r = read_version(m, m->timestamp, "snapshot", "snapshot", &m->snapshot, err);
	if (!r)
		r = read_version(m, m->snapshot, "targets", "targets", &m->targets, err);
	return r;
}

void
meta_free(struct meta *m)
{
	tuf_md_free(m->root);
	tuf_md_free(m->timestamp);
	tuf_md_free(m->snapshot);
	tuf_md_free(m->targets);
	m->root = m->timestamp = m->snapshot = m->targets = NULL;
}

int
meta_role(const struct meta *m, const char *role, struct tuf_md **md, struct cpk_error *err)
{
	if (!m->snapshot)
		return cpk_fail(err, -ENOENT, "%s: nothing is published yet", m->dir);
	return read_version(m, m->snapshot, role, "targets", md, err);
}

int64_t
meta_now(void)
{
	const char *s = getenv("SOURCE_DATE_EPOCH");

	return s && *s ? (int64_t)atoll(s) : (int64_t)time(NULL);
}

json_t *
meta_body(const struct meta *m, const char *type, int64_t version)
{
	int online = strcmp(type, "timestamp") == 0 || strcmp(type, "snapshot") == 0;
	char expires[32];

	tuf_time_print(m->now + (online ? m->days : m->long_days) * 86400, expires);
	return json_pack("{s:s, s:s, s:I, s:s}", "_type", type, "spec_version", "1.0.31", "version",
			(json_int_t)version, "expires", expires);
}

json_t *
meta_doc(json_t *body)
{
	return json_pack("{s:[], s:o}", "signatures", "signed", body);
}

int
meta_write(const struct meta *m, const char *folder, const char *name, const json_t *doc,
		size_t *n, struct cpk_error *err)
{
	char path[PATH], *text = json_dumps(doc, JSON_COMPACT | JSON_SORT_KEYS);
	int r;

	if (!text)
		return cpk_fail(err, -ENOMEM, "out of memory");
	snprintf(path, sizeof(path), "%s/%s/%s", m->dir, folder, name);
	r = write_file(path, text, strlen(text), err);
	if (n)
		*n = strlen(text);
	free(text);
	return r;
}

static void
renew(const struct meta *m, json_t *body, int64_t version)
{
	json_t *fresh = meta_body(m, "targets", version);

	json_object_update(body, fresh);
	json_decref(fresh);
}

int
meta_staged(const struct meta *m, const char *role, json_t **doc, struct cpk_error *err)
{
	char quoted[TUF_MAX_NAME + 1], name[TUF_MAX_NAME + 8];
	struct tuf_md *old = NULL, *md = NULL;
	json_t *body;
	int64_t version = 1;
	int r;

	if (tuf_quote(role, quoted))
		return cpk_fail(err, -EINVAL, "%s: name too long", role);
	snprintf(name, sizeof(name), "%s.json", quoted);
	if (m->snapshot) {
		r = meta_role(m, role, &old, err);
		if (r && r != -ENOENT)
			return r;
		version = old ? old->version + 1 : 1;
	}
	r = meta_read(m, "staging", name, "targets", &md, err);
	if (r && r != -ENOENT)
		return r;
	if (md || old)
		body = json_deep_copy(md ? md->body : old->body);
	else
		body = json_pack("{s:{}}", "targets");
	renew(m, body, version);
	*doc = meta_doc(body);
	tuf_md_free(md);
	tuf_md_free(old);
	return 0;
}

/* The delegation to role in one role's metadata. */
static int
delegation_in(const json_t *body, const char *role, json_t **keys, json_t **by)
{
	json_t *d = json_object_get(body, "delegations"), *v;
	json_t *bins = json_object_get(d, "succinct_roles");
	const char *prefix = json_string_value(json_object_get(bins, "name_prefix"));
	size_t i, n = prefix ? strlen(prefix) : 0;

	*keys = json_object_get(d, "keys");
	if (prefix && strncmp(role, prefix, n) == 0 && role[n] == '-') {
		*by = bins;
		return 1;
	}
	json_array_foreach(json_object_get(d, "roles"), i, v) {
		if (strcmp(json_string_value(json_object_get(v, "name")), role) == 0) {
			*by = v;
			return 1;
		}
	}
	return 0;
}

/* Looks at the staged and the published metadata of one role for a delegation to another. */
static int
delegation_by(const struct meta *m, const char *from, const char *role, json_t **keys, json_t **by)
{
	struct cpk_error err;
	json_t *doc;
	int found;

	if (meta_staged(m, from, &doc, &err))
		return 0;
	found = delegation_in(json_object_get(doc, "signed"), role, keys, by);
	if (found) {
		json_incref(*keys);
		json_incref(*by);
	}
	json_decref(doc);
	return found;
}

int
meta_trust(const struct meta *m, const char *role, json_t **keys, json_t **by)
{
	char from[TUF_MAX_NAME + 1];
	const char *file;
	json_t *v;

	*by = tuf_root_role(m->root, role);
	if (*by) {
		*keys = json_incref(tuf_root_keys(m->root));
		json_incref(*by);
		return 0;
	}
	if (delegation_by(m, "targets", role, keys, by))
		return 0;
	if (!m->snapshot)
		return -ENOENT;
	json_object_foreach(json_object_get(m->snapshot->body, "meta"), file, v) {
		snprintf(from, sizeof(from), "%.*s", (int)(strlen(file) - 5), file);
		if (strcmp(from, role) && delegation_by(m, from, role, keys, by))
			return 0;
	}
	return -ENOENT;
}

int
meta_option(struct meta *m, int c, const char *arg)
{
	struct cpk_error err;
	long days = atol(arg);

	if (c == 'k')
		return keyring_add(m->ring, arg, &err) ? complain("%s", err.text) : 0;
	if (days < 1 || days > 36500)
		return usage("days are from 1 to 36500");
	*(c == 'd' ? &m->days : &m->long_days) = days;
	return 0;
}

int
meta_options(struct meta *m, int argc, char **argv)
{
	int c, r = 0;

	while (!r && (c = getopt(argc, argv, META_OPTIONS)) != -1)
		r = c == '?' ? usage(NULL) : meta_option(m, c, optarg);
	return r;
}
