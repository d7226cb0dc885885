/* SPDX-License-Identifier: MIT */
/*
 * Reading dumps of advisories: JSON files, archives (zip, tar, .gz) of them, folders of both.
 * The NVD's feeds hold a hundred megabytes in one document, so its entries are parsed one by
 * one.  Nothing in a dump is trusted: what has not the expected types is passed over.
 */
#include <archive.h>
#include <archive_entry.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "cve.h"

#define MAX_DOCUMENT (1u << 30)

static const char *
skip_space(const char *s, const char *end, const char *also)
{
	while (s < end && (strchr(" \t\r\n", *s) || (*also && *s && strchr(also, *s))))
		s++;
	return s;
}

/* Entries of the array that begins at s: {"cve": {…}} or documents of OSV. */
static int
read_array(struct cve_run *r, const char *name, const char *s, const char *end)
{
	json_error_t err;
	json_t *o;

	for (s = skip_space(s, end, "["); s < end && *s == '{'; s = skip_space(s, end, ",")) {
		o = json_loadb(s, (size_t)(end - s), JSON_DISABLE_EOF_CHECK, &err);
		if (!o) {
			warn_("%s: %s", name, err.text);
			return -1;
		}
		if (json_object_get(o, "cve"))
			cve_nvd_entry(r, json_object_get(o, "cve"));
		else
			cve_osv_entry(r, o);
		s += err.position;
		json_decref(o);
	}
	if (s == end || *s != ']') {
		warn_("%s: ends within a list of advisories", name);
		return -1;
	}
	return 0;
}

static int
read_document(struct cve_run *r, const char *name, const char *s, size_t n)
{
	const char *end = s + n, *at = skip_space(s, end, ""), *list;
	json_error_t err;
	json_t *o;

	list = strstr(s, "\"vulnerabilities\"");
	if (list && list - s < 4096 && strstr(s, "\"NVD_CVE\""))
		return read_array(r, name, skip_space(list + 17, end, ":"), end);
	if (at < end && *at == '[')
		return read_array(r, name, at, end);
	o = json_loadb(s, n, 0, &err);
	if (!o) {
		warn_("%s:%d:%d: %s", name, err.line, err.column, err.text);
		return -1;
	}
	if (json_object_get(o, "cve"))
		cve_nvd_entry(r, json_object_get(o, "cve"));
	else
		cve_osv_entry(r, o);
	json_decref(o);
	return 0;
}

static char *
read_member(struct archive *a, size_t *n)
{
	struct buf b = { 0 };
	static char chunk[65536];
	la_ssize_t got;

	buf_add(&b, "", 0);
	while ((got = archive_read_data(a, chunk, sizeof(chunk))) > 0 && b.n < MAX_DOCUMENT)
		buf_add(&b, chunk, (size_t)got);
	if (got != 0) {
		free(b.s);
		return NULL;
	}
	*n = b.n;
	return b.s;
}

static int
is_json(const char *name)
{
	size_t n = strlen(name);

	return n > 5 && strcmp(name + n - 5, ".json") == 0;
}

/* Also a single file, compressed or not: libarchive calls its member "data". */
static int
read_archive(struct cve_run *r, const char *path)
{
	struct archive *a = archive_read_new();
	struct archive_entry *e;
	int status, bad = 0;
	char *s, *name;
	size_t n;

	archive_read_support_filter_all(a);
	archive_read_support_format_zip(a);
	archive_read_support_format_tar(a);
	archive_read_support_format_raw(a);
	status = archive_read_open_filename(a, path, 65536);
	while (status == ARCHIVE_OK && (status = archive_read_next_header(a, &e)) == ARCHIVE_OK) {
		int raw = archive_format(a) == ARCHIVE_FORMAT_RAW;

		if (!raw && !is_json(archive_entry_pathname(e)))
			continue;
		name = raw ? xdup(path) : fmt("%s/%s", path, archive_entry_pathname(e));
		s = read_member(a, &n);
		if (!s)
			warn_("%s: %s", name, archive_error_string(a) ? archive_error_string(a) : "too large");
		bad |= !s || read_document(r, name, s, n) < 0;
		free(s);
		free(name);
	}
	if (status != ARCHIVE_EOF) {
		warn_("%s: %s", path, archive_error_string(a));
		bad = 1;
	}
	archive_read_free(a);
	return bad ? -1 : 0;
}

int
cve_read(struct cve_run *r, const char *path)
{
	struct list names = { 0 };
	struct stat st;
	size_t i;
	int bad = 0;

	if (stat(path, &st) < 0) {
		warn_("%s: %s", path, strerror(errno));
		return -1;
	}
	if (!S_ISDIR(st.st_mode))
		return read_archive(r, path);
	list_dir(path, &names);
	for (i = 0; i < names.n; i++) {
		char *file = fmt("%s/%s", path, names.v[i]);

		if (names.v[i][0] != '.')
			bad |= cve_read(r, file) < 0;
		free(file);
	}
	cpk_list_free(&names);
	return bad ? -1 : 0;
}
